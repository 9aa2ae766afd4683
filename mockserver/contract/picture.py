"""What a picture file says of itself: format, size and mode, read from its first bytes."""

from __future__ import annotations

import struct

_PNG_MODES = {0: "L", 2: "RGB", 3: "P", 4: "LA", 6: "RGBA"}
_JPEG_MODES = {1: "L", 3: "RGB", 4: "CMYK"}
_WEBP_HEADER = 30
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def facts(data: bytes) -> tuple[str, str, str]:
    """Return (format, "WIDTHxHEIGHT", mode) of a PNG, JPEG or WebP file.

    Raises:
        ValueError: it is none of them, or ends too early to tell.
    """
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return _png(data)
        if data.startswith(b"\xff\xd8"):
            return _jpeg(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
    except (struct.error, IndexError, KeyError) as error:
        message = "a picture file that ends too early"
        raise ValueError(message) from error
    message = f"no picture file: it starts with {data[:8]!r}"
    raise ValueError(message)


def _png(data: bytes) -> tuple[str, str, str]:
    width, height, _depth, colour = struct.unpack_from(">IIBB", data, 16)
    return "png", f"{width}x{height}", _PNG_MODES[colour]


def _jpeg(data: bytes) -> tuple[str, str, str]:
    at = 2
    while data[at + 1] not in _JPEG_FRAMES:
        at += 2 + int(struct.unpack_from(">H", data, at + 2)[0])
    height, width, components = struct.unpack_from(">HHB", data, at + 5)
    return "jpeg", f"{width}x{height}", _JPEG_MODES[components]


def _webp(data: bytes) -> tuple[str, str, str]:
    kind = data[12:16]
    if len(data) < _WEBP_HEADER:
        raise IndexError
    if kind == b"VP8X":
        alpha = bool(data[20] & 0x10)
        width, height = (1 + int.from_bytes(data[at : at + 3], "little") for at in (24, 27))
    elif kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        width, height, alpha = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF), bool(bits >> 28 & 1)
    else:
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", data, 26))
        alpha = False
    return "webp", f"{width}x{height}", "RGBA" if alpha else "RGB"
