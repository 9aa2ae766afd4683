"""What a fault may ask of the line itself, beyond ASGI: our own server offers it, others do not."""

from __future__ import annotations

from email.utils import formatdate
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from mockserver.whole import WHOLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Message, Receive, Scope, Send

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


def head_bytes(start: Message, now: float, reason: str | None = None) -> bytes:
    """Return status line and headers as HTTP/1.1 writes them, for a reply that ends its connection.

    Args:
        start: the head of the reply.
        now: what it is dated, in Unix seconds.
        reason: the reason phrase; None for the usual one.
    """
    headers = [(b"date", formatdate(now, usegmt=True).encode()), *start["headers"]]
    if not any(name == b"content-length" for name, _ in headers):
        headers.append((b"transfer-encoding", b"chunked"))
    phrase = _phrase(start["status"]) if reason is None else reason
    lines = b"".join(b"%b: %b\r\n" % header for header in (*headers, (b"connection", b"close")))
    return b"HTTP/1.1 %d %b\r\n%b\r\n" % (start["status"], phrase.encode("latin-1"), lines)


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
