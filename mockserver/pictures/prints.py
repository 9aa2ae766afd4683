"""Pictures that came in, hung on the art as framed prints, so that a person sees at a glance which files arrived."""

from __future__ import annotations

from io import BytesIO
from itertools import chain
from math import isqrt
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image, ImageChops

from mockserver.pictures.palettes import mix
from mockserver.pictures.scene import OPAQUE, Box
from mockserver.pictures.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mockserver.pictures.palettes import Palette, Shade
    from mockserver.pictures.scene import Scene

WIDEST = 512
"""Pixels of a print's longer edge, times a scene's `step`: twice a thumbnail, more would only be blurred."""
MOST = 1 << 18
"""Pixels of all prints together, times the square of the step: photographs are slow to deflate."""
CHECK = 8
"""Pixels of a square of the checker that shows where a picture is clear."""
HATCH = 12
"""Pixels from one stroke of the hatching to the next; half of them are inked."""
LOUD = 220
"""Difference from paper, summed over red, green and blue, that makes a colour an accent."""
CLEARS = [255] * 128 + [0] * 128
"""What counts as clear in a mask, by its alpha."""

Size = tuple[int, int]
"""Width and height in pixels."""


class Mount(NamedTuple):
    """Pixels of what surrounds prints, in proportion to the wall they hang on."""

    air: int
    """Between the outermost prints and the edge of the wall."""
    gap: int
    """Between prints."""
    mat: int
    """Paper around a print."""
    line: int
    """The dark frame between print and mat."""


_shelf: Shelf[Image.Image] = Shelf(limit=8 << 20)


def hang(scene: Scene, wall: Box, palette: Palette, inputs: Sequence[bytes], mask: bytes | None) -> None:
    """Show `inputs` (small PNGs) in the middle of `wall`, the first one marked where `mask` is clear."""
    images = [_decoded(data) for data in inputs]
    mount = _mount(wall, scene.step)
    for index, (image, place) in enumerate(zip(images, _places(images, wall, mount, scene.step), strict=True)):
        _frame(scene, place, palette, mount)
        size = place.width, place.height // scene.step
        print_ = _on_checker(image, size, palette, scene.step)
        if mask and index == 0:
            _mark(print_, _decoded(mask), palette, scene.step)
        scene.show(print_, place.left, place.top)


def _decoded(data: bytes) -> Image.Image:
    """Return a thumbnail in mode RGB or RGBA; it is kept, because the pictures of one request share their inputs."""

    def make() -> tuple[int, Image.Image]:
        file = Image.open(BytesIO(data), formats=("PNG",))
        image = file.convert("RGBA" if file.has_transparency_data else OPAQUE)
        return len(data) + image.width * image.height * 4, image

    return _shelf.get(data, make)


