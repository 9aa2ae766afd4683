"""A scene is a list of flat layers in painter's order; every format is drawn from it, so all formats agree."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

if TYPE_CHECKING:
    from mockserver.pictures.palettes import Shade
    from mockserver.pictures.shapes import Piece, Shape

OPAQUE = "RGB"
CLEAR = "RGBA"
SUBJECT_ALPHA = 252
"""What the real API gives to the subject of a transparent picture (observed: 252 or 253, never 255)."""
SMALL = 4000
"""Pixels; laying a larger plain image through a mask is twice as fast as laying a colour through it."""
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


@dataclass(slots=True)
class Scene:
    """One picture before it is encoded: layers are added in pixels and kept in rows of `step` pixels."""

    width: int
    height: int
    mode: str = OPAQUE
    layers: list[Layer] = field(default_factory=list)
    """For the finished picture: shapes are cut into pieces, because large masks are slow to lay."""
    rough: list[Layer] = field(default_factory=list)
    """The same for a picture of few tiles: a shape is one small mask, to be stretched."""
    step: int = field(init=False)

    def __post_init__(self) -> None:
        self.step = 2 if max(self.width, self.height) >= LARGE and self.height % 2 == 0 else 1

    @property
    def rows(self) -> int:
        """Height in rows of `step` pixels."""
        return self.height // self.step

    def fill(self, box: Box, shade: Shade) -> None:
        """Add a rectangle; what sticks out of the picture is cut off."""
        left, right = max(0, box.left), min(self.width, box.right)
        top, bottom = max(0, box.top // self.step), min(self.rows, box.bottom // self.step)
        if left < right and top < bottom:
            layer = Layer(left, top, right, bottom, self._colour(shade))
            self.layers.append(layer)
            self.rough.append(layer)

    def stamp(self, shape: Shape, middle: int, top: int, shade: Shade, box: Box) -> None:
        """Add a shape below (middle, top); what sticks out of the box is cut off."""
        limits = Box(box.left, box.top // self.step, box.right, box.bottom // self.step)
        colour, row = self._colour(shade), top // self.step
        for kept, pieces in ((self.layers, shape.pieces), (self.rough, (shape.rough,))):
            placed = [_placed(piece, middle, row, colour, limits) for piece in pieces]
            kept += [layer for layer in placed if layer]

    def write(self, ink: Image.Image, left: int, top: int, shades: tuple[Shade, Shade]) -> None:
        """Add a line of text, whose rows are `step` pixels high, in the first shade on a ground of the second."""
        image = _coloured(ink, self._colour(shades[0]), self._colour(shades[1]))
        row = top // self.step
        layer = Layer(left, row, left + ink.width, row + ink.height, self._colour(shades[0]), image)
        self.layers.append(layer)
        self.rough.append(layer)

    def show(self, image: Image.Image, left: int, top: int) -> None:
        """Add an opaque image in mode RGB, whose rows are `step` pixels high; it must lie inside the picture."""
        if self.mode == CLEAR:
            image = image.convert(CLEAR)
            image.putalpha(SUBJECT_ALPHA)
        row = top // self.step
        layer = Layer(left, row, left + image.width, row + image.height, (0,) * len(self.mode), image)
        self.layers.append(layer)
        self.rough.append(layer)

    def _colour(self, shade: Shade) -> tuple[int, ...]:
        return shade if self.mode == OPAQUE else (*shade, SUBJECT_ALPHA)


def _placed(piece: Piece, middle: int, row: int, colour: tuple[int, ...], limits: Box) -> Layer | None:
    """Return the layer of a piece, cut to the limits; None if it lies outside."""
    left, top, right, bottom = piece.left + middle, piece.top + row, piece.right + middle, piece.bottom + row
    if left >= limits.left and top >= limits.top and right <= limits.right and bottom <= limits.bottom:
        return Layer(left, top, right, bottom, colour, piece.mask)
    box = Box(max(left, limits.left), max(top, limits.top), min(right, limits.right), min(bottom, limits.bottom))
    if box.left >= box.right or box.top >= box.bottom:
        return None
    mask = piece.mask
    if mask:
        across, down = (right - left) // mask.width or 1, (bottom - top) // mask.height or 1  # more than 1 if rough
        near = ((box.left - left) // across, (box.top - top) // down)
        mask = mask.crop((*near, -(-(box.right - left) // across), -(-(box.bottom - top) // down)))
    return Layer(*box, colour, mask)


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
    canvas = Image.new(scene.mode, (box.width, box.height))
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
