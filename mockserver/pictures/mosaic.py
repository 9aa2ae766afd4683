"""A rough version of a picture: the averages of ever smaller tiles, for partial images."""

from __future__ import annotations

from PIL import Image

from mockserver.pictures.scene import Layer, Scene, paint

FINEST = 256
"""Tiles along the longer edge: no partial image is finer."""
SAMPLES = 4
"""Samples per tile, across and down."""


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
    return paint(_shrunk(scene, columns * SAMPLES, rows * SAMPLES)).reduce(SAMPLES)


def _shrunk(scene: Scene, width: int, rows: int) -> Scene:
    """Return the scene in few pixels: drawing it costs next to nothing, and edges are true to a part of a tile."""
    small = Scene(width, rows, scene.mode)
    for layer in scene.rough:
        left, right = (x * width // scene.width for x in (layer.left, layer.right))
        top, bottom = (y * rows // scene.rows for y in (layer.top, layer.bottom))
        if layer.ink is None:
            small.layers.append(layer._replace(left=left, top=top, right=right, bottom=bottom))
        else:
            right, bottom = max(right, left + 1), max(bottom, top + 1)
            ink = layer.ink.resize((right - left, bottom - top), Image.Resampling.BOX)
            small.layers.append(Layer(left, top, right, bottom, layer.colour, ink))
    return small
