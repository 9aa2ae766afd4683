"""Holds the bytes of a picture against the request: strict base64, format, every pixel there, size, alpha."""

from __future__ import annotations

import binascii
import io
from base64 import b64decode
from functools import lru_cache
from typing import TYPE_CHECKING

from PIL import Image

from mockserver.contract import picture
from mockserver.contract.difference import Difference, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.contract.provider.expected import Granted


def decoded(value: object) -> bytes | None:
    """Return the bytes that a text says in strict base64, or None where it says none."""
    try:
        return b64decode(value, validate=True) if isinstance(value, str) else None
    except binascii.Error:
        return None


def size_fault(place: str, due: Granted, size: object) -> Iterator[Difference]:
    """Yield in which a size differs from those that are due."""
    if due.sizes and size not in due.sizes:
        yield Difference(place, " or ".join(due.sizes), str(size))


def picture_faults(place: str, due: Granted, data: bytes | None, echoed: object) -> Iterator[Difference]:
    """Yield in which a picture differs; `echoed` is the size that the reply tells, None where it tells none."""
    if data is None:
        yield Difference(place, "a picture in standard base64, on one line", "something else")
        return
    try:
        form, size, _ = picture.facts(data)
        alpha = _whole(data)
    except (ValueError, OSError, SyntaxError) as error:  # what Pillow raises of a broken file
        yield Difference(place, f"a whole {due.format} file", str(error))
        return
    if form != due.format:
        yield Difference(f"format of {place}", due.format, form)
    if alpha != due.transparent:
        yield Difference(f"alpha channel of {place}", shown(due.transparent), shown(alpha))
    if echoed is not None and size != echoed:
        yield Difference(f"size of {place}", f"{echoed}, as the reply says", size)
    yield from size_fault(f"size of {place}", due, size)


@lru_cache(maxsize=64)
def _whole(data: bytes) -> bool:
    """Decode every pixel, and return whether there is an alpha channel."""
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image.has_transparency_data
