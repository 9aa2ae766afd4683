"""Packs GNU Unifont into the one file `unifont` reads: a tool for whoever updates the font, never run by the server.

`python -m mockserver.pictures.pack_unifont unifont.hex unifont_upper.otf unifont.bin`
"""

from __future__ import annotations

import sys
import unicodedata
import zlib
from pathlib import Path

from PIL import ImageFont

from mockserver.pictures.unifont import ENTRY, HEADER, MAGIC

UPPER_PLANES = (*range(0x10000, 0x20000), *range(0xE0100, 0xE01F0))
SIDE = 16
BELT = slice(28, 36)  # the two middle rows of a glyph 16 pixels wide, in hexadecimal digits
BASELINE = 14  # rows above the baseline in Unifont's 16-row cell
DRAWN_OTHERWISE = ("Cc", "Cf", "Co", "Cs")  # as a tag, or not at all


def read_hex(text: str) -> dict[int, bytes]:
    """Return the bitmaps of a `.hex` file by code point: 16 bytes are 8 pixels wide, 32 bytes are 16 wide."""
    rows = (line.split(":") for line in text.split())
    glyphs = {int(code, 16): bits for code, bits in rows}
    return {code: bytes.fromhex(bits) for code, bits in glyphs.items() if _is_letter(code, bits)}


def _is_letter(code: int, bits: str) -> bool:
    """Tell a glyph from the boxes with four digits that the file has for characters not assigned."""
    kind = unicodedata.category(chr(code))
    boxed = kind == "Cn" and bits[BELT] in {"7FFE7FFE", "FFFFFFFF"}
    return kind not in DRAWN_OTHERWISE and not boxed


def read_outlines(path: Path) -> dict[int, bytes]:
    """Rasterise the upper planes' font at the one size it is drawn for."""
    font = ImageFont.truetype(path, SIDE, layout_engine=ImageFont.Layout.BASIC)
    missing = _bitmap(font, 0x1FFFE)
    glyphs = {code: _bitmap(font, code) for code in UPPER_PLANES}
    return {code: bits for code, bits in glyphs.items() if bits != missing and any(bits)}


def _bitmap(font: ImageFont.FreeTypeFont, code: int) -> bytes:
    mask, (left, top) = font.getmask2(chr(code), mode="1", anchor="ls")
    width = SIDE if font.getlength(chr(code)) > SIDE // 2 else SIDE // 2
    rows = [0] * SIDE
    for index in range(mask.size[0] * mask.size[1]):
        x, y = index % mask.size[0] + left, index // mask.size[0] + top + BASELINE
        if mask[index] and 0 <= x < width and 0 <= y < SIDE:
            rows[y] |= 1 << (width - 1 - x)
    return b"".join(row.to_bytes(width // 8, "big") for row in rows)


def pack(glyphs: dict[int, bytes]) -> bytes:
    """Return the file: header, table of blocks, then one zlib stream per block of 256 code points."""
    blocks: dict[int, bytes] = {}
    for number in sorted({code >> 8 for code in glyphs}):
        bitmaps = [glyphs.get(number << 8 | low, b"") for low in range(256)]
        kinds = bytes(len(bits) // SIDE for bits in bitmaps)
        blocks[number] = zlib.compress(kinds + b"".join(bitmaps), 9)
    at = HEADER.size + ENTRY.size * len(blocks)
    table = b""
    for number, block in blocks.items():
        table += ENTRY.pack(number, at, len(block))
        at += len(block)
    return HEADER.pack(MAGIC, len(blocks)) + table + b"".join(blocks.values())


def main(arguments: list[str]) -> None:
    """Read a `.hex` and an `.otf` file and write the packed one."""
    source, upper, target = map(Path, arguments)
    target.write_bytes(pack(read_hex(source.read_text("ascii")) | read_outlines(upper)))


if __name__ == "__main__":
    main(sys.argv[1:])
