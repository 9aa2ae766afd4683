"""Format and pixels of a picture, as the first bytes of its file tell; nothing is decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Shape(NamedTuple):
    """What a file says that it holds."""

    format: str
    """`png`, `jpeg`, `webp` or `gif`."""

    width: int
    height: int


def shape_of(head: bytes) -> Shape | None:
    """Return the shape of a file by its first bytes; None where they do not tell it."""
    for begins, reader in _READERS:
        if head.startswith(begins):
            return reader(head)
    return None


def _png(head: bytes) -> Shape | None:
    if len(head) < 24 or head[12:16] != b"IHDR":  # noqa: PLR2004 - where IHDR's sizes end
        return None
    return Shape("png", _big(head[16:20]), _big(head[20:24]))


def _gif(head: bytes) -> Shape | None:
    return Shape("gif", _little(head[6:8]), _little(head[8:10])) if len(head) >= 10 else None  # noqa: PLR2004 - as above


_SOF: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""Markers of the segments that hold a JPEG's size."""


def _jpeg(head: bytes) -> Shape | None:
    place = 2
    while place + 9 <= len(head) and head[place] == 0xFF:  # noqa: PLR2004 - a marker's first byte
        if head[place + 1] in _SOF:
            return Shape("jpeg", _big(head[place + 7 : place + 9]), _big(head[place + 5 : place + 7]))
        place += 2 + max(_big(head[place + 2 : place + 4]), 2)
    return None


def _webp(head: bytes) -> Shape | None:
    if len(head) < 30 or head[8:12] != b"WEBP":  # noqa: PLR2004 - where the longest of its heads ends
        return None
    kind = head[12:16]
    if kind == b"VP8X":
        return Shape("webp", _little(head[24:27]) + 1, _little(head[27:30]) + 1)
    if kind == b"VP8L":
        bits = _little(head[21:25])
        return Shape("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8 ":
        return Shape("webp", _little(head[26:28]) & 0x3FFF, _little(head[28:30]) & 0x3FFF)
    return None


def _big(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")


_READERS: Final[tuple[tuple[bytes, Callable[[bytes], Shape | None]], ...]] = (
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"\xff\xd8", _jpeg),
    (b"RIFF", _webp),
    (b"GIF8", _gif),
)
