"""A scene cut into horizontal bands: in a plain one all rows are equal, in the others few columns differ."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from mockserver.pictures.scene import Box

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mockserver.pictures.scene import Scene

STRIP_OVERHEAD, HEAD_OVERHEAD = 16_000, 4000
"""Pixels that could be drawn in the time that another strip, or another plain band, takes."""
PORTION = 200_000
"""Bytes of pixels drawn and deflated at a time: what stays in the cache of a processor."""


class Band(NamedTuple):
    """Rows between two horizontal edges."""

    top: int
    bottom: int
    left: int
    right: int
    """The columns in which the rows differ from each other; none if left and right are equal."""

    @property
    def area(self) -> int:
        """Pixels in which the rows differ."""
        return (self.bottom - self.top) * (self.right - self.left)


def cut(scene: Scene) -> list[Band]:
    """Cut the scene at its horizontal edges into bands, whose tops and bottoms count rows of `step` pixels."""
    edges = {0: (0, scene.width), scene.rows: (0, scene.width)}
    for left, top, right, bottom, _, _ in scene.layers:
        for row in (top, bottom):
            if row not in edges:
                edges[row] = left, right
            elif (both := edges[row])[0] > left or both[1] < right:
                edges[row] = min(both[0], left), max(both[1], right)
    tops = sorted(edges)
    windows = _windows(scene, tops)
    bands: list[Band] = []
    for top, bottom in pairwise(tops):
        band = Band(top, bottom, *windows.get(top, (0, 0)))
        if bands and bands[-1].right and (joined := _joined(bands[-1], band, edges[top])):
            bands[-1] = joined
        else:
            bands.append(band)
    return bands


def _joined(above: Band, below: Band, edge: tuple[int, int]) -> Band | None:
    """Return two bands as one, which holds the edge between them; None if they are cheaper apart."""
    left, right = min(above.left, edge[0]), max(above.right, edge[1], below.right)
    if below.right:
        left = min(left, below.left)
    apart = above.area + (below.area + STRIP_OVERHEAD if below.right else HEAD_OVERHEAD)
    both = Band(above.top, below.bottom, left, right)
    return both if both.area <= apart else None


def _windows(scene: Scene, tops: list[int]) -> dict[int, tuple[int, int]]:
    """Return the columns that masks touch, by the top of each band that has any."""
    found: dict[int, tuple[int, int]] = {}
    places = {top: index for index, top in enumerate(tops)}
    for left, first, right, last, _, ink in scene.layers:
        if ink:
            for top in tops[places[first] : places[last]]:
                if top not in found:
                    found[top] = left, right
                elif (both := found[top])[0] > left or both[1] < right:
                    found[top] = min(both[0], left), max(both[1], right)
    return found


def heads(scene: Scene, bands: Sequence[Band], strips: Sequence[Image.Image | None]) -> Image.Image:
    """Return the first row of every band."""
    tops = [band.top for band in bands]
    canvas = Image.new(scene.mode, (scene.width, len(bands)))
    for layer in scene.layers:
        if layer.ink is None:
            first, last = bisect_left(tops, layer.top), bisect_left(tops, layer.bottom)
            if first < last:
                canvas.im.paste(layer.colour, (layer.left, first, layer.right, last))
    for index, (band, strip) in enumerate(zip(bands, strips, strict=True)):
        if strip:
            canvas.im.paste(strip.im.crop((0, 0, strip.width, 1)), (band.left, index, band.right, index + 1))
    return canvas


def portions(scene: Scene, band: Band) -> Iterator[Box]:
    """Cut a band into parts small enough to stay in the processor's cache; each begins with the last one's last row."""
    rows = max(2, PORTION // ((band.right - band.left) * len(scene.mode)))
    for top in range(band.top, max(band.top + 1, band.bottom - 1), rows):
        yield Box(band.left, top, band.right, min(top + rows + 1, band.bottom))
