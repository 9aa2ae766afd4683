"""A multipart form on the wire: texts and files in the order of the case, one fixed boundary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mockserver.contract.case import Part

_BOUNDARY: Final = "----one-part-of-a-case"
CONTENT_TYPE: Final = f"multipart/form-data; boundary={_BOUNDARY}"


def body(parts: Iterable[Part], cut: int = 0) -> bytes:
    """Return the form as bytes, without the last `cut` of them."""
    pieces = [piece for part in parts for piece in (_head(part), _padded(part), b"\r\n")]
    whole = b"".join([*pieces, f"--{_BOUNDARY}--\r\n".encode()])
    return whole[: len(whole) - cut]


def _head(part: Part) -> bytes:
    lines = [f"--{_BOUNDARY}", f'Content-Disposition: form-data; name="{part.name}"']
    if part.filename is not None:
        lines[1] += f'; filename="{part.filename}"'
    if part.content_type is not None:
        lines.append(f"Content-Type: {part.content_type}")
    return "\r\n".join([*lines, "", ""]).encode()


def _padded(part: Part) -> bytes:
    """Return what the part holds, with zeros behind it up to its size; decoders ignore what follows a picture's end."""
    return part.content.ljust(part.size, b"\0")
