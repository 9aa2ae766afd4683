"""GNU Unifont's 16-row bitmaps, read block by block from one packed file; only the blocks in use are in memory."""

from __future__ import annotations

import struct
import zlib
from functools import cache, lru_cache

from mockserver import datafiles

MAGIC = b"UNIFONT1"
HEADER = struct.Struct(">8sH")
"""Magic, number of blocks."""
ENTRY = struct.Struct(">HII")
"""Block number (code point >> 8), offset in the file, length."""
KINDS = 256
"""A block starts with one byte per code point: 0 no glyph, 1 is 8 pixels wide, 2 is 16 wide."""
ROWS = 16


def bitmap(code: int) -> bytes | None:
    """Return the 16 rows of a glyph, one bit per pixel, 16 or 32 bytes; None when the font has no such glyph."""
    block = _block(code >> 8)
    kind = block[code & 255] if block else 0
    if not kind:
        return None
    start = KINDS + ROWS * sum(block[: code & 255])
    return block[start : start + ROWS * kind]


@lru_cache(maxsize=256)
def _block(number: int) -> bytes:
    if number not in _table():
        return b""
    offset, length = _table()[number]
    with datafiles.path("fixtures", "fonts", "unifont.bin").open("rb") as file:
        file.seek(offset)
        return zlib.decompress(file.read(length))


@cache
def _table() -> dict[int, tuple[int, int]]:
    with datafiles.path("fixtures", "fonts", "unifont.bin").open("rb") as file:
        _, count = HEADER.unpack(file.read(HEADER.size))
        entries = ENTRY.iter_unpack(file.read(ENTRY.size * count))
        return {number: (offset, length) for number, offset, length in entries}
