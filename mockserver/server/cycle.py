"""One reply through uvicorn, written at once and with its header lines remembered.

uvicorn writes head and body apart, and searches every name and value of every reply for forbidden characters. A true
reply has fifteen headers, most of them always the same: that and the second write are a third of a hot request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.http.httptools_impl import HEADER_RE, HEADER_VALUE_RE, STATUS_LINE, RequestResponseCycle

from mockserver.wire import WHOLE

if TYPE_CHECKING:
    from uvicorn._types import ASGISendEvent

_REMEMBERED: Final = 512
"""Header lines that are kept; those that change with every reply come and go."""

_FRAMING: Final = frozenset({b"connection", b"transfer-encoding"})
"""Headers that change how a reply is sent; uvicorn itself sends such replies."""

_lines: dict[tuple[bytes, bytes], bytes] = {}


class Cycle(RequestResponseCycle):
    """uvicorn's cycle, which holds the head of a `WHOLE` reply until its body is there."""

    _head: list[bytes] | None = None
    """The lines of a head that is not written yet."""

    async def send(self, message: ASGISendEvent) -> None:
        """Send a whole reply quickly, and anything else as uvicorn does."""
        if self._head is not None:
            self._write(self._head, message)
        elif WHOLE not in message or not self._hold(message):
            await super().send(message)

    def _hold(self, message: Any) -> bool:  # noqa: ANN401 - an ASGI message, which each server types its own way
        """Prepare the head, or return False where sending it is uvicorn's own work."""
        status = message["status"]
        if self.scope["method"] == "HEAD" or status in {204, 304}:
            return False
        if self.response_started or self.disconnected or self.flow.write_paused or not self.keep_alive:
            return False
        lines = [STATUS_LINE[status]]
        for header in (*self.default_headers, *message["headers"]):
            line = _lines.get(header) or _line(header)
            if not line:
                return False
            lines.append(line)
            if header[0] == b"content-length":
                self.chunked_encoding = False
        self.response_started = True
        self.waiting_for_100_continue = False
        self._head = lines
        return True

    def _write(self, lines: list[bytes], message: Any) -> None:  # noqa: ANN401 - as above
        """Write head and body, which ends the reply."""
        body = message["body"]
        if self.chunked_encoding is False:
            lines += (b"\r\n", body)
        else:
            lines += (b"transfer-encoding: chunked\r\n\r\n%x\r\n" % len(body), body, b"\r\n0\r\n\r\n")
        self._head = None
        if not self.disconnected:
            self.transport.write(b"".join(lines))
        self.response_complete = True
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()


def _line(header: tuple[bytes, bytes]) -> bytes:
    """Return the line of a header and remember it; empty where uvicorn must judge it."""
    name, value = header[0].lower(), header[1]
    if name in _FRAMING or HEADER_RE.search(name) or HEADER_VALUE_RE.search(value):
        return b""
    if len(_lines) >= _REMEMBERED:
        _lines.clear()
    line = _lines[header] = b"%b: %b\r\n" % (name, value)
    return line
