"""Looks at pictures that come in: what they are, whether they decode, and a thumbnail of them."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import BinaryIO, Final

from PIL import Image

from mockserver.pictures import Input

THUMBNAIL: Final = 256
"""Pixels of a thumbnail's longer edge."""

DECODED_PIXELS: Final = 32 * 1024 * 1024
"""Pixels up to which a file is decoded (128 MB); a larger one is taken at its header's word."""

_READ: Final = ("PNG", "JPEG", "WEBP", "MPO")


class UnreadablePictureError(ValueError):
    """A file that is no picture, or not a whole one."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a file turned out to be."""

    form: str
    """`PNG`, `JPEG`, `WEBP` or `MPO`."""

    mode: str
    """Colour mode as Pillow names it: `RGB`, `RGBA`, `L`, `CMYK`…"""

    frames: int
    alpha: bool
    """Whether it has an alpha channel."""

    picture: Input


def inspect(file: BinaryIO, forms: tuple[str, ...] = _READ) -> Inspection:
    """Decode `file` wholly and return what it is.

    Raises:
        UnreadablePictureError: it is none of `forms`, is broken or truncated, or claims absurd dimensions.
    """
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # every binary file reads so
    file.seek(0)
    try:
        with Image.open(file, formats=forms) as image:
            frames = getattr(image, "n_frames", 1)
            mode, size = image.mode, image.size
            alpha = image.has_transparency_data
            thumbnail = _thumbnail(image)
    except Exception as error:  # decoders raise whatever hostile bytes make of them
        message = f"not a readable picture: {error}"
        raise UnreadablePictureError(message) from error
    picture = Input(digest=digest, width=size[0], height=size[1], thumbnail=thumbnail)
    return Inspection(str(image.format), mode, frames, alpha, picture)


def _thumbnail(image: Image.Image) -> bytes:
    """Return a small PNG; the whole file is decoded for it, unless it is too large."""
    clear = image.has_transparency_data
    if image.width * image.height > DECODED_PIXELS:
        image.draft("RGB", (2 * THUMBNAIL, 2 * THUMBNAIL))  # a JPEG can be decoded small
    if image.width * image.height > DECODED_PIXELS:
        small = Image.new("RGB", _fitted(image.size), "#808080")
    else:
        image.load()
        small = image.convert("RGBA" if clear else "RGB")
        small.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.BOX)
    out = io.BytesIO()
    small.save(out, "PNG", compress_level=0)
    return out.getvalue()


def _fitted(size: tuple[int, int]) -> tuple[int, int]:
    scale = THUMBNAIL / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
