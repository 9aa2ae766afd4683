"""Text set in lines: breaks, the size that fits, and the mask of every line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from mockserver.pictures import scripts
from mockserver.pictures.glyphs import AILERON, glyph, is_bitmap
from mockserver.pictures.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SIZES = (11, 12, 13, 14, 16, 18, 20, 22, 24, 28, 32, 36, 40, 44, 48, 56, 64, 72, 80, 96, 112, 128, 144, 160)
BITMAP_SIZES = tuple(size for size in SIZES if size % 16 == 0)
MOST_LINES = 12
ELLIPSIS = "…"
WORD = 32
"""Characters of the longest word whose width is remembered."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line in reading order, already shaped."""

    text: str
    leftwards: bool
    """Whether its paragraph reads from right to left, and so stands at the right."""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines at one size; heights in pixels."""

    lines: tuple[Line, ...]
    size: int

    @property
    def leading(self) -> int:
        """Pixels from one baseline to the next."""
        return leading(self.size)

    @property
    def height(self) -> int:
        """Pixels from the top of the first line to the bottom of the last."""
        return self.leading * len(self.lines)


def leading(size: int) -> int:
    """Return the pixels from one baseline to the next."""
    return size * 21 // 16


class Paragraph(NamedTuple):
    """The pieces of a paragraph, between which its lines may break; a space belongs to the piece before it."""

    pieces: tuple[str, ...]
    leftwards: bool
    plain: bool


def fitted(prompt: str, width: int, height: int, largest: int) -> Block:
    """Return the prompt in the largest size whose lines fit, else cut off with an ellipsis at the smallest size."""
    texts = [_paragraph(text) for text in scripts.paragraphs(prompt)]
    bitmaps = any(_needs_bitmaps(piece) for text in texts if not text.plain for piece in text.pieces)
    choice = BITMAP_SIZES if bitmaps else SIZES
    sizes = [size for size in choice if largest * 2 // 5 <= size <= largest] or [choice[0]]
    if (easy := _block(texts, sizes[-1], width, height)) is not None:
        return easy
    best = None
    low, high = 0, len(sizes) - 2
    while low <= high:
        middle = (low + high) // 2
        block = _block(texts, sizes[middle], width, height)
        if block is not None:
            best, low = block, middle + 1
        else:
            high = middle - 1
    return best or _cut(texts, sizes[0], width, height)


def _paragraph(text: str) -> Paragraph:
    plain = bool(scripts.PLAIN.fullmatch(text))
    words = [word + " " for word in (text if plain else scripts.shaped(text)).split(" ")]
    words[-1] = words[-1][:-1]
    if plain:
        return Paragraph(tuple(filter(None, words)), leftwards=False, plain=True)
    pieces: list[str] = []
    for word in words:
        if scripts.PLAIN.fullmatch(word):
            pieces.append(word)
        else:
            pieces += scripts.breakable(word)
    return Paragraph(tuple(filter(None, pieces)), scripts.reads_leftwards(text), plain=False)


def _needs_bitmaps(piece: str) -> bool:
    return not scripts.PLAIN.fullmatch(piece) and any(map(is_bitmap, scripts.clusters(piece)))


def _block(texts: Sequence[Paragraph], size: int, width: int, height: int) -> Block | None:
    """Return all the text at one size, or None when it does not fit."""
    most = min(MOST_LINES, height // leading(size))
    lines: list[Line] = []
    for text in texts:
        for line in _broken(text, size, width):
            lines.append(Line(line, text.leftwards))
            if len(lines) > most:
                return None
    return Block(tuple(lines), size)


def _cut(texts: Sequence[Paragraph], size: int, width: int, height: int) -> Block:
    """Return as many lines as fit, the last one ending in an ellipsis."""
    most = max(1, min(MOST_LINES, height // leading(size)))
    lines = [Line(line, text.leftwards) for text in texts for line in islice(_broken(text, size, width), most + 1)]
    last = scripts.clusters(lines[most - 1].text)
    while last and _width([*last, ELLIPSIS], size) > width:
        last.pop()
    ending = Line("".join(last).rstrip() + ELLIPSIS, lines[most - 1].leftwards)
    return Block((*lines[: most - 1], ending), size)


def _broken(text: Paragraph, size: int, width: int) -> Iterator[str]:
    """Break a paragraph into lines: between its pieces, or inside one that is longer than a line."""
    space = _advances(size)[" "]
    line, used = "", 0
    for piece in text.pieces:
        wide = _width_of_word(piece, size) if len(piece) <= WORD else _width(piece, size)
        if used + wide - (space if piece[-1] == " " else 0) <= width:
            line, used = line + piece, used + wide
            continue
        if line:
            yield line.rstrip()
        line, used = piece, wide
        while used - (space if line[-1:] == " " else 0) > width:
            head = _fitting(line, size, width)
            yield head
            line = line[len(head) :]
            used = _width(line, size)
    yield line.rstrip()


def _fitting(text: str, size: int, width: int) -> str:
    """Return as much of the beginning as fits into a line, at least one cluster."""
    head, used = "", 0
    for cluster in scripts.clusters(text):
        used += glyph(cluster, size).advance
        if head and used > width:
            break
        head += cluster
    return head


@lru_cache(maxsize=4096)
def _width_of_word(word: str, size: int) -> int:
    return _width(word, size)


def _width(text: str | Sequence[str], size: int) -> int:
    """Return the pixels a text, or a sequence of clusters, takes in one line."""
    advances = _advances(size)
    try:
        return sum([advances[char] for char in text])
    except KeyError:
        found = scripts.clusters(text) if isinstance(text, str) else text
        return sum(glyph(cluster, size).advance for cluster in found)


@lru_cache(maxsize=len(SIZES))
def _advances(size: int) -> dict[str, int]:
    """Return the advances of the plain characters: most prompts need no others."""
    return {char: glyph(char, size).advance for char in AILERON}


class Ink(NamedTuple):
    """What a run of clusters looks like: where its mask lies from the pen on the baseline, and its advance."""

    mask: Image.Image | None
    left: int
    top: int
    advance: int


_words: Shelf[Ink] = Shelf(limit=2 << 20)


def mask(line: Line, size: int, width: int) -> Ink | None:
    """Return the ink of a line from its left margin, in a measure of `width` pixels; None if there is none."""
    plain = scripts.PLAIN.fullmatch(line.text) is not None
    if not plain and scripts.RIGHT_TO_LEFT.search(line.text):
        whole = _run(scripts.visual(line.text, leftwards=line.leftwards), size)
    else:
        words = [_word(word, size) for word in line.text.split(" ")]
        whole = _joined(words, _advances(size)[" "], apart=plain)
    shift = width - whole.advance if line.leftwards else 0
    return whole._replace(left=whole.left + shift) if whole.mask else None


def _word(word: str, size: int) -> Ink:
    def make() -> tuple[int, Ink]:
        ink = _run(scripts.clusters(word), size)
        return (ink.mask.width * ink.mask.height if ink.mask else 0) + 300, ink

    return _words.get((word, size), make)


def _run(clusters: Sequence[str], size: int) -> Ink:
    """Return clusters set one after the other, in a mask cut to the ink."""
    plain = _plain_inks(size)
    run = _joined([plain.get(cluster) or Ink(*glyph(cluster, size)) for cluster in clusters], 0, apart=False)
    if run.mask is None:
        return run
    left, top, right, bottom = run.mask.getbbox() or (0, 0, 1, 1)
    return Ink(run.mask.crop((left, top, right, bottom)), run.left + left, run.top + top, run.advance)


@lru_cache(maxsize=len(SIZES))
def _plain_inks(size: int) -> dict[str, Ink]:
    """Return the plain characters, at hand without a lock."""
    return {char: Ink(*glyph(char, size)) for char in AILERON}


def _joined(parts: Sequence[Ink], gap: int, *, apart: bool) -> Ink:
    """Return parts set one after the other, `gap` pixels apart, `apart` when their ink cannot overlap."""
    pen = 0
    placed = []
    for mask, left, top, advance in parts:
        if mask:
            placed.append((pen + left, top, pen + left + mask.width, top + mask.height, mask.im))
        pen += advance + gap
    pen -= gap
    if not placed:
        return Ink(None, 0, 0, max(0, pen))
    lefts, tops, rights, bottoms, _ = zip(*placed, strict=True)
    left, top = min(lefts), min(tops)
    canvas = Image.new("L", (max(rights) - left, max(bottoms) - top))
    paste = canvas.im.paste  # `Image.paste` without its checks
    for near, upper, far, lower, ink in placed:
        place = (near - left, upper - top, far - left, lower - top)
        if apart:
            paste(ink, place)
        else:
            paste(255, place, ink)
    return Ink(canvas, left, top, pen)


def width(text: str, size: int) -> int:
    """Return the pixels a short line takes."""
    return _width(text, size)
