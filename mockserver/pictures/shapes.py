"""Curves and slopes as anti-aliased masks, in whole-number arithmetic: the same pixels on every machine.

`step` is the height of a mask's row in pixels (see `scene`); all other measures are pixels.
"""

from __future__ import annotations

from math import isqrt
from typing import TYPE_CHECKING

from PIL import Image

from mockserver.pictures.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable

FINE = 4
"""Scan lines per row."""
UNIT = 64
"""Steps per pixel along a scan line."""
FULL = FINE * UNIT

_shelf: Shelf[Image.Image] = Shelf(limit=4 << 20)


def disc(radius: int, step: int) -> Image.Image:
    """Return a disc, 2 x radius pixels wide and high; the radius is a multiple of the step."""
    return _shelf.get(("disc", radius, step), lambda: _weighed(_mirrored(cap(radius, radius, step))))


def cap(radius: int, height: int, step: int) -> Image.Image:
    """Return the topmost part of a disc, as wide as its lowest row; `height` is a multiple of the step."""
    fine = radius * FINE * 2  # the radius in half scan lines of a mask whose rows are one pixel high

    def half_width(line: int) -> int:
        below_top = (2 * line + 1) * step
        return isqrt(max(0, fine * fine - (fine - below_top) ** 2) * UNIT * UNIT) // (FINE * 2)

    return _shelf.get(("cap", radius, height, step), lambda: _weighed(_symmetric(half_width, height // step)))


def peak(half: int, height: int, step: int) -> Image.Image:
    """Return an isosceles triangle standing on its base of 2 x half pixels; `height` is a multiple of the step."""
    rows = height // step

    def half_width(line: int) -> int:
        return half * UNIT * (2 * line + 1) // (2 * FINE * rows)

    return _shelf.get(("peak", half, height, step), lambda: _weighed(_symmetric(half_width, rows)))


def _weighed(mask: Image.Image) -> tuple[int, Image.Image]:
    return mask.width * mask.height, mask


def _mirrored(top: Image.Image) -> Image.Image:
    whole = Image.new("L", (top.width, top.height * 2))
    whole.paste(top, (0, 0))
    whole.paste(top.transpose(Image.Transpose.FLIP_TOP_BOTTOM), (0, top.height))
    return whole


def _symmetric(half_width: Callable[[int], int], rows: int) -> Image.Image:
    """Return a shape from its half width, in units, on every fine scan line; it must not shrink downwards."""
    middle = -(-half_width(rows * FINE - 1) // UNIT)
    halves = []
    for row in range(rows):
        lines = [half_width(row * FINE + line) for line in range(FINE)]
        first, last = lines[0] // UNIT, -(-lines[-1] // UNIT)
        edge = (sum(min(UNIT, max(0, line - x * UNIT)) for line in lines) for x in range(first, last))
        halves.append(b"\xff" * first + bytes(cover * 255 // FULL for cover in edge) + bytes(middle - last))
    right = Image.frombytes("L", (middle, rows), b"".join(halves))
    whole = Image.new("L", (middle * 2, rows))
    whole.paste(right, (middle, 0))
    whole.paste(right.transpose(Image.Transpose.FLIP_LEFT_RIGHT), (0, 0))
    return whole
