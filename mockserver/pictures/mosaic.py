"""A rough version of a picture: the averages of ever smaller tiles, for partial images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

from mockserver.pictures.scene import Box, Layer, Stamp, paint

if TYPE_CHECKING:
    from mockserver.pictures.scene import Scene

FINEST = 256
"""Tiles along the longer edge: no partial image is finer."""
SAMPLES = 4
"""Samples per tile, across and down."""
INKED = 28
"""Percent of the place of a line that its letters cover, about."""


def grid(width: int, height: int, tiles: int) -> tuple[int, int]:
    """Return columns and rows of nearly square tiles, `tiles` of them along the longer edge."""
    tiles = max(1, min(tiles, FINEST, width, height))
    if width >= height:
        return tiles, max(1, (tiles * height * 2 + width) // (width * 2))
    return max(1, (tiles * width * 2 + height) // (height * 2)), tiles


def mosaic(scene: Scene, tiles: int) -> Image.Image:
    """Return the picture with one pixel per tile, the average colour of what the finished picture shows there."""
    columns, rows = grid(scene.width, scene.height, tiles)
    if columns * SAMPLES >= scene.width or rows * SAMPLES >= scene.rows:
        return paint(scene).resize((columns, rows), Image.Resampling.BOX)
    return _sketch(scene, columns * SAMPLES, rows * SAMPLES).reduce(SAMPLES)


def _sketch(scene: Scene, width: int, rows: int) -> Image.Image:
    """Draw the scene in few pixels: it costs next to nothing, and edges are true to a part of a tile."""
    canvas = Image.new(scene.mode, (width, rows))
    whole, high, paste = scene.width, scene.rows, canvas.im.paste
    for item in scene.items:
        if isinstance(item, Layer):
            left, right = item.left * width // whole, item.right * width // whole
            top, bottom = item.top * rows // high, item.bottom * rows // high
            if item.ink is None:
                paste(item.colour, (left, top, right, bottom))
            else:
                size = (max(1, right - left), max(1, bottom - top))
                canvas.paste(item.ink.resize(size, Image.Resampling.BOX), (left, top))
        elif isinstance(item, Stamp):
            _press(canvas, item, (whole, high))
        else:
            place = _scaled(item.place, (whole, high), canvas.size)
            paste(_tint(item.ink, item.ground), place)
    return canvas


def _press(canvas: Image.Image, stamp: Stamp, size: tuple[int, int]) -> None:
    """Put a small mask of a shape in its place, and cut it to its limits."""
    shape, middle, row, colour, limits = stamp
    bounds = Box(middle - shape.reach, row, middle + shape.reach, row + shape.rows)
    left, top, right, bottom = _scaled(bounds, size, canvas.size)
    right, bottom = max(right, left + 1), max(bottom, top + 1)
    mask = shape.rough(right - left, bottom - top)
    low, upper, far, deep = _scaled(limits, size, canvas.size)
    box = (max(left, low), max(top, upper), min(right, far), min(bottom, deep))
    if box[0] < box[2] and box[1] < box[3]:
        if box != (left, top, right, bottom):
            mask = mask.crop((box[0] - left, box[1] - top, box[2] - left, box[3] - top))
        canvas.im.paste(colour, box, mask.im)


def _scaled(box: Box, size: tuple[int, int], small: tuple[int, int]) -> Box:
    (whole, high), (width, rows) = size, small
    left, top, right, bottom = box
    return Box(left * width // whole, top * rows // high, right * width // whole, bottom * rows // high)


def _tint(ink: tuple[int, ...], ground: tuple[int, ...]) -> tuple[int, ...]:
    """Return what a line of text looks like from afar."""
    return tuple((dark * INKED + light * (100 - INKED)) // 100 for dark, light in zip(ink, ground, strict=True))