def _mount(wall: Box, step: int) -> Mount:
    short = min(wall.width, wall.height)
    mat, line = (-(-short * part // 1000 // step) * step for part in (14, 4))
    mat, line = max(2, mat), max(step, line)
    return Mount(max(4, short * 8 // 100), max(2, short * 3 // 100), mat, line)


def _places(images: Sequence[Image.Image], wall: Box, mount: Mount, step: int) -> list[Box]:
    """Return where the prints go: in as many columns as show most of them."""
    rim = mount.mat + mount.line
    wide, high = (max(1, side - 2 * mount.air) for side in (wall.width, wall.height))
    widest = min(WIDEST, isqrt(MOST // len(images))) * step
    found: list[Box] = []
    most = -1
    for columns in range(1, len(images) + 1):
        rows = -(-len(images) // columns)
        room = ((wide - mount.gap * (columns - 1)) // columns, (high - mount.gap * (rows - 1)) // rows)
        cell = tuple(max(1, min(side - 2 * rim, widest)) for side in room)
        sizes = [_fitted(image.size, (cell[0], cell[1]), step) for image in images]
        shown = sum(width * height for width, height in sizes)
        if shown > most:
            most, found = shown, _set_out(sizes, columns, wall, rim * 2 + mount.gap, step)
    return found


def _fitted(size: Size, cell: Size, step: int) -> Size:
    """Return the largest size of the same proportions that fits into a cell, its height in whole rows."""
    (width, height), (wide, high) = size, cell
    if width * high > height * wide:
        high = height * wide // width
    else:
        wide = width * high // height
    return max(1, wide), max(step, high // step * step)


def _set_out(sizes: Sequence[Size], columns: int, wall: Box, apart: int, step: int) -> list[Box]:
    """Return the places of prints set in rows, `apart` pixels from each other, everything centred on the wall."""
    lines = [sizes[start : start + columns] for start in range(0, len(sizes), columns)]
    heights = [max(height for _, height in line) for line in lines]
    top = wall.top + (wall.height - sum(heights) - apart * (len(lines) - 1)) // 2
    places = []
    for line, high in zip(lines, heights, strict=True):
        left = wall.left + (wall.width - sum(width for width, _ in line) - apart * (len(line) - 1)) // 2
        for width, height in line:
            upper = (top + (high - height) // 2) // step * step
            places.append(Box(left, upper, left + width, upper + height))
            left += width + apart
        top += high + apart
    return places


def _frame(scene: Scene, place: Box, palette: Palette, mount: Mount) -> None:
    for rim, shade in ((mount.line + mount.mat, palette.paper), (mount.line, palette.ink)):
        scene.fill(Box(place.left - rim, place.top - rim, place.right + rim, place.bottom + rim), shade)


def _on_checker(image: Image.Image, size: Size, palette: Palette, step: int) -> Image.Image:
    """Return an opaque print of `size`."""
    shrinks = size[0] <= image.width and size[1] <= image.height
    scaled = image.resize(size, Image.Resampling.BOX if shrinks else Image.Resampling.BILINEAR)
    if scaled.mode == OPAQUE:
        return scaled
    print_ = _checker(size, step, (mix(palette.paper, palette.small, 1, 8), mix(palette.paper, palette.small, 1, 3)))
    print_.paste(scaled.convert(OPAQUE), (0, 0), scaled.getchannel("A"))
    return print_


def _checker(size: Size, step: int, shades: tuple[Shade, Shade]) -> Image.Image:
    across, down = CHECK * step, CHECK
    columns, rows = -(-size[0] // across), -(-size[1] // down)
    light = bytes(255 * ((x + y) % 2) for y in range(rows) for x in range(columns))
    squares = Image.frombytes("L", (columns, rows), light)
    squares = squares.resize((columns * across, rows * down), Image.Resampling.NEAREST).crop((0, 0, *size))
    ground = Image.new(OPAQUE, size, shades[0])
    ground.paste(shades[1], (0, 0), squares)
    return ground


def _mark(print_: Image.Image, mask: Image.Image, palette: Palette, step: int) -> None:
    """Hatch and outline the region in which a mask is clear; a mask without alpha has none."""
    if "A" not in mask.getbands():
        return
    clear = mask.getchannel("A").point(CLEARS).resize(print_.size)
    if (region := clear.getbbox()) is None:
        return
    edge = max(1, min(print_.size) // 120)
    box = Box(*(near - 2 * edge for near in region[:2]), *(far + 2 * edge for far in region[2:]))
    box = Box(max(0, box.left), max(0, box.top), min(clear.width, box.right), min(clear.height, box.bottom))
    clear = clear.crop(box)
    strokes = ImageChops.darker(clear, _strokes(clear.size, step))
    layers = (clear, strokes, _outline(clear, edge * 2), _outline(clear, edge))
    codes = Image.new("L", clear.size)
    for code, layer in enumerate(layers, 1):
        codes = ImageChops.lighter(codes, layer.point([0] * 128 + [code] * 128))
    accent = _accent(palette)
    colours = ((*palette.paper, 0), (*palette.paper, 128), (*accent, 255), (*palette.ink, 255), (*accent, 255))
    overlay = Image.frombytes("P", codes.size, codes.tobytes())
    overlay.putpalette(bytes(chain.from_iterable(colours)), "RGBA")
    overlay = overlay.convert("RGBA")
    print_.paste(overlay.convert(OPAQUE), box, overlay.getchannel("A"))


def _accent(palette: Palette) -> Shade:
    """Return the first of the palette's loud colours that nobody takes for paper."""

    def contrast(shade: Shade) -> int:
        return sum(abs(one - two) for one, two in zip(shade, palette.paper, strict=True))

    loud = (palette.sun, palette.tones[4], palette.tones[1])
    return next((shade for shade in loud if contrast(shade) >= LOUD), palette.ink)


def _strokes(size: Size, step: int) -> Image.Image:
    """Return slanting strokes, as a mask."""
    width, height = size
    period = HATCH * step
    row = (b"\xff" * (period // 2) + bytes(period // 2)) * (2 + (width + height * step) // period)
    return Image.frombytes("L", size, b"".join(row[y * step % period :][:width] for y in range(height)))


def _outline(clear: Image.Image, edge: int) -> Image.Image:
    """Return the pixels less than `edge` away from the border of a region, inside and outside, as a mask."""
    grown = shrunk = clear
    for shift in ((edge, 0), (-edge, 0), (0, edge), (0, -edge)):
        moved = Image.new("L", clear.size)
        moved.paste(clear, shift)
        grown, shrunk = ImageChops.lighter(grown, moved), ImageChops.darker(shrunk, moved)
    return ImageChops.subtract(grown, shrunk)
