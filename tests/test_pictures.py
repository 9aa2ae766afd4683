"""Pictures: exact pixels in every format, the same every time, and files that keep their promises."""

from __future__ import annotations

import hashlib
import io
import struct
import subprocess
import sys
import zlib
from collections import Counter
from dataclasses import replace

import pytest
from PIL import Image, ImageChops, ImageStat

from mockserver.pictures import Picture, read_digest, render
from mockserver.pictures.layout import Words, compose
from mockserver.pictures.palettes import PALETTES, Shade
from mockserver.pictures.scene import paint_pixels

SIZES = (
    (256, 256),
    (512, 512),
    (1024, 1024),
    (1024, 1536),
    (1536, 1024),
    (1122, 1402),
    (1254, 1254),
    (1672, 941),
    (768, 256),
    (256, 768),
    (2048, 1152),
    (3840, 2160),
    (1280, 3840),
)
FORMATS = ("png", "jpeg", "webp")
PROMPTS = ("a red fox sleeping in fresh snow", "cat", "An isometric bookshop on a rainy evening, warm light " * 3)


def picture(number: int, width: int = 512, height: int = 512) -> Picture:
    """Return one of many different pictures."""
    digest = hashlib.sha256(b"picture %d" % number).hexdigest()
    return Picture(
        digest, PROMPTS[number % len(PROMPTS)], f"gpt-image-1 \u00b7 {width}x{height} \u00b7 1/1", width, height
    )


def opened(data: bytes) -> Image.Image:
    """Return a file decoded."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def painted(spec: Picture) -> Image.Image:
    """Return the picture as Pillow draws it, which is what the JPEG and WebP encoders get."""
    words = Words(spec.digest, spec.prompt, spec.caption)
    return paint_pixels(compose(words, spec.width, spec.height, transparent=spec.transparent))


def chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """Return the chunks of a PNG file, checking every CRC."""
    found, at = [], 8
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + size]
        assert struct.unpack_from(">I", data, at + 8 + size)[0] == zlib.crc32(name + body)
        found.append((name, body))
        at += size + 12
    return found


def error(one: Image.Image, two: Image.Image) -> float:
    """Return the mean absolute difference of two images."""
    return sum(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), two.convert("RGB"))).mean)


@pytest.mark.parametrize("transparent", [False, True], ids=["opaque", "transparent"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_handmade_png_has_the_pixels_pillow_draws(size: tuple[int, int], transparent: bool) -> None:
    """Cutting into bands, filtering and joining pieces must not change a pixel."""
    for number in range(3):
        spec = replace(picture(number, *size), transparent=transparent)
        image = opened(render(spec))
        assert (image.mode, image.size) == ("RGBA" if transparent else "RGB", size)
        assert image.tobytes() == painted(spec).tobytes()


@pytest.mark.parametrize("number", range(40))
def test_every_composition_is_encoded_exactly(number: int) -> None:
    """Forty digests meet all compositions and layouts."""
    spec = picture(number, 272 + 16 * (number % 7), 304)
    assert opened(render(spec)).tobytes() == painted(spec).tobytes()


@pytest.mark.parametrize("output_format", FORMATS)
@pytest.mark.parametrize("size", SIZES[:10], ids=str)
def test_a_file_has_the_format_and_size_asked_for(size: tuple[int, int], output_format: str) -> None:
    """Format, width and height are exact; an opaque picture has three channels."""
    image = opened(render(replace(picture(1, *size), output_format=output_format)))  # type: ignore[arg-type]  # of FORMATS
    assert (image.format, image.size, image.mode) == (output_format.upper(), size, "RGB")


@pytest.mark.parametrize(("transparent", "colour_type"), [(False, 2), (True, 6)])
def test_the_chunks_of_a_png(transparent: bool, colour_type: int) -> None:
    """IHDR, our own, one IDAT, IEND; 8 bit, not interlaced."""
    found = chunks(render(replace(picture(2), transparent=transparent, least_bytes=100_000)))
    assert [name for name, _ in found] == [b"IHDR", b"tEXt", b"mkFl", b"IDAT", b"IEND"]
    assert found[0][1] == struct.pack(">IIBBBBB", 512, 512, 8, colour_type, 0, 0, 0)


@pytest.mark.parametrize("output_format", FORMATS)
def test_the_same_picture_gives_the_same_bytes(output_format: str) -> None:
    """Rendering has no memory, no clock and no chance."""
    spec = replace(picture(3), output_format=output_format)  # type: ignore[arg-type]  # of FORMATS
    first = render(spec)
    for number in range(20):
        render(picture(number, 256, 256))
    compose.cache_clear()
    assert render(spec) == first


PINNED = {
    0: "f5c23f2de74ae00f2c8c407a934df7c0a81efb35033f9819e1097e87d5aaa8da",
    1: "f29f395dfd0fe3d6b9335a8dc464a00ae5731a8c0ab96e3c65bd07fe6314f26a",
    2: "2c60ee916ec44ede820dbb6ca63e1beb7b533bdb3a5dedadcb0c66d8facadf6f",
    3: "0b3d477f73aa45c6cefc0075c5cfe632f1a804c15911abb089e36be6efd399a9",
    4: "f4fc999982693dd2ad658e3d2b56c9151325ebdffd46394081524c742ea16391",
    5: "8280eeb26de9aa997780c1e6f76b258bb906d10de8b4b26c8788865e2527b030",
}


@pytest.mark.parametrize("number", PINNED)
def test_pixels_are_the_same_everywhere(number: int) -> None:
    """A change of these sums is a change of every user's pictures."""
    assert hashlib.sha256(opened(render(picture(number))).tobytes()).hexdigest() == PINNED[number]


