"""One reply through uvicorn, written at once and with its header lines remembered.

uvicorn writes head and body apart, and searches every name and value of every reply for forbidden characters. A true
reply has fifteen headers, most of them always the same: that and the second write are a third of a hot request.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import sys
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.http.httptools_impl import HEADER_RE, HEADER_VALUE_RE, STATUS_LINE, RequestResponseCycle

from mockserver.faults.line import CLOSE, RAW, RESET
from mockserver.headers import ApiHead
from mockserver.whole import WHOLE, takes_whole

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from mockserver.headers import Header

_REMEMBERED: Final = 512
"""Header lines that are kept; those that change with every reply come and go."""

_FRAMING: Final = frozenset({b"connection", b"transfer-encoding"})
"""Headers that change how a reply is sent; uvicorn itself sends such replies."""

_NO_LINGER: Final = struct.pack("ii", 1, 0)
"""Makes closing a socket a reset."""

_PATIENCE: Final = 400
"""Looks, 5 ms apart, until a reset no longer waits for the client's side to have everything: two seconds."""

_LARGE: Final = 8 * 1024
"""Bytes of a body from which it is not copied behind its head."""

_END: Final = b"\r\n0\r\n\r\n"
"""What follows the one chunk of a body."""

_name = itemgetter(0)

_lines: dict[tuple[bytes, bytes], bytes] = {}


class Cycle(RequestResponseCycle):
    """uvicorn's cycle, which also understands `WHOLE` replies and what faults ask of the line."""

    _held: Any = None
    """The message of a head whose body follows at once."""

    @takes_whole
    async def send(self, message: Any) -> None:  # noqa: ANN401 - an ASGI message, which each server types its own way
        """Send a whole reply quickly, and anything else as uvicorn does."""
        kind = message["type"]
        if kind == WHOLE:
            if not self._whole(message["status"], message["headers"], message["body"], message["size"]):
                await self._in_two(message)
        elif WHOLE in message:
            self._held = message
        elif self._held is not None:
            head, self._held = self._held, None
            body = message.get("body", b"")
            last = kind == "http.response.body" and not message.get("more_body", False)
            if not last or not self._whole(head["status"], head["headers"], (body,), len(body)):
                await super().send(head)
                await self.send(message)
        elif kind in LINE:
            await LINE[kind](self, message)
        else:
            await super().send(message)

    async def _in_two(self, message: Any) -> None:  # noqa: ANN401 - as above
        await super().send({"type": "http.response.start", "status": message["status"], "headers": message["headers"]})
        await super().send({"type": "http.response.body", "body": b"".join(message["body"])})

    async def raw(self, message: Any) -> None:  # noqa: ANN401 - an ASGI message, which each server types its own way
        """Write bytes as they are."""
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if not self.disconnected:
            self.response_started = True
            self.transport.write(message["body"])

    async def close(self, _message: Any) -> None:  # noqa: ANN401 - as above
        """End the line in good order."""
        if not self.disconnected:
            self._leave()
            protocol: Any = self.transport.get_protocol()
            protocol.hang_up()

    async def reset(self, _message: Any) -> None:  # noqa: ANN401 - as above
        """Tear the line down, once the client's side has all that was written."""
        if not self.disconnected:
            await _delivered(self.transport)
            self._leave()
            sock: socket.socket = self.transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            self.transport.abort()

    def _leave(self) -> None:
        """Let the app hear that the exchange is over, and be deaf to what it still says."""
        self.disconnected = True
        self.response_complete = True
        self.message_event.set()

    def _whole(self, status: int, headers: Iterable[Header], body: Sequence[bytes], size: int) -> bool:
        """Write all of a reply, or return False where sending it is uvicorn's own work."""
        if not size or self.scope["method"] == "HEAD" or status in {204, 304}:
            return False
        if self.response_started or self.disconnected or self.flow.write_paused or not self.keep_alive:
            return False
        lines = [STATUS_LINE[status]]
        if type(headers) is ApiHead:
            lines.append(headers.lines())
            headers = headers.more
        headers = (*self.default_headers, *headers)
        lines += [_lines.get(header) or _line(header) for header in headers]
        if b"" in lines:
            return False
        sized = b"content-length" in map(_name, headers)
        lines.append(b"\r\n" if sized else b"transfer-encoding: chunked\r\n\r\n%x\r\n" % size)
        self.waiting_for_100_continue = False
        self.response_started = self.response_complete = True
        if size > _LARGE:
            self.transport.writelines((b"".join(lines), *body, *([] if sized else [_END])))
        else:
            self.transport.write(b"".join((*lines, *body, b"" if sized else _END)))
        self.message_event.set()
        self.on_response()
        return True


LINE: Final[Mapping[str, Callable[[Cycle, Any], Awaitable[None]]]] = {
    RAW: Cycle.raw,
    CLOSE: Cycle.close,
    RESET: Cycle.reset,
}
"""What faults may ask of the line, beyond ASGI."""


async def _delivered(transport: asyncio.Transport) -> None:
    """Return when the client's TCP stack has all that was written, which a reset would otherwise throw away."""
    descriptor: int = transport.get_extra_info("socket").fileno()
    for _ in range(_PATIENCE):
        if not transport.get_write_buffer_size() and not _unacknowledged(descriptor):
            return
        await asyncio.sleep(0.005)


def _unacknowledged(descriptor: int) -> int:
    """Return the bytes that the kernel still holds for the client; 0 where the platform does not tell."""
    told = bytearray(4)
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl  # noqa: PLC0415 - not on every platform
        import termios  # noqa: PLC0415 - as above

        fcntl.ioctl(descriptor, termios.TIOCOUTQ, told)
    return int.from_bytes(told, sys.byteorder)


def _line(header: tuple[bytes, bytes]) -> bytes:
    """Return the line of a header and remember it; empty where uvicorn must judge it."""
    name, value = header[0].lower(), header[1]
    if name in _FRAMING or HEADER_RE.search(name) or HEADER_VALUE_RE.search(value):
        return b""
    if len(_lines) >= _REMEMBERED:
        _lines.clear()
    line = _lines[header] = b"%b: %b\r\n" % (name, value)
    return line
