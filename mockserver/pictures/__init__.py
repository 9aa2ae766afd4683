"""Placeholder pictures: a pure function from a `Picture` to the bytes of its file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mockserver.pictures.metadata import read_digest

__all__ = ["OutputFormat", "Picture", "read_digest", "render"]

OutputFormat = Literal["png", "jpeg", "webp"]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that decides one picture file; equal values give equal bytes in one installation."""

    digest: str
    """Hex SHA-256 of the canonical request, seed and index: decides the looks, stands in the metadata."""

    prompt: str
    """Untrusted text, drawn legibly."""

    caption: str
    """Small print, for instance `gpt-image-1 · 1024x1024 · 1/2`."""

    width: int
    """Pixels."""

    height: int
    """Pixels."""

    output_format: OutputFormat = "png"

    compression: int = 100
    """0 to 100; a smaller number gives a smaller JPEG or WebP file. PNG ignores it."""

    transparent: bool = False
    """Whether the file has an alpha channel and truly clear areas."""

    tiles: int | None = None
    """Mosaic tiles along the longer edge of a partial image (few is rough); None is the finished picture."""

    least_bytes: int = 0
    """The file is padded to at least this many bytes."""

    inputs: tuple[bytes, ...] = ()
    """Thumbnails of the pictures that came in, small PNGs, shown in the picture."""

    mask: bytes | None = None
    """Thumbnail of the mask, a small PNG with alpha: where it is clear, the first input is to be edited."""


@dataclass(frozen=True, slots=True)
class Input:
    """A picture that came in with a request."""

    digest: str
    """Hex SHA-256 of its file."""

    width: int
    """Pixels of the file."""

    height: int
    """Pixels of the file."""

    thumbnail: bytes
    """A small PNG of it, at most 256 pixels wide and high."""


def render(picture: Picture) -> bytes:
    """Draw and encode `picture`; the same pixels everywhere, the same bytes in one installation."""
    from mockserver.pictures import files  # noqa: PLC0415 - Pillow must not be paid for before the first picture

    return files.render(picture)
