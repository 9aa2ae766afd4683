"""Deflate, Adler-32 and CRC-32: by ISA-L where the package `isal` is installed, several times faster, else by zlib."""

from __future__ import annotations

import importlib
import zlib
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


def load(names: tuple[str, ...]) -> Library:
    """Return the first library that is installed; the last one always is."""
    for name in names[:-1]:
        try:
            return cast("Library", importlib.import_module(name))
        except ImportError:
            continue
    return cast("Library", importlib.import_module(names[-1]))


LIBRARY = load(("isal.isal_zlib", "zlib"))
FAST = LIBRARY is not zlib
LEVEL = 0 if FAST else 1
"""Zlib's 0 does not compress at all, ISA-L's 0 is its fastest."""
adler32, crc32 = LIBRARY.adler32, LIBRARY.crc32


class Pair:
    """Two compressors, which forget everything at the end of each piece and so can be used again."""

    def __init__(self, library: Library = LIBRARY, level: int = LEVEL) -> None:
        self.little = library.compressobj(level, 8, RAW, 4)
        """For single rows and short strips: a small table is quickly flushed."""
        self.much = library.compressobj(1, 8, RAW, 8)
        """For what is worth a closer look."""


_idle: deque[Pair] = deque(maxlen=2)


@contextmanager
def borrowed() -> Iterator[Pair]:
    """Lend a pair of compressors to one thread; it is kept for the next one, because its memory is not cheap to get."""
    try:
        pair = _idle.pop()
    except IndexError:
        pair = Pair()
    yield pair
    _idle.append(pair)  # not after an exception, which may have left half a piece in it
