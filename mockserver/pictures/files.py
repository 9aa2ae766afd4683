"""A picture → the bytes of its file: the scene, rough or finished, in one of three formats, with digest and weight."""

from __future__ import annotations

import struct
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING

from PIL import Image

from mockserver.pictures import metadata, png
from mockserver.pictures.layout import Words, compose
from mockserver.pictures.mosaic import mosaic
from mockserver.pictures.scene import paint_pixels
from mockserver.pictures.weight import filler

if TYPE_CHECKING:
    from mockserver.pictures import Picture
    from mockserver.pictures.scene import Scene

FILLER_CHUNK = b"mkFl"
"""Ancillary, private, safe to copy: what PNG's naming rules say of it."""
SEGMENT = 65_533
"""Bytes a JPEG segment holds at most."""


def render(picture: Picture) -> bytes:
    """Draw and encode a picture."""
    words = Words(picture.digest, picture.prompt, picture.caption, picture.inputs, picture.mask)
    clear = picture.transparent and picture.output_format != "jpeg"
    scene = compose(words, picture.width, picture.height, transparent=clear)
    return WRITERS[picture.output_format](picture, scene)


def _image(picture: Picture, scene: Scene) -> Image.Image:
    """Return all pixels of the finished or the rough picture."""
    if picture.tiles is None:
        return paint_pixels(scene)
    return mosaic(scene, picture.tiles).resize((scene.width, scene.height), Image.Resampling.NEAREST)


def _png(picture: Picture, scene: Scene) -> bytes:
    extra = png.chunk(b"tEXt", metadata.KEY.encode() + b"\0" + picture.digest.encode("ascii", "replace"))
    if picture.tiles is None:
        data = png.encode(scene, extra)
    else:
        data = png.encode_mosaic(mosaic(scene, picture.tiles), (scene.width, scene.height), extra)
    missing = picture.least_bytes - len(data)
    if missing <= 0:
        return data
    at = len(png.SIGNATURE) + 25 + len(extra)  # after IHDR and the digest
    return b"".join([data[:at], png.chunk(FILLER_CHUNK, filler(picture.digest, missing)), data[at:]])


def _jpeg(picture: Picture, scene: Scene) -> bytes:
    """Encode at a libjpeg quality from 5 to 75: the real API's files of compression 100 carry the tables of 75."""
    buffer = BytesIO()
    quality = 5 + (70 * picture.compression + 50) // 100
    _image(picture, scene).save(buffer, "JPEG", quality=quality, subsampling="4:2:0")
    data = buffer.getvalue()
    at = 4 + int.from_bytes(data[4:6], "big")  # after SOI and JFIF's APP0
    comment = _segment(b"\xff\xfe", metadata.text(picture.digest))
    missing = picture.least_bytes - len(data) - len(comment)
    stuff = filler(picture.digest, missing) if missing > 0 else b""
    segments = [_segment(b"\xff\xef", stuff[start : start + SEGMENT]) for start in range(0, len(stuff), SEGMENT)]
    return b"".join([data[:at], comment, *segments, data[at:]])


def _segment(marker: bytes, body: bytes) -> bytes:
    return b"".join([marker, struct.pack(">H", len(body) + 2), body])


def _webp(picture: Picture, scene: Scene) -> bytes:
    buffer = BytesIO()
    quality = _webp_quality(picture.compression)
    _image(picture, scene).save(buffer, "WEBP", quality=quality, method=0, xmp=metadata.text(picture.digest))
    data = buffer.getvalue()
    missing = picture.least_bytes - len(data)
    if missing <= 0:
        return data
    stuff = filler(picture.digest, missing + missing % 2)
    chunks = b"".join([data[12:], FILLER_CHUNK, struct.pack("<I", len(stuff)), stuff])
    return b"".join([b"RIFF", struct.pack("<I", len(chunks) + 4), b"WEBP", chunks])


def _webp_quality(compression: int) -> int:
    """Return WebP's quality for a compression of 0 to 100.

    Method 0, the fast one, makes flat pictures larger at qualities around 40 than around 60: the steep part skips them.
    """
    corners = pairwise(WEBP_QUALITIES)
    (low, first), (high, last) = next(pair for pair in corners if compression <= pair[1][0])
    return first + (last - first) * (compression - low) // (high - low)


WEBP_QUALITIES = ((0, 1), (50, 19), (75, 76), (100, 86))
"""Corners of the line from compression to quality."""
WRITERS = {"png": _png, "jpeg": _jpeg, "webp": _webp}
