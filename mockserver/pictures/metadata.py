"""The digest inside a picture file, written by the encoders and read back here without decoding any pixel."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEY = "mockserver:digest"
"""Keyword of the PNG text chunk; the other formats hold `mockserver:digest=<hex>`."""
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
WRITTEN = re.compile(rb"mockserver:digest[=\0]([0-9A-Za-z]{1,128})")
MOST_PARTS = 10_000


def text(digest: str) -> bytes:
    """Return what a JPEG comment or a WebP XMP chunk says of a digest."""
    return f"{KEY}={digest}".encode("ascii", "replace")


def read_digest(data: bytes) -> str | None:
    """Return the digest of a PNG, JPEG or WebP file that `render` made; None for any other bytes."""
    for signature, parts in READERS.items():
        if data.startswith(signature):
            for count, (name, body) in enumerate(parts(data)):
                found = WRITTEN.search(body) if name in {b"tEXt", b"\xff\xfe", b"XMP "} else None
                if found:
                    return found[1].decode("ascii")
                if count > MOST_PARTS:
                    return None
    return None


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(PNG_SIGNATURE)
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + min(size, 4096)]
        at += size + 12


def _jpeg_segments(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:  # noqa: PLR2004 - marker, start of scan
        size = max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
        yield data[at : at + 2], data[at + 4 : at + 2 + min(size, 4096)]
        at += size + 2


def _webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        yield data[at : at + 4], data[at + 8 : at + 8 + min(size, 4096)]
        at += 8 + size + size % 2


READERS: dict[bytes, Callable[[bytes], Iterator[tuple[bytes, bytes]]]] = {
    PNG_SIGNATURE: _png_chunks,
    b"\xff\xd8\xff": _jpeg_segments,
    b"RIFF": _webp_chunks,
}
"""First bytes of a file → its parts, name and beginning of the body."""
