"""A scene is a list of flat layers in painter's order; every format is drawn from it, so all formats agree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

if TYPE_CHECKING:
    from mockserver.pictures.palettes import Shade

OPAQUE = "RGB"
CLEAR = "RGBA"
SUBJECT_ALPHA = 252
"""What the real API gives to the subject of a transparent picture (observed: 252 or 253, never 255)."""
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
    """A rectangle of one colour, or, with a mask, the colour as far as the mask covers. Heights are in rows."""

    left: int
    top: int
    right: int
    bottom: int
    colour: tuple[int, ...]
    """As many channels as the scene's mode."""
    mask: Image.Image | None = None
    """Mode L, exactly as large as the rectangle."""

    def meets(self, box: Box) -> bool:
        """Tell whether any of it lies in the box."""
        return (
            self.left < box.right
            and self.right > box.left
            and self.top < box.bottom
            and self.bottom > box.top
        )

    def hides(self, box: Box) -> bool:
        """Tell whether nothing below it can be seen in the box."""
        return (
            self.mask is None
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
            self.layers.append(Layer(left, top, right, bottom, self._colour(shade)))

    def stamp(self, mask: Image.Image, left: int, top: int, shade: Shade, within: Box | None = None) -> None:
        """Add a mask, whose rows are already `step` pixels high, at (left, top); `within` cuts off what sticks out."""
        box = within or Box(0, 0, self.width, self.height)
        row = top // self.step
        first, last = max(row, box.top // self.step), min(row + mask.height, box.bottom // self.step)
        start, end = max(left, box.left), min(left + mask.width, box.right)
        if first < last and start < end:
            if (end - start, last - first) != mask.size:
                mask = mask.crop((start - left, first - row, end - left, last - row))
            self.layers.append(Layer(start, first, end, last, self._colour(shade), mask))

    def _colour(self, shade: Shade) -> tuple[int, ...]:
        return shade if self.mode == OPAQUE else (*shade, SUBJECT_ALPHA)


def paint(scene: Scene, part: Box | None = None) -> Image.Image:
    """Draw the scene, or the part in a box whose top and bottom count rows of `step` pixels."""
    box = part or Box(0, 0, scene.width, scene.rows)
    seen = []
    for layer in reversed(scene.layers):
        if layer.meets(box):
            seen.append(layer)
            if layer.hides(box):
                break
    canvas = Image.new(scene.mode, (box.width, box.height))
    for layer in reversed(seen):
        left, top = layer.left - box.left, layer.top - box.top
        place = (left, top, left + layer.right - layer.left, top + layer.bottom - layer.top)
        canvas.paste(layer.colour, place, layer.mask)
    return canvas


def paint_pixels(scene: Scene) -> Image.Image:
    """Draw the whole picture, pixel by pixel."""
    canvas = paint(scene)
    if scene.step == 1:
        return canvas
    return canvas.resize((scene.width, scene.height), Image.Resampling.NEAREST)
