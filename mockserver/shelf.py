"""Which picture a picture URL means: kept in memory, or in a directory that several processes share."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import asdict
from pathlib import Path
from typing import Final, Protocol

from mockserver.cache import BoundedCache
from mockserver.pictures import Picture

SHELF_BYTES: Final = 16 * 1024 * 1024
"""Memory for the descriptions of pictures that were handed out by URL; the oldest are forgotten first."""

SHELF_FILES: Final = 20_000
"""Descriptions in a shared directory; half of them are forgotten at once when it is full."""


class Shelf(Protocol):
    """Remembers pictures by name."""

    @property
    def bytes(self) -> int:
        """What it takes of this process's memory."""

    def put(self, name: str, picture: Picture) -> None:
        """Remember `picture`."""

    def find(self, name: str) -> Picture | None:
        """Return the picture of that name, or None where none is kept."""


class MemoryShelf:
    """Remembers within one process."""

    def __init__(self) -> None:
        self._pictures: BoundedCache[str, Picture] = BoundedCache(SHELF_BYTES)

    @property
    def bytes(self) -> int:
        """What the descriptions take."""
        return self._pictures.held_bytes

    def put(self, name: str, picture: Picture) -> None:
        """Remember `picture`."""
        thumbnails = sum(map(len, (*picture.inputs, picture.mask or b"")))
        self._pictures.put(name, picture, 600 + 4 * len(picture.prompt) + thumbnails)

    def find(self, name: str) -> Picture | None:
        """Return the picture of that name, or None where none is kept."""
        return self._pictures.get(name)


class DirectoryShelf:
    """Remembers in a directory, one small JSON file each."""

    bytes = 0

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._written = 0

    def put(self, name: str, picture: Picture) -> None:
        """Remember `picture`."""
        self._written += 1
        if self._written % (SHELF_FILES // 10) == 0:
            self._make_room()
        unfinished = self._directory / f"{name}.part"
        unfinished.write_text(_written(picture))
        unfinished.replace(self._directory / name)

    def find(self, name: str) -> Picture | None:
        """Return the picture of that name, or None where none is kept. `name` is one of ours: its URL was signed."""
        try:
            return _read((self._directory / name).read_text())
        except FileNotFoundError:
            return None

    def _make_room(self) -> None:
        kept = sorted(self._directory.iterdir(), key=lambda path: path.stat().st_mtime)
        if len(kept) > SHELF_FILES:
            for path in kept[: len(kept) // 2]:
                path.unlink(missing_ok=True)


def open_shelf(directory: str | None) -> Shelf:
    """Return a shelf in `directory`, or in memory."""
    return DirectoryShelf(Path(directory)) if directory else MemoryShelf()


def _written(picture: Picture) -> str:
    """Return a picture as JSON, thumbnails in base64."""
    fields = asdict(picture)
    fields["inputs"] = [b64encode(each).decode() for each in picture.inputs]
    fields["mask"] = b64encode(picture.mask).decode() if picture.mask else None
    return json.dumps(fields)


def _read(text: str) -> Picture:
    fields = json.loads(text)
    inputs = tuple(b64decode(each) for each in fields.pop("inputs"))
    mask = fields.pop("mask")
    return Picture(**fields, inputs=inputs, mask=b64decode(mask) if mask else None)
