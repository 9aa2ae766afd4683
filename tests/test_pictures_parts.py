"""The parts pictures are made of: shapes, compositions in boxes, caches with bounds, the packed font."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from math import pi
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageFont

from mockserver.pictures import pack_unifont, shapes, unifont
from mockserver.pictures.dice import Dice
from mockserver.pictures.layout import ARTS
from mockserver.pictures.palettes import PALETTES
from mockserver.pictures.scene import Box, Scene, paint
from mockserver.pictures.shelf import Shelf

if TYPE_CHECKING:
    from pathlib import Path

WHITE = (255, 255, 255)
GROUND = (1, 2, 3)


def area(shape: shapes.Shape, step: int) -> float:
    """Return how many pixels a shape covers."""
    scene = Scene(700, 700)
    scene.step = step
    scene.stamp(shape, 350, 0, WHITE, Box(0, 0, 700, 700))
    return sum(paint(scene).getchannel("R").tobytes()) / 255 * step


@pytest.mark.parametrize("step", [1, 2])
@pytest.mark.parametrize("radius", [2, 10, 64, 300])
def test_a_disc_covers_its_area(radius: int, step: int) -> None:
    """Pieces fit together without gap or overlap, and edges are as smooth as they should be."""
    assert area(shapes.disc(radius, step), step) == pytest.approx(pi * radius**2, rel=0.02, abs=1)


@pytest.mark.parametrize("step", [1, 2])
@pytest.mark.parametrize(("half", "height"), [(20, 8), (64, 128), (300, 250)])
def test_a_peak_covers_its_area(half: int, height: int, step: int) -> None:
    """A triangle covers half its box."""
    assert area(shapes.peak(half, height, step), step) == pytest.approx(half * height, rel=0.02)


def test_a_shape_with_upright_sides_needs_no_edges() -> None:
    """Where a shape ends on whole pixels there is nothing to smooth."""
    shape = shapes._symmetric(lambda _: 5 * shapes.UNIT, 40)  # noqa: SLF001 - no public shape has such sides
    assert not any(piece.mask for piece in shape.pieces)
    assert area(shape, 1) == 400


def test_the_rough_mask_is_like_the_shape() -> None:
    """A partial image shows the same disc."""
    shape = shapes.disc(64, 1)
    assert shape.rough.mask is not None
    assert sum(shape.rough.mask.tobytes()) / 255 * 64 == pytest.approx(pi * 64**2, rel=0.02)


@pytest.mark.parametrize("box", [(40, 40, 460, 300), (0, 0, 500, 120), (100, 0, 180, 500), (10, 10, 42, 42)], ids=str)
@pytest.mark.parametrize("art", ARTS, ids=lambda art: art.__name__)
def test_a_composition_fills_its_box_and_no_more(art: object, box: tuple[int, int, int, int]) -> None:
    """Whatever its proportions: nothing is drawn outside, no pixel inside stays bare."""
    draw = next(each for each in ARTS if each is art)
    for number in range(12):
        scene = Scene(500, 500)
        scene.fill(Box(0, 0, 500, 500), GROUND)
        draw(scene, Box(*box), PALETTES[number], Dice(str(number)))
        image = paint(scene)
        inside = image.crop(box)
        assert GROUND not in {colour for _, colour in inside.getcolors(1 << 20) or []}
        image.paste(GROUND, box)
        assert image.getcolors() == [(500 * 500, GROUND)]


def test_a_shelf_holds_no_more_than_its_limit() -> None:
    """The least recently used value leaves."""
    shelf: Shelf[str] = Shelf(limit=10)
    made = []

    def value(key: str) -> str:
        def make() -> tuple[int, str]:
            made.append(key)
            return 4, key

        return shelf.get(key, make)

    for key in "abacab":
        assert value(key) == key
    assert made == ["a", "b", "c", "b"]


def test_a_shelf_keeps_the_first_of_two_made_at_once() -> None:
    """When two threads make the same value, it is counted once."""
    shelf: Shelf[str] = Shelf(limit=10)
    shelf.get("key", lambda: (6, shelf.get("key", lambda: (6, "inner"))))
    assert shelf.get("key", lambda: (6, "never")) == "inner"


def test_dice_are_fair_enough() -> None:
    """Every number comes up, and draws depend on the seed alone."""
    drawn = [Dice(str(number)).upto(6) for number in range(200)]
    assert set(drawn) == set(range(6))
    assert drawn == [Dice(str(number)).upto(6) for number in range(200)]


def test_packed_glyphs_are_read_as_they_were() -> None:
    """A block is: 256 kinds, then the bitmaps in the order of their code points."""
    glyphs = pack_unifont.read_hex("0041:" + "18" * 16 + "\n0042:" + "0FF0" * 16 + "\n0000:" + "AA" * 16 + "\n")
    assert set(glyphs) == {0x41, 0x42}
    packed = pack_unifont.pack(glyphs)
    magic, count = unifont.HEADER.unpack_from(packed)
    number, offset, length = unifont.ENTRY.unpack_from(packed, unifont.HEADER.size)
    assert (magic, count, number, offset + length) == (unifont.MAGIC, 1, 0, len(packed))
    block = zlib.decompress(packed[offset:])
    assert block[0x41:0x43] == b"\x01\x02"
    assert block[256:] == b"\x18" * 16 + b"\x0f\xf0" * 16


def test_packing_is_a_command(tmp_path: Path) -> None:
    """The font's two files go in, one packed file comes out."""
    font = ImageFont.load_default(16)
    assert isinstance(font, ImageFont.FreeTypeFont)
    source, upper, target = tmp_path / "unifont.hex", tmp_path / "upper.otf", tmp_path / "unifont.bin"
    source.write_text("0041:" + "18" * 16 + "\n")
    assert isinstance(font.path, BytesIO)
    upper.write_bytes(font.path.getvalue())
    pack_unifont.main([str(source), str(upper), str(target)])
    assert struct.unpack_from(">8sH", target.read_bytes()) == (unifont.MAGIC, 1)


def test_an_outline_becomes_a_bitmap() -> None:
    """Rasterised glyphs have Unifont's shape: 16 rows, the baseline two rows from the bottom."""
    font = ImageFont.load_default(16)
    assert isinstance(font, ImageFont.FreeTypeFont)
    bits = pack_unifont._bitmap(font, ord("E"))  # noqa: SLF001 - the step that has no file
    image = Image.frombytes("1", (len(bits) // 2, 16), bits)
    box = image.getbbox()
    assert box is not None
    assert box[3] == 14
