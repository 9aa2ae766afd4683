"""The parts pictures are made of: shapes, compositions in boxes, caches with bounds, the packed font."""

from __future__ import annotations

import runpy
import struct
import sys
import zlib
from contextlib import suppress
from io import BytesIO
from math import pi
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageFont

from mockserver.pictures import deflate, pack_unifont, shapes, unifont
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
    pieces = shapes._symmetric(lambda _: 5 * shapes.UNIT, 40)  # noqa: SLF001 - no public shape has such sides
    assert not any(piece.mask for piece in pieces)
    assert sum((piece.right - piece.left) * (piece.bottom - piece.top) for piece in pieces) == 400


@pytest.mark.parametrize(
    ("shape", "share"),
    [(shapes.disc(64, 1), pi / 4), (shapes.peak(300, 50, 1), 1 / 2), (shapes.cap(90, 90, 1), pi / 4)],
    ids=["disc", "peak", "half disc"],
)
@pytest.mark.parametrize("size", [(16, 16), (30, 9), (100, 80)], ids=str)
def test_the_rough_mask_is_like_the_shape(shape: shapes.Shape, share: float, size: tuple[int, int]) -> None:
    """A partial image shows the same shape, in whatever few pixels it has."""
    mask = shape.rough(*size)
    assert mask.size == size
    assert sum(mask.tobytes()) / 255 / (size[0] * size[1]) == pytest.approx(share, rel=0.05)


@pytest.mark.parametrize("box", [(-5, -5, 4, 3), (6, 4, 99, 99), (-9, 4, 99, 5), (0, 10, 9, 12)], ids=str)
def test_what_sticks_out_of_the_picture_is_cut_off(box: tuple[int, int, int, int]) -> None:
    """A rectangle may lie anywhere, even outside."""
    scene, expected = Scene(10, 10), Image.new("RGB", (10, 10))
    scene.fill(Box(*box), WHITE)
    expected.paste(WHITE, box)
    assert paint(scene).tobytes() == expected.tobytes()


@pytest.mark.parametrize("limits", [(0, 0, 300, 300), (-9, 20, 30, 90), (-300, 40, 0, 300), (64, 0, 99, 9)], ids=str)
def test_a_shape_is_cut_to_limits(limits: tuple[int, int, int, int]) -> None:
    """What is left has the pixels of the whole shape."""
    whole, cut = Scene(300, 300), Scene(300, 300)
    left, top, right, bottom = limits
    box = Box(max(0, 100 + left), 50 + top, 100 + right, 50 + bottom)
    for scene, place in ((whole, Box(0, 0, 300, 300)), (cut, box)):
        scene.stamp(shapes.disc(64, 1), 100, 50, WHITE, place)
    expected = Image.new("RGB", (300, 300))
    expected.paste(paint(whole).crop(box), box)
    assert paint(cut).tobytes() == expected.tobytes()


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


def test_packing_is_a_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m` runs the same command with what stands on its line."""
    font = ImageFont.load_default(16)
    assert isinstance(font, ImageFont.FreeTypeFont)
    assert isinstance(font.path, BytesIO)
    (tmp_path / "unifont.hex").write_text("0042:" + "18" * 16 + "\n")
    (tmp_path / "upper.otf").write_bytes(font.path.getvalue())
    files = [str(tmp_path / name) for name in ("unifont.hex", "upper.otf", "unifont.bin")]
    monkeypatch.setattr(sys, "argv", ["pack_unifont", *files])
    runpy.run_path(str(pack_unifont.__file__), run_name="__main__")
    assert (tmp_path / "unifont.bin").read_bytes().startswith(unifont.MAGIC)


def test_an_outline_becomes_a_bitmap() -> None:
    """Rasterised glyphs have Unifont's shape: 16 rows, the baseline two rows from the bottom."""
    font = ImageFont.load_default(16)
    assert isinstance(font, ImageFont.FreeTypeFont)
    bits = pack_unifont._bitmap(font, ord("E"))  # noqa: SLF001 - the step that has no file
    image = Image.frombytes("1", (len(bits) // 2, 16), bits)
    box = image.getbbox()
    assert box is not None
    assert box[3] == 14


@pytest.mark.parametrize("name", ["zlib", "isal.isal_zlib"])
def test_a_compressor_forgets_between_pieces(name: str) -> None:
    """Pieces can be joined in any order, and the same piece is the same bytes whatever came before."""
    library = pytest.importorskip(name)
    pair = deflate.Pair(library, 0 if name != "zlib" else 1)
    for deflater in (pair.little, pair.much):
        pieces = [b"row" * 500, bytes(70_000), bytes(range(256)) * 9, b"row" * 500]
        made = [deflater.compress(piece) + deflater.flush(deflate.FULL_FLUSH) for piece in pieces]
        assert made[0] == made[3]
        assert zlib.decompress(b"".join([*reversed(made), b"\x03\0"]), -15) == b"".join(reversed(pieces))
        assert library.adler32(pieces[2], 7) == zlib.adler32(pieces[2], 7)


def test_zlib_takes_the_place_of_what_is_missing() -> None:
    """Without the faster library pictures are drawn all the same."""
    assert deflate.load(("mockserver.no_such_module", "zlib")) is zlib
    assert deflate.load(("zlib", "mockserver.no_such_module")) is zlib


def test_a_compressor_is_not_lent_twice_nor_kept_after_a_fault() -> None:
    """Two threads never share one, and half a piece is never left in the next picture."""
    with deflate.borrowed() as first, deflate.borrowed() as second:
        assert first is not second
    with suppress(ZeroDivisionError), deflate.borrowed() as spoilt:
        raise ZeroDivisionError
    with deflate.borrowed() as third, deflate.borrowed() as fourth:
        assert spoilt is not third
        assert spoilt is not fourth
