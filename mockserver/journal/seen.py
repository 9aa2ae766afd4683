"""What is kept of parameters: files and very long texts by their digest, everything in bounded size."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn, cast

from mockserver.journal.shapes import Shape, shape_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from concurrent.futures import Future, ThreadPoolExecutor
    from typing import BinaryIO, Protocol

    class Upload(Protocol):
        """A file part of a form, as `uploads.Upload` is one."""

        @property
        def media_type(self) -> str | None:
            """As declared."""

        @property
        def size(self) -> int:
            """Bytes."""

        @property
        def filename(self) -> str:
            """As the client names it."""

        @property
        def file(self) -> BinaryIO:
            """Its bytes."""


LONG_TEXT: Final = 64 * 1024
"""Characters from which a text is kept by its digest; twice the longest prompt."""

MOST_CHARACTERS: Final = 256 * 1024
"""Characters that are kept of one request's parameters."""

DEEPEST: Final = 8
"""Levels of nesting that are kept."""

_AT_ONCE: Final = 1024 * 1024
"""Bytes that are hashed where they are met, in about a millisecond; more go to a thread."""

_HEAD: Final = 64 * 1024
_CHUNK: Final = 1024 * 1024

_pool: list[ThreadPoolExecutor] = []


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What is kept of a file that came in."""

    filename: str
    media_type: str | None
    size: int
    """Bytes."""

    shape: Shape | None
    """Format and pixels as its first bytes tell; None where they do not."""

    digest: Callable[[], str]
    """Returns the SHA-256 in hex, and waits where it is still being worked out."""

    def told(self) -> dict[str, object]:
        """Return it as JSON can say it."""
        told: dict[str, object] = {
            "filename": self.filename,
            "media_type": self.media_type,
            "bytes": self.size,
            "sha256": self.digest(),
        }
        if self.shape is not None:
            told |= {"format": self.shape.format, "width": self.shape.width, "height": self.shape.height}
        return told


@dataclass(frozen=True, slots=True, eq=False)
class Long:
    """What is kept of a text that is too long to keep."""

    characters: int
    begins: str
    digest: Callable[[], str]

    def told(self) -> dict[str, object]:
        """Return it as JSON can say it."""
        return {"characters": self.characters, "begins": self.begins, "sha256": self.digest()}


def filed(values: Iterable[object]) -> dict[int, Seen] | None:
    """Look at the files among the values of a form; None where there are none."""
    found: dict[int, Seen] = {}
    for value in values:
        for member in value if isinstance(value, list) else (value,):
            if hasattr(member, "file"):
                found[id(member)] = _seen(cast("Upload", member))
    return found or None


def _seen(upload: Upload) -> Seen:
    file = upload.file
    place = file.tell()
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    if upload.size <= _AT_ONCE or not hasattr(os, "pread"):
        text = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # any binary file will do
        digest = _constant(text)
    else:
        digest = _later(_digest_of_file, os.dup(file.fileno()))
    file.seek(place)
    return Seen(upload.filename, upload.media_type, upload.size, shape_of(head), digest)


def _constant(text: str) -> Callable[[], str]:
    return lambda: text


def _later(work: Callable[..., str], *arguments: object) -> Callable[[], str]:
    """Start work in a thread; one is enough, as it hashes faster than a client can upload."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - most servers never need it

    if not _pool:
        _pool.append(ThreadPoolExecutor(1, "mockserver-digests"))
    future: Future[str] = _pool[0].submit(work, *arguments)
    return future.result


def _digest_of_file(descriptor: int) -> str:
    """Hash a file of which others move the position meanwhile."""
    sha, place = hashlib.sha256(), 0
    try:
        while chunk := os.pread(descriptor, _CHUNK, place):
            sha.update(chunk)
            place += len(chunk)
    finally:
        os.close(descriptor)
    return sha.hexdigest()


def _digest_of_text(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def condensed(read: Mapping[str, object], files: Mapping[int, Seen]) -> tuple[dict[str, object], int]:
    """Return parameters in bounded size, and how many characters that is, about."""
    condenser = _Condenser(files)
    kept = condenser.mapping(read, 0)
    return kept, MOST_CHARACTERS - condenser.left


class _Condenser:
    """Walks parameters once, within a budget of characters."""

    def __init__(self, files: Mapping[int, Seen]) -> None:
        self.files = files
        self.left = MOST_CHARACTERS

    def mapping(self, value: Mapping[str, object], depth: int) -> dict[str, object]:
        kept: dict[str, object] = {}
        for name, member in value.items():
            if self.left <= 0:
                kept["…"] = "…"
                break
            key = name if len(name) <= LONG_TEXT else f"{name[:80]}…"
            self.left -= len(key) + 8
            kept[key] = self.value(member, depth + 1)
        return kept

    def sequence(self, value: Iterable[object], depth: int) -> list[object]:
        kept: list[object] = []
        for member in value:
            if self.left <= 0:
                kept.append("…")
                break
            kept.append(self.value(member, depth + 1))
        return kept

    def value(self, value: object, depth: int) -> object:
        self.left -= 8
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict | list):
            if depth >= DEEPEST:
                return "…"
            return self.mapping(value, depth) if isinstance(value, dict) else self.sequence(value, depth)
        if isinstance(value, int) and not isinstance(value, bool):
            self.left -= value.bit_length() // 3
        return self.files.get(id(value), value)

    def _text(self, value: str) -> object:
        if len(value) <= min(LONG_TEXT, max(self.left, 80)):
            self.left -= len(value)
            return value
        self.left -= 200
        digest = _later(_digest_of_text, value) if len(value) > _AT_ONCE else _constant(_digest_of_text(value))
        return Long(len(value), value[:80], digest)


def read_again(body: bytes | None, headers: Iterable[tuple[bytes, bytes]]) -> dict[str, object] | None:
    """Return the parameters of a JSON body that was kept, or None where it is none."""
    if not body or media_type(headers) != "application/json":
        return None
    try:
        value = json.loads(body.decode(), parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def media_type(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the media type of a body, in lower case; one that names none is read as JSON."""
    declared = next((value for name, value in headers if name == b"content-type"), b"application/json")
    return declared.split(b";")[0].strip().lower().decode("latin-1")


def _refuse(name: str) -> NoReturn:
    """Refuse NaN and Infinity, as the server does."""
    raise ValueError(name)
