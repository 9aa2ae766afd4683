"""Curves and slopes with smooth edges, in whole-number arithmetic: the same pixels on every machine.

`step` is the height of a row in pixels (see `scene`); all other measures are pixels. Heights and radii are multiples
of the step.
"""

from __future__ import annotations

from functools import lru_cache
from math import isqrt
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from mockserver.pictures.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FINE = 4
"""Scan lines per row."""
UNIT = 64
"""Steps per pixel along a scan line."""
SLABS, THICK = 5, 20
"""A shape is cut into so many slabs, of so many rows at least: what is full is a rectangle, only edges need masks."""
MODEL_ROWS = 16
"""Height of the small masks that are stretched."""
SMALL = 4096
"""Pixels of the largest stretched mask that is kept."""


class Piece(NamedTuple):
    """A rectangle from a shape's middle (left, right) and top, in rows; with a mask if it is not full."""

    left: int
    top: int
    right: int
    bottom: int
    mask: Image.Image | None


class Shape(NamedTuple):
    """A shape of some kind and size; its masks are made when a picture is drawn that shows them."""

    kind: str
    """`disc`, `cap` or `peak`."""
    reach: int
    """Pixels from the middle to either side."""
    rows: int
    """Height in rows."""
    radius: int
    """Of a disc or a cap, in pixels."""
    step: int

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The shape cut into pieces, because large masks are slow to lay."""
        return _shelf.get(self, lambda: _weighed(_pieces(self)))

    def within(self, limits: tuple[int, int, int, int]) -> tuple[Piece, ...]:
        """Return the pieces cut to limits: left, top, right and bottom, from the shape's middle and top."""
        left, top, right, bottom = limits
        if left <= -self.reach and right >= self.reach and top <= 0 and bottom >= self.rows:
            return self.pieces
        return _parts.get((self, limits), lambda: _weighed(tuple(_cut(self.pieces, limits))))

    def rough(self, width: int, height: int) -> Image.Image:
        """Return a small mask, for pictures in which the shape is a few pixels large."""
        radius = MODEL_ROWS
        if self.kind == "cap":
            radius = max(1, self.radius * 4 // (self.rows * self.step)) * MODEL_ROWS // 4
        stretched = _stretched if width * height <= SMALL else _stretched.__wrapped__
        return stretched(self.kind, radius, (width, height))


_shelf: Shelf[tuple[Piece, ...]] = Shelf(limit=3 << 20)
_parts: Shelf[tuple[Piece, ...]] = Shelf(limit=1 << 19)


def disc(radius: int, step: int) -> Shape:
    """Return a disc, 2 x radius pixels wide and high."""
    return Shape("disc", radius, 2 * (radius // step), radius, step)


def cap(radius: int, height: int, step: int) -> Shape:
    """Return the topmost part of a disc, as wide as its lowest row."""
    rows = height // step
    return Shape("cap", -(-_half_width_of_cap(radius, step)(rows * FINE - 1) // UNIT), rows, radius, step)


def peak(half: int, height: int, step: int) -> Shape:
    """Return an isosceles triangle standing on its base of 2 x half pixels."""
    return Shape("peak", half, height // step, 0, step)


def _half_width_of_cap(radius: int, step: int) -> Callable[[int], int]:
    fine = radius * FINE * 2  # the radius in half scan lines of a shape whose rows are one pixel high

    def half_width(line: int) -> int:
        below_top = (2 * line + 1) * step
        return isqrt(max(0, fine * fine - (fine - below_top) ** 2) * UNIT * UNIT) // (FINE * 2)

    return half_width


def _half_width_of_peak(half: int, rows: int) -> Callable[[int], int]:
    def half_width(line: int) -> int:
        return half * UNIT * (2 * line + 1) // (2 * FINE * rows)

    return half_width


def _weighed(pieces: tuple[Piece, ...]) -> tuple[int, tuple[Piece, ...]]:
    masks = [piece.mask for piece in pieces if piece.mask]
    return sum(mask.width * mask.height + 300 for mask in masks), pieces


def _pieces(shape: Shape) -> tuple[Piece, ...]:
    if shape.kind == "peak":
        return _symmetric(_half_width_of_peak(shape.reach, shape.rows), shape.rows)
    if shape.kind == "cap":
        return _symmetric(_half_width_of_cap(shape.radius, shape.step), shape.rows)
    top = cap(shape.radius, shape.radius, shape.step).pieces
    return (*top, *(_mirrored(piece, shape.rows) for piece in top))


def _cut(pieces: tuple[Piece, ...], limits: tuple[int, int, int, int]) -> Iterator[Piece]:
    for left, top, right, bottom, mask in pieces:
        box = (max(left, limits[0]), max(top, limits[1]), min(right, limits[2]), min(bottom, limits[3]))
        if box[0] < box[2] and box[1] < box[3]:
            near = (box[0] - left, box[1] - top, box[2] - left, box[3] - top)
            yield Piece(*box, mask.crop(near) if mask else None)


def _mirrored(piece: Piece, rows: int) -> Piece:
    mask = piece.mask.transpose(Image.Transpose.FLIP_TOP_BOTTOM) if piece.mask else None
    return piece._replace(top=rows - piece.bottom, bottom=rows - piece.top, mask=mask)


@lru_cache(maxsize=256)
def _stretched(kind: str, radius: int, size: tuple[int, int]) -> Image.Image:
    return _model(kind, radius).resize(size, Image.Resampling.BOX)


@lru_cache(maxsize=64)
def _model(kind: str, radius: int) -> Image.Image:
    """Return the mask of a small shape."""
    if kind == "peak":
        return _whole(_half_width_of_peak(MODEL_ROWS, MODEL_ROWS), MODEL_ROWS)
    if kind == "cap":
        return _whole(_half_width_of_cap(radius, 1), MODEL_ROWS)
    top = _model("cap", radius)
    both = Image.new("L", (top.width, 2 * top.height))
    both.paste(top, (0, 0))
    both.paste(top.transpose(Image.Transpose.FLIP_TOP_BOTTOM), (0, top.height))
    return both


def _whole(half_width: Callable[[int], int], rows: int) -> Image.Image:
    """Return the mask of a shape from its half width, in units, on every fine scan line.

    It must not shrink downwards.
    """
    reach = -(-half_width(rows * FINE - 1) // UNIT)
    right = Image.frombytes("L", (reach, rows), b"".join(_half_row(half_width, row, reach) for row in range(rows)))
    whole = Image.new("L", (reach * 2, rows))
    whole.paste(right, (reach, 0))
    whole.paste(right.transpose(Image.Transpose.FLIP_LEFT_RIGHT), (0, 0))
    return whole


def _symmetric(half_width: Callable[[int], int], rows: int) -> tuple[Piece, ...]:
    """Return the pieces of a shape from its half width, as `_whole` takes it."""
    whole = _whole(half_width, rows)
    reach = whole.width // 2
    count = max(1, min(SLABS, rows // THICK))
    pieces = []
    for slab in range(count):
        top, bottom = (rows * place // count for place in (slab, slab + 1))
        inner, outer = half_width(top * FINE) // UNIT, -(-half_width(bottom * FINE - 1) // UNIT)
        if inner:
            pieces.append(Piece(-inner, top, inner, bottom, None))
        for left, end in ((-outer, -inner), (inner, outer)):
            edge = whole.crop((reach + left, top, reach + end, bottom)) if left < end else None
            if edge:
                pieces.append(Piece(left, top, end, bottom, edge))
    return tuple(pieces)


def _half_row(half_width: Callable[[int], int], row: int, reach: int) -> bytes:
    """Return how far the pixels right of the middle are covered in a row: 0 to 255 in 16 steps, which deflate well."""
    lines = [half_width(row * FINE + line) for line in range(FINE)]
    first, last = lines[0] // UNIT, -(-lines[-1] // UNIT)
    edge = (sum([min(UNIT, max(0, line - x * UNIT)) for line in lines]) for x in range(first, last))
    return b"\xff" * first + bytes([(cover * 15 + 128) // (FINE * UNIT) * 17 for cover in edge]) + bytes(reach - last)
