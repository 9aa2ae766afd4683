"""Deflate, Adler-32 and CRC-32: by ISA-L where the package `isal` is installed, several times faster, else by zlib."""

from __future__ import annotations

import importlib
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    Data = bytes | bytearray | memoryview

FULL_FLUSH = 3
"""End on a byte border and forget what came before."""
RAW = -15
"""Window bits of a stream without header and checksum."""


class Deflater(Protocol):
    """What both libraries call a compressor."""

    def compress(self, data: Data, /) -> bytes:
        """Take data and return what is ready."""

    def flush(self, mode: int = ..., /) -> bytes:
        """Return the rest."""


class Library(Protocol):
    """What both libraries offer."""

    def compressobj(self, level: int, method: int, window: int, memory: int, /) -> Deflater:
        """Return a compressor."""

    def adler32(self, data: Data, start: int, /) -> int:
        """Return the sum of the data after that of what came before."""

    def crc32(self, data: Data, start: int = ..., /) -> int:
        """Return the sum of the data after that of what came before."""


def _load(names: tuple[str, ...]) -> Library:
    """Return the first library that is installed."""
    for name in names[:-1]:
        try:
            return cast("Library", importlib.import_module(name))
        except ImportError:
            continue
    return cast("Library", importlib.import_module(names[-1]))


LIBRARY = _load(("isal.isal_zlib", "zlib"))
FAST = LIBRARY.__name__ != "zlib"  # type: ignore[attr-defined]  # a module
adler32, crc32 = LIBRARY.adler32, LIBRARY.crc32


class Pair:
    """Two compressors, which forget everything at the end of each piece and so can be used again."""

    def __init__(self) -> None:
        self.row = LIBRARY.compressobj(0 if FAST else 1, 8, RAW, 4)
        """For single rows: a small table is quickly flushed."""
        self.rows = LIBRARY.compressobj(1, 8, RAW, 8)


_idle: deque[Pair] = deque(maxlen=2)


@contextmanager
def borrowed() -> Iterator[Pair]:
    """Lend a pair of compressors, whose memory is not cheap to get: one thread's at a time, two are kept."""
    try:
        pair = _idle.pop()
    except IndexError:
        pair = Pair()
    yield pair
    _idle.append(pair)
