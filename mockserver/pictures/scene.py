"""A scene is a list of flat items in painter's order; every format is drawn from it, so all formats agree."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    from mockserver.pictures.palettes import Shade
    from mockserver.pictures.shapes import Shape

OPAQUE = "RGB"
CLEAR = "RGBA"
SUBJECT_ALPHA = 252
"""What the real API gives to the subject of a transparent picture (observed: 252 or 253, never 255)."""
SMALL = 4000
"""Pixels; laying a larger plain image through a mask is twice as fast as laying a colour through it."""
Typeset = tuple[Image.Image, int, int]
"""A mask, and its left and top in pixels."""
LARGE = 2048
"""From this many pixels on, masks have half as many rows as pixels: nobody sees it, and it halves the work."""


class Box(NamedTuple):
    """Left, top, right, bottom in pixels; right and bottom are outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return self.bottom - self.top


@lru_cache(maxsize=256)
def spans(start: int, length: int, count: int) -> list[tuple[int, int]]:
    """Return where each of `count` equal parts begins and ends, without gap or overlap."""
    return list(pairwise(start + length * part // count for part in range(count + 1)))


class Layer(NamedTuple):
    """A rectangle of one colour; with a mask, the colour as far as it covers; with an image, the image."""

    left: int
    top: int
    right: int
    bottom: int
    """Top and bottom count rows of `step` pixels."""
    colour: tuple[int, ...]
    """As many channels as the scene's mode."""
    ink: Image.Image | None = None
    """A mask (mode L) or an opaque image (the scene's mode), exactly as large as the rectangle."""

    def hides(self, box: Box) -> bool:
        """Tell whether nothing below it can be seen in the box."""
        return (
            (self.ink is None or self.ink.mode != "L")
            and self.left <= box.left
            and self.right >= box.right
            and self.top <= box.top
            and self.bottom >= box.bottom
        )


class Stamp(NamedTuple):
    """A shape below (middle, row), which does not reach beyond the limits; all in pixels and rows."""

    shape: Shape
    middle: int
    row: int
    colour: tuple[int, ...]
    limits: Box


class Writing(NamedTuple):
    """A line of text, which is only set when a picture is finished: in a rough one it is no more than a tint."""

    typeset: Callable[[], Typeset | None]
    """Sets the line: its mask, whose rows are `step` pixels high, and left and top in pixels; None if it has no ink."""
    place: Box
    """About where its ink lies."""
    ink: tuple[int, ...]
    ground: tuple[int, ...]


@dataclass(slots=True)
class Scene:
    """One picture before it is encoded: items are added in pixels and kept in rows of `step` pixels."""

    width: int
    height: int
    mode: str = OPAQUE
    items: list[Layer | Stamp | Writing] = field(default_factory=list)
    step: int = field(init=False)
    _layers: list[Layer] | None = None

    def __post_init__(self) -> None:
        self.step = 2 if max(self.width, self.height) >= LARGE and self.height % 2 == 0 else 1

    @property
    def rows(self) -> int:
        """Height in rows of `step` pixels."""
        return self.height // self.step

    @property
    def layers(self) -> list[Layer]:
        """The items as flat layers, for the finished picture: text is set, shapes are in pieces."""
        if self._layers is None:
            found: list[Layer] = []
            for item in self.items:
                if isinstance(item, Layer):
                    found.append(item)
                elif isinstance(item, Stamp):
                    found += _stamped(item)
                elif layer := _written(item, self.step):
                    found.append(layer)
            self._layers = found
        return self._layers

    def fill(self, box: Box, shade: Shade) -> None:
        """Add a rectangle; what sticks out of the picture is cut off."""
        left, top, right, bottom = box
        if self.step > 1:
            top, bottom = top // self.step, bottom // self.step
        if left < 0 or top < 0 or right > self.width or bottom * self.step > self.height:
            left, top, right, bottom = max(0, left), max(0, top), min(self.width, right), min(self.rows, bottom)
        if left < right and top < bottom:
            colour = shade if self.mode == OPAQUE else (*shade, SUBJECT_ALPHA)
            self.items.append(Layer(left, top, right, bottom, colour))

    def stamp(self, shape: Shape, middle: int, top: int, shade: Shade, box: Box) -> None:
        """Add a shape below (middle, top); what sticks out of the box is cut off."""
        limits = Box(box.left, box.top // self.step, box.right, box.bottom // self.step)
        self.items.append(Stamp(shape, middle, top // self.step, self._colour(shade), limits))

    def write(self, typeset: Callable[[], Typeset | None], place: Box, shades: tuple[Shade, Shade]) -> None:
        """Add a line of text in the first shade on a ground of the second."""
        rows = place._replace(top=place.top // self.step, bottom=place.bottom // self.step)
        self.items.append(Writing(typeset, rows, self._colour(shades[0]), self._colour(shades[1])))

    def show(self, image: Image.Image, left: int, top: int) -> None:
        """Add an opaque image in mode RGB, whose rows are `step` pixels high; it must lie inside the picture."""
        if self.mode == CLEAR:
            image = image.convert(CLEAR)
            image.putalpha(SUBJECT_ALPHA)
        row = top // self.step
        self.items.append(Layer(left, row, left + image.width, row + image.height, (0,) * len(self.mode), image))

    def _colour(self, shade: Shade) -> tuple[int, ...]:
        return shade if self.mode == OPAQUE else (*shade, SUBJECT_ALPHA)


def _written(writing: Writing, step: int) -> Layer | None:
    if (found := writing.typeset()) is None:
        return None
    mask, left, top = found
    row = top // step
    image = _coloured(mask, writing.ink, writing.ground)
    return Layer(left, row, left + mask.width, row + mask.height, writing.ink, image)


def _stamped(stamp: Stamp) -> list[Layer]:
    """Return the layers of a shape, cut to its limits."""
    shape, middle, row, colour, (left, top, right, bottom) = stamp
    pieces = shape.within((left - middle, top - row, right - middle, bottom - row))
    return [Layer(x + middle, y + row, z + middle, w + row, colour, mask) for x, y, z, w, mask in pieces]


def paint(scene: Scene, part: Box | None = None) -> Image.Image:
    """Draw the scene, or the part in a box whose top and bottom count rows of `step` pixels."""
    box = part or Box(0, 0, scene.width, scene.rows)
    left, top, right, bottom = box
    seen = [
        layer for layer in scene.layers if layer[1] < bottom and layer[3] > top and layer[0] < right and layer[2] > left
    ]
    for index in range(len(seen) - 1, -1, -1):
        if seen[index].hides(box):
            seen = seen[index:]
            break
    ground: tuple[int, ...] | int = 0
    if seen and seen[0].ink is None and seen[0].hides(box):
        ground = seen.pop(0).colour
    canvas = Image.new(scene.mode, (box.width, box.height), ground)
    for layer in seen:
        lay(canvas, layer, left, top)
    return canvas


def lay(canvas: Image.Image, layer: Layer, left: int, top: int) -> None:
    """Put a layer on a canvas whose corner lies at (left, top) of the scene; what sticks out is cut off.

    This is `Image.paste` without its checks, which cost more than the small areas of most layers.
    """
    x, y, ink = layer.left - left, layer.top - top, layer.ink
    place = (x, y, x + layer.right - layer.left, y + layer.bottom - layer.top)
    if ink is None:
        canvas.im.paste(layer.colour, place)
    elif ink.mode != "L":
        canvas.im.paste(ink.im, place)
    elif ink.width * ink.height < SMALL:
        canvas.im.paste(layer.colour, place, ink.im)
    else:
        canvas.im.paste(Image.new(canvas.mode, ink.size, layer.colour).im, place, ink.im)


def _coloured(mask: Image.Image, ink: tuple[int, ...], ground: tuple[int, ...]) -> Image.Image:
    """Return a mask as an opaque image: by a palette, many times faster than blending."""
    image = Image.frombytes("P", mask.size, mask.tobytes())
    mode = OPAQUE if len(ink) == len(OPAQUE) else CLEAR
    image.putpalette(_ramp(ink, ground), mode)
    return image.convert(mode)


@lru_cache(maxsize=64)
def _ramp(ink: tuple[int, ...], ground: tuple[int, ...]) -> bytes:
    """Return the 256 colours from ground to ink."""
    return bytes(
        (low * (255 - cover) + high * cover + 127) // 255
        for cover in range(256)
        for low, high in zip(ground, ink, strict=True)
    )


def paint_pixels(scene: Scene) -> Image.Image:
    """Draw the whole picture, pixel by pixel."""
    canvas = paint(scene)
    if scene.step == 1:
        return canvas
    return canvas.resize((scene.width, scene.height), Image.Resampling.NEAREST)
