"""Makes the pictures of fixtures/images; run it to write them anew: `python tests/make_fixtures.py`.

Encoders differ in bytes between versions, so a test compares what the committed files show, not the files.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = Path(__file__).parent.parent / "fixtures" / "images"

_SIDE = 64
_SKY, _SUN, _SEA = (96, 160, 224), (250, 210, 80), (24, 72, 120)
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64">'
    '<rect width="64" height="64" fill="#60a0e0"/><circle cx="40" cy="20" r="10" fill="#fad250"/></svg>\n'
)
_FLAT: Final[Mapping[str, tuple[int, int]]] = {
    "logo.png": (128, 128),
    "landscape.png": (1536, 1024),
    "large.png": (1024, 1024),
    "four-to-three.png": (1024, 768),
    "three-to-two.png": (2000, 1333),
    "wide.png": (1672, 941),
    "sixteen-to-nine.png": (128, 72),
    "tall.png": (64, 96),
}
"""One colour each, so that even the large ones are small files."""


def sea(width: int = _SIDE, height: int = _SIDE) -> Image.Image:
    """Return a picture of the sea: sky, sun and water."""
    picture = Image.new("RGB", (width, height), _SKY)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((width // 2, height // 8, width // 2 + 20, height // 8 + 20), _SUN)
    draw.rectangle((0, height * 5 // 8, width, height), _SEA)
    return picture


def mask(side: int = _SIDE) -> Image.Image:
    """Return a mask: opaque black with a clear square in the middle."""
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 255))
    picture.paste((0, 0, 0, 0), (side // 4, side // 4, side * 3 // 4, side * 3 // 4))
    return picture


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    """Return `picture` as a file."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def fixtures() -> dict[str, bytes]:
    """Return every file by its name."""
    square, night = sea(), sea().point(lambda value: value // 3)
    png = encoded(square, "PNG", optimize=True)
    return {
        "square.png": png,
        "alpha.png": encoded(square.convert("RGBA"), "PNG", optimize=True),
        "tall-alpha.png": encoded(sea(_SIDE, 96).convert("RGBA"), "PNG", optimize=True),
        "grey.png": encoded(square.convert("L"), "PNG", optimize=True),
        "square.jpg": encoded(square, "JPEG", quality=80),
        "cmyk.jpg": encoded(square.convert("CMYK"), "JPEG", quality=80),
        "square.webp": encoded(square, "WEBP", lossless=True),
        "two-frames.png": encoded(square, "PNG", save_all=True, append_images=[night], duration=200),
        "two-frames.webp": encoded(square, "WEBP", lossless=True, save_all=True, append_images=[night], duration=200),
        "mask.png": encoded(mask(), "PNG", optimize=True),
        "mask-32.png": encoded(mask(32), "PNG", optimize=True),
        "mask-rgb.png": encoded(mask().convert("RGB"), "PNG", optimize=True),
        "mask-grey.png": encoded(mask().convert("L"), "PNG", optimize=True),
        **{name: encoded(Image.new("RGB", size, _SKY), "PNG", optimize=True) for name, size in _FLAT.items()},
        "truncated.png": png[: len(png) // 2],
        "text.png": b"This is no picture.\n",
        "drawing.svg": _SVG.encode(),
        "empty.png": b"",
    }


if __name__ == "__main__":
    for name, data in fixtures().items():
        (FOLDER / name).write_bytes(data)
