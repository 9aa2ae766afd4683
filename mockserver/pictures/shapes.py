"""Curves and slopes with smooth edges, in whole-number arithmetic: the same pixels on every machine.

`step` is the height of a row in pixels (see `scene`); all other measures are pixels. Heights and radii are multiples
of the step.
"""

from __future__ import annotations

from math import isqrt
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from mockserver.pictures.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable

FINE = 4
"""Scan lines per row."""
UNIT = 64
"""Steps per pixel along a scan line."""
SLABS, THICK = 5, 20
"""A shape is cut into so many slabs, of so many rows at least: what is full is a rectangle, only edges need masks."""
ROUGH = 8
"""Pixels and rows per pixel of the rough mask."""


class Piece(NamedTuple):
    """A rectangle from a shape's middle (left, right) and top, in rows; with a mask if it is not full."""

    left: int
    top: int
    right: int
    bottom: int
    mask: Image.Image | None


class Shape(NamedTuple):
    """A shape as pieces, and as one small mask for pictures in which it is a few pixels large."""

    pieces: tuple[Piece, ...]
    rough: Piece


_shelf: Shelf[Shape] = Shelf(limit=3 << 20)


def disc(radius: int, step: int) -> Shape:
    """Return a disc, 2 x radius pixels wide and high."""
    return _shelf.get(("disc", radius, step), lambda: _weighed(_disc(radius, step)))


def cap(radius: int, height: int, step: int) -> Shape:
    """Return the topmost part of a disc, as wide as its lowest row."""
    fine = radius * FINE * 2  # the radius in half scan lines of a shape whose rows are one pixel high

    def half_width(line: int) -> int:
        below_top = (2 * line + 1) * step
        return isqrt(max(0, fine * fine - (fine - below_top) ** 2) * UNIT * UNIT) // (FINE * 2)

    return _shelf.get(("cap", radius, height, step), lambda: _weighed(_symmetric(half_width, height // step)))


def peak(half: int, height: int, step: int) -> Shape:
    """Return an isosceles triangle standing on its base of 2 x half pixels."""
    rows = height // step

    def half_width(line: int) -> int:
        return half * UNIT * (2 * line + 1) // (2 * FINE * rows)

    return _shelf.get(("peak", half, height, step), lambda: _weighed(_symmetric(half_width, rows)))


def _weighed(shape: Shape) -> tuple[int, Shape]:
    masks = (piece.mask for piece in (*shape.pieces, shape.rough) if piece.mask)
    return sum(mask.width * mask.height + 300 for mask in masks), shape


def _disc(radius: int, step: int) -> Shape:
    top = cap(radius, radius, step)
    rows = radius // step
    flip = Image.Transpose.FLIP_TOP_BOTTOM

    def below(piece: Piece) -> Piece:
        mask = piece.mask.transpose(flip) if piece.mask else None
        return piece._replace(top=2 * rows - piece.bottom, bottom=2 * rows - piece.top, mask=mask)

    rough = Image.new("L", (radius * 2, rows * 2))
    for piece in (top.rough, below(top.rough)):
        rough.paste(255, (radius + piece.left, piece.top, radius + piece.right, piece.bottom), _full_size(piece))
    pieces = (*top.pieces, *map(below, top.pieces))
    return Shape(pieces, Piece(-radius, 0, radius, 2 * rows, rough.reduce(ROUGH)))


def _full_size(piece: Piece) -> Image.Image | None:
    size = (piece.right - piece.left, piece.bottom - piece.top)
    return piece.mask.resize(size, Image.Resampling.NEAREST) if piece.mask else None


def _symmetric(half_width: Callable[[int], int], rows: int) -> Shape:
    """Return a shape from its half width, in units, on every fine scan line; it must not shrink downwards."""
    reach = -(-half_width(rows * FINE - 1) // UNIT)
    right = Image.frombytes("L", (reach, rows), b"".join(_half_row(half_width, row, reach) for row in range(rows)))
    whole = Image.new("L", (reach * 2, rows))
    whole.paste(right, (reach, 0))
    whole.paste(right.transpose(Image.Transpose.FLIP_LEFT_RIGHT), (0, 0))
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
    return Shape(tuple(pieces), Piece(-reach, 0, reach, rows, whole.reduce(ROUGH)))


def _half_row(half_width: Callable[[int], int], row: int, reach: int) -> bytes:
    """Return how far the pixels right of the middle are covered in a row: 0 to 255 in 16 steps, which deflate well."""
    lines = [half_width(row * FINE + line) for line in range(FINE)]
    first, last = lines[0] // UNIT, -(-lines[-1] // UNIT)
    edge = (sum([min(UNIT, max(0, line - x * UNIT)) for line in lines]) for x in range(first, last))
    return b"\xff" * first + bytes([(cover * 15 + 128) // (FINE * UNIT) * 17 for cover in edge]) + bytes(reach - last)
