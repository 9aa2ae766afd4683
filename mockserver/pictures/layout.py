"""Where art, prompt and small print stand: three layouts, chosen by the shape of the picture and by its digest."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from mockserver.pictures import landscapes, patterns, prints, scripts, typeset
from mockserver.pictures.dice import Dice
from mockserver.pictures.palettes import PALETTES
from mockserver.pictures.scene import CLEAR, OPAQUE, Box, Scene

if TYPE_CHECKING:
    from collections.abc import Callable

    from mockserver.pictures.palettes import Palette, Shade
    from mockserver.pictures.scene import Typeset

ARTS = (
    landscapes.hills,
    landscapes.water,
    landscapes.peaks,
    landscapes.town,
    patterns.squares,
    patterns.weave,
    patterns.arches,
    patterns.quilt,
)
"""The compositions: a new look is one more function here."""
BEAR_A_CARD = {landscapes.hills, patterns.weave, patterns.quilt}
"""Compositions that lose nothing when a card lies on their lower left."""
CLEAR_SHARE = 11
"""Percent of width and height that stay clear on every side of a transparent picture: 39 percent of its area."""
LARGEST = 96
"""Pixels of type: larger letters on a huge picture cost much and say no more."""
CARD_LINES = 3
"""Lines of text on a card: more would hide the art."""
DIGITS = 8
"""Digits of the digest in the small print."""


class Words(NamedTuple):
    """What a picture says and shows, and the digest that decides how."""

    digest: str
    prompt: str
    caption: str
    inputs: tuple[bytes, ...] = ()
    mask: bytes | None = None


class Page(NamedTuple):
    """What all layouts need."""

    scene: Scene
    frame: Box
    """The part of the picture that is drawn: all of it, unless it is transparent."""
    palette: Palette
    dice: Dice
    art: Callable[[Scene, Box, Palette, Dice], None]
    words: Words

    @property
    def margin(self) -> int:
        """Pixels between the frame and text."""
        return max(8, min(self.frame.width, self.frame.height) * 6 // 100)

    @property
    def largest(self) -> int:
        """The largest size of type, in pixels."""
        width, height = self.frame.width, self.frame.height
        return max(typeset.SIZES[0], min(width // 14, height // 14, (width + height) // 46, LARGEST))

    @property
    def small(self) -> int:
        """The size of the small print, in pixels."""
        return _no_larger_than(min(self.frame.width, self.frame.height) // 50)


@lru_cache(maxsize=64)
def _no_larger_than(wanted: int) -> int:
    return max(size for size in typeset.SIZES if size <= max(typeset.SIZES[0], wanted))


@lru_cache(maxsize=4)
def compose(words: Words, width: int, height: int, *, transparent: bool) -> Scene:
    """Return the scene of a picture; the rough and the finished versions of one picture share it."""
    scene = Scene(width, height, CLEAR if transparent else OPAQUE)
    frame = Box(0, 0, width, height)
    if transparent:
        aside, above = width * CLEAR_SHARE // 100, height * CLEAR_SHARE // 100 // 2 * 2
        frame = Box(aside, above, width - aside, height - above)
    dice = Dice(words.digest)
    palette = PALETTES[dice.upto(len(PALETTES))]
    page = Page(scene, frame, palette, dice, ARTS[dice.upto(len(ARTS))], words)
    _layout(page)(page)
    return scene


def _layout(page: Page) -> Callable[[Page], None]:
    """Return the layout of a page: no card covers pictures that came in, and no column waits for a missing prompt."""
    frame, words = page.frame, page.words
    beside = column if frame.width * 4 >= frame.height * 5 else poster
    chosen = (beside, beside, banner, card)[page.dice.upto(4)]
    if not words.inputs:
        return chosen
    if chosen is column and not scripts.paragraphs(words.prompt):
        return poster
    return banner if chosen is card else chosen


def poster(page: Page) -> None:
    """Art in a margin of paper, the prompt below it."""
    scene, frame, margin = page.scene, page.frame, page.margin
    scene.fill(frame, page.palette.paper)
    inside = Box(frame.left + margin, frame.top + margin, frame.right - margin, frame.bottom - margin // 2)
    foot = _small_print(page, inside)
    block = typeset.fitted(page.words.prompt, inside.width, frame.height * 28 // 100, page.largest)
    top = foot - margin // 2 - block.height
    _set(page, block, inside._replace(top=top))
    _art(page, inside._replace(bottom=top - margin // 2))


def column(page: Page) -> None:
    """Art to one side, from edge to edge; the prompt in a column of paper beside it."""
    scene, frame, margin = page.scene, page.frame, page.margin
    share = frame.width * 38 // 100
    scene.fill(frame, page.palette.paper)
    if page.dice.upto(2):
        text, art = frame._replace(right=frame.left + share), frame._replace(left=frame.left + share)
    else:
        text, art = frame._replace(left=frame.right - share), frame._replace(right=frame.right - share)
    inside = Box(text.left + margin, text.top + margin, text.right - margin, text.bottom - margin * 2 // 3)
    foot = _small_print(page, inside)
    bar = max(2, margin // 8) // 2 * 2
    scene.fill(Box(inside.left, inside.top, inside.left + margin, inside.top + bar), page.palette.sun)
    top = inside.top + bar + margin // 2
    block = typeset.fitted(page.words.prompt, inside.width, foot - margin // 2 - top, page.largest)
    _set(page, block, inside._replace(top=top))
    _art(page, art)


def banner(page: Page) -> None:
    """Art from edge to edge; the prompt on a band of paper below it."""
    frame, margin = page.frame, page.margin
    page.scene.fill(frame, page.palette.paper)
    inside = Box(frame.left + margin, frame.top, frame.right - margin, frame.bottom - margin // 2)
    foot = _small_print(page, inside)
    block = typeset.fitted(page.words.prompt, inside.width, frame.height * 28 // 100, page.largest)
    top = foot - margin // 2 - block.height
    _set(page, block, inside._replace(top=top))
    _art(page, frame._replace(bottom=top - margin * 2 // 3))


def card(page: Page) -> None:
    """Art from edge to edge; a short prompt on a card of paper that lies on it."""
    frame, margin = page.frame, page.margin
    pad = margin * 2 // 3
    widest = max(frame.width * 56 // 100, min(frame.width - 2 * margin, 420)) - 2 * pad
    block = typeset.fitted(page.words.prompt, widest, frame.height * 24 // 100, page.largest)
    if page.art not in BEAR_A_CARD or len(block.lines) > CARD_LINES:
        banner(page)
        return
    high = block.height + typeset.leading(page.small) * 3 // 2 + pad * 2
    bottom = frame.bottom - margin
    board = Box(frame.left + margin, bottom - high, frame.left + margin + widest + 2 * pad, bottom)
    _art(page, frame)
    page.scene.fill(board, page.palette.paper)
    inside = Box(board.left + pad, board.top + pad, board.right - pad, board.bottom - pad * 2 // 3)
    _small_print(page, inside)
    _set(page, block, inside)


def _art(page: Page, box: Box) -> None:
    step = page.scene.step
    snapped = box._replace(top=box.top // step * step, bottom=box.bottom // step * step)
    page.art(page.scene, snapped, page.palette, page.dice)
    if page.words.inputs:
        prints.hang(page.scene, snapped, page.palette, page.words.inputs, page.words.mask)


def _set(page: Page, block: typeset.Block, box: Box) -> None:
    """Draw the lines of a block from the top of a box."""
    for index, line in enumerate(block.lines):
        baseline = box.top + block.leading * index + block.size
        _line(page, line, block.size, Box(box.left, baseline, box.right, baseline), page.palette.ink)


def _small_print(page: Page, box: Box) -> int:
    """Draw caption and digest on the last line of a box and return where that line begins."""
    size = page.small
    baseline = box.bottom - size // 3
    place = Box(box.left, baseline, box.right, baseline)
    digits = typeset.Line(page.words.digest[:DIGITS], leftwards=True)
    taken = typeset.width(digits.text, size) + size
    for line in _caption(page.words.caption, max(size, box.width - taken), size):
        _line(page, line, size, place._replace(right=box.right - taken), page.palette.small)
    _line(page, digits, size, place, page.palette.small)
    return baseline - size


@lru_cache(maxsize=64)
def _caption(text: str, width: int, size: int) -> tuple[typeset.Line, ...]:
    """Return the small print, on one line or none: most pictures of a server say the same."""
    return typeset.fitted(text, width, typeset.leading(size), size).lines[:1]


def _line(page: Page, line: typeset.Line, size: int, place: Box, shade: Shade) -> None:
    """Draw one line between the left and right of `place`, whose top is the baseline."""
    wide = min(place.width, typeset.width(line.text, size))
    left = place.right - wide if line.leftwards else place.left
    about = Box(left, place.top - size * 3 // 4, left + wide, place.top + size // 4)
    page.scene.write(partial(_inked, line, size, place, page.scene.step), about, (shade, page.palette.paper))


def _inked(line: typeset.Line, size: int, place: Box, step: int) -> Typeset | None:
    """Return the ink of a line in rows of `step` pixels, and where it lies."""
    found = typeset.mask(line, size, place.width)
    if found is None or found.mask is None:
        return None
    ink, top = found.mask, place.top + found.top
    if step > 1:
        slip = top % step
        canvas = Image.new("L", (ink.width, -(-(ink.height + slip) // step) * step))
        canvas.paste(ink, (0, slip))
        ink, top = canvas.reduce((1, step)), top - slip
    return ink, place.left + found.left, top
