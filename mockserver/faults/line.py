"""What a fault may ask of the line itself, beyond ASGI: our own server offers it, others do not."""

from __future__ import annotations

from email.utils import formatdate
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from mockserver.wire import WHOLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Message, Receive, Scope, Send

    from mockserver.headers import Header

RAW: Final = "mockserver.raw"
"""Type of a message whose `body` is written as it is, outside HTTP's framing; `CLOSE` or `RESET` must follow."""

CLOSE: Final = "mockserver.close"
"""Type of a message that ends the line after what was written (FIN), wherever the reply stands."""

RESET: Final = "mockserver.reset"
"""Type of a message that resets the line (RST) once the client's side has what was written."""

EXTENSIONS: Final[Mapping[str, Any]] = {RAW: {}, CLOSE: {}, RESET: {}}
"""What a scope offers where these messages are understood."""


def require(scope: Scope) -> None:
    """Return when the server understands the messages above.

    Raises:
        RuntimeError: it does not.
    """
    if RESET not in scope.get("extensions", {}):
        msg = (
            "this fault works on the TCP connection itself, which only mockserver's own server offers: "
            "run `mockserver`, or mockserver.ServerThread(app=...), instead of another ASGI server"
        )
        raise RuntimeError(msg)


def plain(start: Message) -> Message:
    """Return the head of a reply without the promise that its body follows in one piece."""
    return {name: value for name, value in start.items() if name != WHOLE}


class Framing:
    """Turns the messages of one reply into the bytes that HTTP/1.1 makes of them."""

    def __init__(self, now: float) -> None:
        """Frame a reply that is dated `now`, in Unix seconds."""
        self._date = formatdate(now, usegmt=True).encode()
        self._chunked = False

    def head(self, start: Message, reason: str | None = None) -> bytes:
        """Return status line and headers; `reason` None means the usual phrase."""
        status, headers = start["status"], list(start["headers"])
        self._chunked = not any(name == b"content-length" for name, _ in headers)
        if self._chunked:
            headers.append((b"transfer-encoding", b"chunked"))
        lines = [(b"date", self._date), *headers, (b"connection", b"close")]
        phrase = _phrase(status) if reason is None else reason
        return b"HTTP/1.1 %d %b\r\n%b\r\n" % (status, phrase.encode("latin-1"), _lines(lines))

    def body(self, message: Message) -> bytes:
        """Return one piece of the body, and the end where it is the last."""
        piece: bytes = message.get("body", b"")
        if not self._chunked:
            return piece
        chunk = b"%x\r\n%b\r\n" % (len(piece), piece) if piece else b""
        return chunk if message.get("more_body", False) else chunk + b"0\r\n\r\n"


def _lines(headers: list[Header]) -> bytes:
    return b"".join(b"%b: %b\r\n" % header for header in headers)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # such as 520, which only the edge knows
        return ""


async def reset(_receive: Receive, send: Send) -> None:
    """Reset the line."""
    await send({"type": RESET})


async def close(_receive: Receive, send: Send) -> None:
    """Close the line."""
    await send({"type": CLOSE})
