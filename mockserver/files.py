"""Uploaded files, kept until they are deleted, pushed out by newer ones, or the server stops."""

from __future__ import annotations

import io
import shutil
import threading
import weakref
from collections import OrderedDict
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Final, cast

MOST_FILES: Final = 1000
MOST_BYTES: Final = 1024 * 1024 * 1024
"""Bytes of all files, most of them on disk; the oldest make room."""

PURPOSES: Final = ("assistants", "batch", "fine-tune", "vision", "user_data", "evals")
"""What a file may be for; `vision` is the one that edits read. The list is that of the reference."""

_IN_MEMORY: Final = 256 * 1024


@dataclass(frozen=True, slots=True, eq=False)
class StoredFile:
    """One uploaded file."""

    id: str
    filename: str
    purpose: str
    created: int
    """Unix seconds."""

    size: int
    """Bytes."""

    data: BinaryIO


class FileStore:
    """Owns the uploaded files of one server; good for several threads."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, StoredFile] = OrderedDict()
        self._lock = threading.Lock()
        weakref.finalize(self, _close, self._files)

    def add(self, file_id: str, source: BinaryIO, filename: str, purpose: str, created: int) -> StoredFile:
        """Keep a copy of `source`."""
        data = cast("BinaryIO", SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 - lives as long as the file is kept
        source.seek(0)
        shutil.copyfileobj(source, data)
        stored = StoredFile(file_id, filename, purpose, created, data.tell(), data)
        with self._lock:
            self._files[file_id] = stored
            while len(self._files) > MOST_FILES or sum(file.size for file in self._files.values()) > MOST_BYTES:
                self._files.popitem(last=False)[1].data.close()
        return stored

    @property
    def bytes(self) -> int:
        """What all of them take."""
        return sum(file.size for file in self.all())

    def find(self, file_id: str) -> StoredFile | None:
        """Return what is known of a file, or None where there is none of that id."""
        return self._files.get(file_id)

    def open(self, file_id: str) -> BinaryIO | None:
        """Return the bytes of a file, or None where there is none of that id."""
        with self._lock:
            stored = self._files.get(file_id)
            if stored is None:
                return None
            stored.data.seek(0)
            return io.BytesIO(stored.data.read())

    def all(self) -> list[StoredFile]:
        """Return the files, oldest first."""
        with self._lock:
            return list(self._files.values())

    def delete(self, file_id: str) -> bool:
        """Forget a file; False where there was none of that id."""
        with self._lock:
            stored = self._files.pop(file_id, None)
            if stored is None:
                return False
            stored.data.close()
            return True


def _close(files: OrderedDict[str, StoredFile]) -> None:
    """Close what a store kept, once it is gone itself."""
    for stored in files.values():
        stored.data.close()
