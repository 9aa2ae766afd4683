"""Pictures that came in are shown: every one of them, whole, in its proportions, with the masked region marked."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace

import pytest
from PIL import Image

from mockserver.pictures import Picture, prints, render
from mockserver.pictures.layout import Words, compose
from mockserver.pictures.palettes import PALETTES
from mockserver.pictures.scene import Box, Scene, paint_pixels

COLOURS = tuple((40 + 53 * n % 200, 30 + 97 * n % 220, 20 + 151 * n % 230) for n in range(16))
"""Colours that no palette has."""
SHAPES = ((256, 256), (256, 144), (171, 256), (256, 1), (1, 256), (9, 7))
SIZES = ((256, 256), (1024, 1024), (1536, 1024), (768, 256), (256, 768), (2304, 1024))
LABEL = "gpt-image-1"


def png(image: Image.Image) -> bytes:
    """Return the file of an image."""
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def thumbnail(number: int, size: tuple[int, int] = (256, 256)) -> bytes:
    """Return one of sixteen plain thumbnails."""
    return png(Image.new("RGB", size, COLOURS[number]))


def mask(size: tuple[int, int] = (256, 256)) -> bytes:
    """Return a mask whose left half is clear."""
    image = Image.new("RGBA", size, (0, 0, 0, 255))
    image.paste((0, 0, 0, 0), (0, 0, size[0] // 2, size[1]))
    return png(image)


def picture(number: int, width: int = 512, height: int = 512) -> Picture:
    """Return a picture without inputs."""
    return Picture(hashlib.sha256(b"edit %d" % number).hexdigest(), "add a hat", LABEL, width, height)


def pixels(spec: Picture) -> Image.Image:
    """Return a picture's file, decoded."""
    image = Image.open(io.BytesIO(render(spec)))
    image.load()
    return image


def amounts(image: Image.Image) -> dict[tuple[int, ...], int]:
    """Return how many pixels have each opaque colour."""
    found = image.convert("RGB").getcolors(1 << 24)
    return {colour: count for count, colour in found or () if isinstance(colour, tuple)}


@pytest.mark.parametrize("tiles", [None, 8, 32], ids=["finished", "rough", "finer"])
@pytest.mark.parametrize("output_format", ["png", "jpeg", "webp"])
def test_inputs_change_the_picture(output_format: str, tiles: int | None) -> None:
    """The finished and the partial pictures of every format show what came in."""
    spec = replace(picture(0), output_format=output_format, tiles=tiles)  # type: ignore[arg-type]  # one of the three
    images = [pixels(replace(spec, inputs=inputs)) for inputs in ((), (thumbnail(0),), (thumbnail(1),))]
    assert len({image.tobytes() for image in images}) == 3


@pytest.mark.parametrize("transparent", [False, True], ids=["opaque", "transparent"])
@pytest.mark.parametrize("count", [1, 3, 16])
@pytest.mark.parametrize("size", [*SIZES, (3840, 2160)], ids=str)
def test_every_thumbnail_is_found_in_the_picture(size: tuple[int, int], count: int, transparent: bool) -> None:
    """None is left out, hidden by another or by the text; together they take up a good part of the picture."""
    inputs = tuple(thumbnail(number) for number in range(count))
    for number in range(2):
        spec = replace(picture(number + count, *size), inputs=inputs, transparent=transparent)
        found = amounts(pixels(spec))
        shown = [found[COLOURS[each]] for each in range(count)]
        assert min(shown) == max(shown) >= 80
        assert sum(shown) >= 0.02 * min(size) ** 2