@pytest.mark.parametrize("size", [(256, 256), (1024, 1024), (1536, 1024), (3840, 2160)], ids=str)
@pytest.mark.parametrize("output_format", ["png", "webp"])
def test_a_transparent_picture_is_partly_clear(size: tuple[int, int], output_format: str) -> None:
    """At least 30 percent are clear, and the subject has the alpha of the real API."""
    spec = replace(picture(4, *size), transparent=True, output_format=output_format)  # type: ignore[arg-type]  # of both
    image = opened(render(spec))
    shares = Counter(image.getchannel("A").tobytes())
    assert set(shares) == {0, 252}
    assert shares[0] >= 0.3 * size[0] * size[1]


def test_a_transparent_jpeg_is_opaque() -> None:
    """JPEG has no alpha; the picture then fills its frame."""
    spec = replace(picture(4), output_format="jpeg")
    assert render(replace(spec, transparent=True)) == render(spec)


@pytest.mark.parametrize("output_format", ["jpeg", "webp"])
@pytest.mark.parametrize("number", range(4))
def test_less_compression_value_is_a_smaller_file(number: int, output_format: str) -> None:
    """`output_compression` 0 to 100 goes with the size of the file."""
    spec = replace(picture(number, *SIZES[number]), output_format=output_format)  # type: ignore[arg-type]  # of both
    lengths = [len(render(replace(spec, compression=compression))) for compression in (0, 25, 50, 75, 100)]
    assert lengths == sorted(set(lengths))


def test_a_jpeg_of_full_quality_has_the_tables_the_real_api_uses() -> None:
    """Libjpeg's tables of quality 75, baseline, 4:2:0, JFIF."""
    image = opened(render(replace(picture(5), output_format="jpeg")))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=75, subsampling="4:2:0")
    reference = opened(buffer.getvalue())
    assert image.quantization == reference.quantization  # type: ignore[attr-defined]  # of JPEG images only
    assert image.layer == reference.layer  # type: ignore[attr-defined]  # of JPEG images only
    assert image.info["jfif_version"] == (1, 1)
    assert "progressive" not in image.info


@pytest.mark.parametrize("size", [(1024, 1024), (1536, 1024), (512, 768), (3840, 2160)], ids=str)
@pytest.mark.parametrize("number", range(4))
def test_partial_images_come_nearer_to_the_final_one(number: int, size: tuple[int, int]) -> None:
    """More tiles mean less error, and the finished picture has none."""
    spec = picture(number, *size)
    final = opened(render(spec))
    errors = [error(opened(render(replace(spec, tiles=tiles))), final) for tiles in (2, 8, 16, 32)]
    assert errors == sorted(set(errors), reverse=True)
    assert errors[-1] > 0


