"""One cluster → its picture: Aileron where it has the letter, else Unifont's bitmap, else a tag with the code point."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple, cast

from PIL import Image, ImageFont

from mockserver.pictures import unifont
from mockserver.pictures.scripts import code_point
from mockserver.pictures.shelf import Shelf

AILERON = frozenset(map(chr, range(0x20, 0x7F))) | frozenset(
    "\u00a9\u00ab\u00b0\u00b1\u00b4\u00b7\u00bb\u2018\u2019\u201c\u201d\u2026\u2039\u203a\u2044\u2122"
)
"""What the font in Pillow draws; anything else would be its box."""
ACCENTS = {
    #          sign, width and height in percent of the size
    "\u0300": ("`", 19, 15),
    "\u0301": ("\u00b4", 19, 15),
    "\u0302": ("^", 32, 14),
    "\u0303": ("~", 36, 11),
    "\u0304": ("-", 30, 6),
    "\u0307": (".", 10, 10),
    "\u0308": ("..", 32, 10),
    "\u030a": ("°", 22, 22),
    "\u030b": ('"', 28, 15),
    "\u030c": ("^", 32, 14),
    "\u0327": (",", 14, 20),
    "\u0328": (",", 14, 20),
}
"""Marks set from Aileron's own signs, so that a French, Polish or Spanish word stays in one face."""
PAIRS = {
    "æ": ("ae", 10),
    "Æ": ("AE", 18),
    "œ": ("oe", 10),
    "Œ": ("OE", 14),
    "ø": ("o/", 100),
    "Ø": ("O/", 100),
    "ł": ("l-", 100),
    "Ł": ("L-", 100),
    "đ": ("d-", 100),
    "Đ": ("D-", 100),
    "\u00d7": ("x", 0),
}
"""Letters set from two of Aileron's, the second so many percent of the size nearer, or, at 100, over the first."""
ACROSS = 100
UPSIDE_DOWN, BELOW = "\u030c", "\u0327\u0328"
DASHES = {"\u2010": 0, "\u2011": 0, "\u2012": 50, "\u2013": 50, "\u2014": 90, "\u2015": 90, "\u2212": 55}
"""Dashes drawn by stretching the hyphen: percent of the size; 0 is the hyphen itself."""
GREYS = [(value + 8) // 17 * 17 for value in range(256)]
"""Sixteen greys are plenty for the edge of a letter, and deflate much better than 256."""
CELL = 16
BASELINE = 14


class Glyph(NamedTuple):
    """A mask in mode L and where it lies, in pixels from the pen on the baseline (downwards is positive)."""

    mask: Image.Image
    left: int
    top: int
    advance: int


_shelf: Shelf[Glyph] = Shelf(limit=2 << 20)


def glyph(cluster: str, size: int) -> Glyph:
    """Return the glyph of a cluster (a character and its marks) at a size in pixels."""
    return _shelf.get((cluster, size), lambda: _weighed(_make(cluster, size)))


def is_bitmap(cluster: str) -> bool:
    """Tell whether a cluster is set in Unifont, which looks right in multiples of 16 pixels only."""
    return cluster not in AILERON and cluster not in DASHES and cluster not in PAIRS and not _accented(cluster)


def _weighed(made: Glyph) -> tuple[int, Glyph]:
    return made.mask.width * made.mask.height + 200, made


def _make(cluster: str, size: int) -> Glyph:
    if cluster in AILERON:
        return _letter(cluster, size)
    if cluster in DASHES:
        return _dash(size, DASHES[cluster])
    if cluster in PAIRS:
        return _pair(*PAIRS[cluster], size)
    if parts := _accented(cluster):
        return _with_accent(*parts, size)
    return _bitmap(cluster, size) or _tag(code_point(cluster[0]), size)


@lru_cache(maxsize=64)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return cast("ImageFont.FreeTypeFont", ImageFont.load_default(size))  # with a size it is never the bitmap font


def _letter(text: str, size: int) -> Glyph:
    font = _font(size)
    core, (left, top) = font.getmask2(text, mode="L", anchor="ls")
    advance = round(font.getlength(text))
    if not core.size[0] or not core.size[1]:
        return _blank(advance)
    mask = Image.frombytes("L", core.size, bytes(core)).point(GREYS)
    return Glyph(mask, left, top, advance)


def _blank(advance: int) -> Glyph:
    return Glyph(Image.new("L", (1, 1)), 0, 0, advance)


def _dash(size: int, percent: int) -> Glyph:
    hyphen = _letter("-", size)
    if not percent:
        return hyphen
    width = size * percent // 100
    ink = _ink("-", size)
    return Glyph(ink.resize((width, ink.height)), 1, hyphen.top, width + 2)


def _accented(cluster: str) -> tuple[str, str] | None:
    """Return the letter and the mark if Aileron can set both."""
    parts = unicodedata.normalize("NFD", cluster)
    if len(parts) == 2 and " " != parts[0] in AILERON and parts[1] in ACCENTS:  # noqa: PLR2004 - a letter and a mark
        return parts[0], parts[1]
    return None


def _with_accent(letter: str, accent: str, size: int) -> Glyph:
    sign, wide, high = ACCENTS[accent]
    base, ink = _dotless(letter, size), _ink(sign, size)
    ink = ink.resize((max(2, size * wide // 100), max(2, size * high // 100)), Image.Resampling.BOX)
    if accent in UPSIDE_DOWN:
        ink = ink.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    top = 1 if accent in BELOW else base.top - ink.height - size // 14
    middle = base.left + base.mask.width // 2
    return _over(base, Glyph(ink, middle - ink.width // 2, top, 0))


def _pair(letters: str, nearer: int, size: int) -> Glyph:
    first, second = _letter(letters[0], size), _letter(letters[-1], size)
    if len(letters) == 1:
        return first
    if nearer == ACROSS:
        middle = first.left + first.mask.width // 2
        drop = -size // 7 if letters[0] in "dD" else 0
        return _over(first, second._replace(left=middle - second.mask.width // 2, top=second.top + drop))
    start = first.advance - size * nearer // 100
    both = _over(first, second._replace(left=second.left + start))
    return both._replace(advance=start + second.advance)


def _dotless(letter: str, size: int) -> Glyph:
    """Return the letter without blank rows, and i and j without their dot."""
    whole = _letter(letter, size)
    left, top, right, bottom = whole.mask.getbbox() or (0, 0, 1, 1)
    if letter in "ij":
        top = max(top, _letter("x", size).top - whole.top)
    return Glyph(whole.mask.crop((left, top, right, bottom)), whole.left + left, whole.top + top, whole.advance)


def _ink(sign: str, size: int) -> Image.Image:
    mask = _letter(sign, size).mask
    return mask.crop(mask.getbbox())


def _over(below: Glyph, above: Glyph) -> Glyph:
    """Return two glyphs drawn over each other, with the advance of the first."""
    left, top = min(below.left, above.left), min(below.top, above.top)
    right = max(part.left + part.mask.width for part in (below, above))
    bottom = max(part.top + part.mask.height for part in (below, above))
    mask = Image.new("L", (right - left, bottom - top))
    for part in (below, above):
        mask.paste(255, (part.left - left, part.top - top), part.mask)
    return Glyph(mask, left, top, below.advance)


def _bitmap(cluster: str, size: int) -> Glyph | None:
    """Return a cluster drawn from Unifont's bitmaps, marks centred over their character; None if it has no bitmap."""
    scale = max(1, (size + 4) // CELL)
    whole = _cell(cluster[0], scale)
    if whole is None:
        return None
    for mark in cluster[1:]:
        above = _cell(mark, scale)
        if above:
            whole = _over(whole, above._replace(left=(whole.advance - above.advance) // 2))
    return whole


def _cell(char: str, scale: int) -> Glyph | None:
    if char == " ":
        return _blank(CELL // 2 * scale)
    bits = unifont.bitmap(ord(char))
    if bits is None:
        return None
    width = len(bits) * 8 // CELL
    cell = Image.frombytes("1", (width, CELL), bits).convert("L")
    cell = cell.resize((width * scale, CELL * scale), Image.Resampling.NEAREST)
    return Glyph(cell, 0, -BASELINE * scale, width * scale)


def _tag(code: int, size: int) -> Glyph:
    """Return `U+XXXX`, light on a dark plate with cut corners: the honest answer where there is no glyph."""
    label = [_letter(char, max(8, size * 11 // 20)) for char in f"U+{code:04X}"]
    rim = max(2, size // 8)
    high = max(part.mask.height for part in label)
    width = sum(part.advance for part in label) + 2 * rim
    plate = Image.new("L", (width, high + 2 * rim), 255)
    pen = rim
    for part in label:
        plate.paste(0, (pen + part.left, rim + high + part.top), part.mask)
        pen += part.advance
    for x, y in ((0, 0), (width - 1, 0), (0, plate.height - 1), (width - 1, plate.height - 1)):
        plate.putpixel((x, y), 0)
    return Glyph(plate, 1, rim - plate.height + max(0, size // 16), width + 2)