@pytest.mark.parametrize("transparent", [False, True], ids=["opaque", "transparent"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_prints_are_encoded_exactly(size: tuple[int, int], transparent: bool) -> None:
    """The handmade PNG has the pixels that the other formats get, whatever the proportions of the inputs."""
    inputs = tuple(thumbnail(number, shape) for number, shape in enumerate(SHAPES))
    for number in range(3):
        spec = replace(picture(number, *size), inputs=inputs, mask=mask(), transparent=transparent)
        words = Words(spec.digest, spec.prompt, spec.caption, inputs, spec.mask)
        assert pixels(spec).tobytes() == paint_pixels(compose(words, *size, transparent=transparent)).tobytes()


@pytest.mark.parametrize("shape", [(1, 1000), (1000, 1), (256, 64), (100, 256)], ids=str)
@pytest.mark.parametrize("step", [1, 2])
def test_prints_keep_their_proportions(shape: tuple[int, int], step: int) -> None:
    """A print is as wide to its height as the thumbnail, to the pixel; a sliver stays visible."""
    ((left, top, right, bottom),) = prints._places(  # noqa: SLF001 - the rule itself
        [Image.new("L", shape)], Box(0, 0, 900, 900), prints.Mount(10, 10, 4, 2), step
    )
    wide, high = right - left, bottom - top
    assert wide >= 1 <= high
    assert abs(wide * shape[1] - high * shape[0]) <= step * max(shape)


@pytest.mark.parametrize("wall", [(0, 0, 900, 500), (10, 10, 110, 700), (5, 5, 70, 60), (0, 0, 1900, 240)], ids=str)
@pytest.mark.parametrize("count", range(1, 17))
def test_prints_lie_apart_and_on_the_wall(wall: tuple[int, int, int, int], count: int) -> None:
    """Not even the mats of two prints overlap."""
    box = Box(*wall)
    mount = prints._mount(box, 1)  # noqa: SLF001 - the rule itself
    images = [Image.new("L", SHAPES[number % 3]) for number in range(count)]
    canvas = Image.new("L", (2000, 800))
    rim = mount.mat + mount.line
    for place in prints._places(images, box, mount, 1):  # noqa: SLF001 - the rule itself
        framed = (place.left - rim, place.top - rim, place.right + rim, place.bottom + rim)
        assert canvas.crop(framed).getbbox() is None
        canvas.paste(255, framed)
    inside = canvas.getbbox()
    assert inside is not None
    assert (inside[0] >= box.left, inside[1] >= box.top, inside[2] <= box.right, inside[3] <= box.bottom) == (True,) * 4


def test_a_clear_thumbnail_lies_on_a_checker() -> None:
    """What is clear shows two calm shades; what is opaque is unchanged."""
    half = Image.new("RGBA", (200, 200), (*COLOURS[0], 0))
    half.paste((*COLOURS[1], 255), (0, 0, 100, 200))
    found = amounts(pixels(replace(picture(1), inputs=(png(half),))))
    checks = amounts(prints._checker((64, 64), 1, ((1, 2, 3), (4, 5, 6))))  # noqa: SLF001 - the ground itself
    assert set(checks.values()) == {2048}
    assert COLOURS[0] not in found
    assert found[COLOURS[1]] > 1000


@pytest.mark.parametrize("step", [1, 2])
@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
def test_the_masked_region_is_marked_and_nothing_else(palette: object, step: int) -> None:
    """The clear half of the mask is tinted, hatched and outlined on the first print; the rest is untouched."""
    row = next(row for row in PALETTES if row is palette)
    scene = Scene(800, 400)
    scene.step = step
    inputs = [thumbnail(0), thumbnail(1)]
    prints.hang(scene, Box(0, 0, 800, 400), row, inputs, mask())
    first, second = [layer.ink for layer in scene.layers if layer.ink]
    assert second.getcolors() == [(second.width * second.height, COLOURS[1])]
    left = first.crop((0, 0, first.width // 2 - 10, first.height))
    right = first.crop((first.width // 2 + 10, 0, first.width, first.height))
    assert right.getcolors() == [(right.width * right.height, COLOURS[0])]
    marked = amounts(left)
    assert COLOURS[0] not in marked
    assert len(marked) >= 3
    accent = prints._accent(row)  # noqa: SLF001 - what it is hatched with
    assert accent in {row.sun, *row.tones}
    assert 0.3 * left.width * left.height < marked[accent] < 0.8 * left.width * left.height


@pytest.mark.parametrize("mode", ["RGB", "RGBA"], ids=["no alpha", "all opaque"])
def test_a_mask_without_a_clear_region_marks_nothing(mode: str) -> None:
    """There is nothing to be edited, and nothing is hatched."""
    spec = replace(picture(2), inputs=(thumbnail(0),))
    opaque = png(Image.new(mode, (256, 256), (9,) * 3 if mode == "RGB" else (9, 9, 9, 255)))
    assert render(replace(spec, mask=opaque)) == render(spec)


def test_a_mask_without_inputs_changes_nothing() -> None:
    """There is no picture to mark."""
    assert render(replace(picture(2), mask=mask())) == render(picture(2))


def test_the_mask_belongs_to_the_first_input() -> None:
    """In whatever order two inputs come, the first one is hatched."""
    spec = replace(picture(3, 1024, 1024), mask=mask())
    for first, second in ((0, 1), (1, 0)):
        found = amounts(pixels(replace(spec, inputs=(thumbnail(first), thumbnail(second)))))
        assert found[COLOURS[first]] < found[COLOURS[second]]


@pytest.mark.parametrize("size", [(1024, 1024), (1536, 1024), (1024, 1536)], ids=str)
def test_without_a_prompt_there_is_no_empty_panel(size: tuple[int, int]) -> None:
    """A variation has no prompt: the art reaches from one side to the other, or has the same margin on both."""
    for number in range(12):
        spec = replace(picture(number, *size), prompt="", inputs=(thumbnail(0),))
        words = Words(spec.digest, "", spec.caption, spec.inputs)
        scene = compose(words, *size, transparent=False)
        print_ = scene.layers[-1]
        assert abs(print_.left - (scene.width - print_.right)) <= 1


def test_a_picture_with_inputs_is_the_same_every_time() -> None:
    """Neither what is kept nor what was drawn before decides a pixel."""
    spec = replace(picture(4), inputs=tuple(map(thumbnail, range(3))), mask=mask())
    first = render(spec)
    compose.cache_clear()
    prints._shelf = type(prints._shelf)(limit=0)  # noqa: SLF001 - forgets what was decoded
    assert render(spec) == first


def test_text_stays_where_it_is_legible() -> None:
    """No print lies on a line of text: the words' layers are the last to be laid, or lie elsewhere."""
    for number in range(24):
        spec = replace(picture(number, 400, 320), inputs=tuple(map(thumbnail, range(5))))
        scene = compose(Words(spec.digest, "add a hat " * 9, LABEL, spec.inputs), 400, 320, transparent=False)
        places = [layer for layer in scene.layers if layer.ink and layer.ink.mode == scene.mode]
        canvas = Image.new("L", (400, 320))
        for layer in places:
            assert canvas.crop(layer[:4]).getbbox() is None
            canvas.paste(255, layer[:4])
