"""The palettes: a new look is one new row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

Shade = tuple[int, int, int]
"""Red, green, blue."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours that go together; ink on paper has a contrast of at least 7:1, small print of at least 4.5:1."""

    name: str
    paper: Shade
    ink: Shade
    small: Shade
    """Small print on paper."""
    sky: tuple[Shade, Shade]
    """Top and bottom of the gradient."""
    sun: Shade
    tones: tuple[Shade, Shade, Shade, Shade, Shade]
    """From the far and light to the near and strong; the last is an accent."""


def _shade(code: str) -> Shade:
    red, green, blue = bytes.fromhex(code)
    return red, green, blue


def _row(name: str, codes: str) -> Palette:
    paper, ink, small, top, bottom, sun, *tones = map(_shade, codes.split())
    first, second, third, fourth, accent = tones
    return Palette(name, paper, ink, small, (top, bottom), sun, (first, second, third, fourth, accent))


PALETTES = (
    #                 paper  ink    small  sky ----------- sun    tones -----------------------------  accent
    _row("apricot", "fbf3e4 2e2a36 6b5f66 fae0b8 f2a07a e4572e c8553d 8f3b46 5b2e48 3a2540 f6c28b"),
    _row("fjord", "f1f4f0 17303b 4f666c e3efec 9cc3c6 f2b544 6ba0a6 3f7683 254f60 173746 e9d8a6"),
    _row("sage", "f6f2e7 2c3328 5d6655 f4ead2 cbd6b5 e07a5f 9fb38c 74906f 4f6f57 344e41 d9ae61"),
    _row("night", "161b33 f3ebdd aaa9bd 10163a 454683 f6d186 54508a 7a5f99 b66d8f e59a84 2a2f5c"),
    _row("terracotta", "f8efe4 3b2420 76594f f8e6d2 eab58e d1495b d98f6c b9603f 8c3f2b 5c2a23 2f6b6b"),
    _row("plum", "faf3e8 32213a 6c5a72 efdfe4 cda3b8 f0a202 a96b97 7b4477 532e5c 32213a d95d39"),
    _row("vermilion", "f7f2e7 1f2430 5c6168 f5eee0 d8d3c6 d7372b b2b7b4 74818a 44525f 262f3d e2b13c"),
    _row("lagoon", "0e2a35 eaf4ee 9fbdbd 103442 1f7a83 f4d35e 2a8c8c 4fb3a5 93d1b5 ee964b 16424f"),
    _row("bauhaus", "f3eee2 1d1d1b 605d55 f4e7c3 f0c75e d62828 8fb8de 3f74b5 1f4e8c 1d1d1b f2b632"),
    _row("rose", "fdf3f0 3c1f2d 7d5a66 fce3dc f2aaa7 fff4de e27d83 b9536b 82345a 4e2144 f3c178"),
    _row("grove", "15231d f0ead8 a9b8a4 16281f 417156 f2cc8f 4f8a62 86ac74 c2c98a e07a5f 22382d"),
    _row("cobalt", "f4f2ed 15224a 566084 e1e9f7 8eace3 ff8c61 5e82cd 3556ab 1f347a 15224a f7c548"),
)


@lru_cache(maxsize=2048)
def mix(first: Shade, second: Shade, part: int, whole: int) -> Shade:
    """Return the colour `part` of `whole` on the way from the first to the second."""
    red, green, blue = (
        (one * (whole - part) + two * part + whole // 2) // whole for one, two in zip(first, second, strict=True)
    )
    return red, green, blue
