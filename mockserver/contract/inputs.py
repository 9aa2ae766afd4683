"""The pictures that cases send: read from fixtures/images, as bytes or as base64 inside a text."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Final

from mockserver import datafiles

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPES: Final[Mapping[str, str]] = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "svg": "image/svg+xml",
}
"""By the end of a name: the content type that a client declares for it."""

_PLACE = re.compile(r"\{base64:([^{}]+)\}")


def read(name: str) -> bytes:
    """Return the file `name` of fixtures/images.

    Raises:
        ValueError: there is none.
    """
    try:
        return datafiles.path("fixtures", "images", name).read_bytes()
    except OSError as error:
        message = f"no file {name!r} in fixtures/images"
        raise ValueError(message) from error


def declared_type(name: str) -> str:
    """Return the content type that a client would declare for a file of this name."""
    return TYPES.get(name.rpartition(".")[2], "application/octet-stream")


def with_pictures(text: str) -> str:
    """Return `text` with every `{base64:NAME}` replaced by that file in base64.

    Raises:
        ValueError: there is no such file.
    """
    return _PLACE.sub(lambda match: base64.b64encode(read(match[1])).decode(), text)