@pytest.mark.parametrize("transparent", [False, True], ids=["opaque", "transparent"])
@pytest.mark.parametrize("tiles", [1, 3, 8, 100, 5000])
def test_a_partial_image_has_full_size(tiles: int, transparent: bool) -> None:
    """Any number of tiles gives a decodable file of the final size and mode."""
    image = opened(render(replace(picture(6, 320, 208), tiles=tiles, transparent=transparent)))
    assert (image.size, image.mode) == ((320, 208), "RGBA" if transparent else "RGB")


@pytest.mark.parametrize("output_format", ["jpeg", "webp"])
def test_a_partial_image_may_have_any_format(output_format: str) -> None:
    """A rough JPEG or WebP is about the rough PNG."""
    spec = replace(picture(6), tiles=8)
    other = opened(render(replace(spec, output_format=output_format)))  # type: ignore[arg-type]  # of both
    assert error(other, opened(render(spec))) < 20


@pytest.mark.parametrize("output_format", FORMATS)
@pytest.mark.parametrize("least_bytes", [0, 3_000_000])
@pytest.mark.parametrize("transparent", [False, True], ids=["opaque", "transparent"])
def test_the_digest_is_in_the_file(output_format: str, least_bytes: int, transparent: bool) -> None:
    """A client can tell which request a file came from."""
    spec = replace(picture(7), least_bytes=least_bytes, transparent=transparent, output_format=output_format)  # type: ignore[arg-type]  # of FORMATS
    assert read_digest(render(spec)) == spec.digest


@pytest.mark.parametrize("output_format", FORMATS)
def test_garbage_has_no_digest(output_format: str) -> None:
    """Cut, empty, foreign or broken files are answered with None, never with an exception."""
    data = render(replace(picture(8), output_format=output_format))  # type: ignore[arg-type]  # of FORMATS
    start = data.index(b"mockserver:digest")
    for garbage in (
        b"",
        data[:4],
        data[:20],
        data[:start],
        b"hello",
        data[:12] + bytes(5000),
        data[:12] + b"\xff" * 99,
        data[:8] + bytes(200_000),
    ):
        assert read_digest(garbage) is None


@pytest.mark.parametrize("output_format", FORMATS)
@pytest.mark.parametrize("least_bytes", [50_000, 200_001, 1_440_000, 5_000_003])
def test_a_file_is_as_heavy_as_asked(output_format: str, least_bytes: int) -> None:
    """Filler reaches the weight within 64 KiB, and every decoder skips it."""
    spec = replace(picture(9, 256, 256), output_format=output_format)  # type: ignore[arg-type]  # of FORMATS
    light, heavy = render(spec), render(replace(spec, least_bytes=least_bytes))
    assert least_bytes <= len(heavy) <= least_bytes + 65_536
    assert opened(heavy).tobytes() == opened(light).tobytes()


def test_filler_does_not_compress() -> None:
    """A proxy that compresses must not make a heavy file light again."""
    heavy = render(replace(picture(9), least_bytes=2_000_000))
    assert len(zlib.compress(heavy, 6)) > 1_900_000


def test_the_pictures_of_one_request_differ() -> None:
    """Ten indexes give ten different looks."""
    images = [opened(render(replace(picture(0), digest=picture(number).digest))) for number in range(10)]
    assert all(error(one, two) > 5 for index, one in enumerate(images) for two in images[:index])


def luminance(shade: Shade) -> float:
    """Return the relative luminance as WCAG defines it."""
    linear = [part / 3294.6 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in shade]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
def test_text_has_contrast(palette: object) -> None:
    """Ink on paper is at least 7:1, small print at least 4.5:1."""
    row = next(row for row in PALETTES if row is palette)
    for shade, least in ((row.ink, 7), (row.small, 4.5)):
        low, high = sorted((luminance(shade), luminance(row.paper)))
        assert (high + 0.05) / (low + 0.05) >= least


def test_importing_the_package_does_not_import_pillow() -> None:
    """The server starts and idles without the drawing libraries."""
    code = "import sys, mockserver.pictures; print({'PIL', 'bidi', 'arabic_reshaper'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    assert said.stdout.strip() == "set()"


def test_a_light_file_is_light() -> None:
    """A 1024 x 1024 PNG stays under 60 KiB, whatever the composition."""
    lengths = [len(render(picture(number, 1024, 1024))) for number in range(24)]
    assert max(lengths) < 61_440
