"""A multipart form as it came over the wire, part by part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MEDIA_TYPE: Final = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Part:
    """One part."""

    name: str
    filename: str | None
    """None for a text."""

    type: str | None
    """Media type without its options, in lower case; None where it declares none."""

    content: bytes


def parts(content_type: str, body: bytes) -> list[Part]:
    """Return the parts of a form, in their order.

    Raises:
        ValueError: it has no boundary, breaks off, or is no form.
    """
    boundary = parse_options_header(content_type)[1].get(b"boundary")
    if not boundary:
        message = "its media type names no boundary"
        raise ValueError(message)
    reading = _Reading()
    try:
        parser = MultipartParser(boundary, reading.callbacks())
        parser.write(body)
        parser.finalize()
    except FormParserError as error:
        raise ValueError(str(error)) from error
    if not reading.ended:
        message = "it has no end"
        raise ValueError(message)
    return reading.parts


class _Reading:
    """What the parser calls back."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.ended = False
        self._headers: dict[bytes, bytes] = {}
        self._name = b""
        self._value = b""
        self._content = bytearray()

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._all,
        }

    def _begin(self) -> None:
        self._headers, self._content = {}, bytearray()

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name = self._value = b""

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._content += data[start:end]

    def _end(self) -> None:
        options = parse_options_header(self._headers.get(b"content-disposition"))[1]
        filename = options.get(b"filename")
        media_type = parse_options_header(self._headers.get(b"content-type"))[0]
        self.parts.append(
            Part(
                name=options.get(b"name", b"").decode("utf-8", "replace"),
                filename=None if filename is None else filename.decode("utf-8", "replace"),
                type=media_type.decode("latin-1").lower() or None,
                content=bytes(self._content),
            )
        )

    def _all(self) -> None:
        self.ended = True
