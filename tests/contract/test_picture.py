"""Format, size and mode are read from the first bytes of a file, as an independent library sees them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from mockserver.contract.picture import facts


@pytest.mark.parametrize(
    ("kind", "mode", "options", "expected"),
    [
        ("PNG", "RGB", {}, ("png", "48x32", "RGB")),
        ("PNG", "RGBA", {}, ("png", "48x32", "RGBA")),
        ("JPEG", "RGB", {"quality": 60}, ("jpeg", "48x32", "RGB")),
        ("JPEG", "L", {"progressive": True}, ("jpeg", "48x32", "L")),
        ("WEBP", "RGB", {}, ("webp", "48x32", "RGB")),
        ("WEBP", "RGBA", {}, ("webp", "48x32", "RGBA")),
        ("WEBP", "RGBA", {"lossless": True}, ("webp", "48x32", "RGBA")),
        ("WEBP", "RGB", {"lossless": True}, ("webp", "48x32", "RGB")),
    ],
)
def test_what_a_file_says_of_itself(
    kind: str, mode: str, options: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    """Half-transparent pixels keep the alpha channel of every encoder."""
    file = io.BytesIO()
    colour = (9, 8, 7, 100)[: len(mode)] if mode != "L" else 9
    Image.new(mode, (48, 32), colour).save(file, kind, **options)

    assert facts(file.getvalue()) == expected


@pytest.mark.parametrize("data", [b"", b"<html>", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF0000WEBPVP8L"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    """A file that ends too early is none either."""
    with pytest.raises(ValueError, match="picture file"):
        facts(data)
