"""A wrapper of the whole server that notes what passes, byte for byte, and changes nothing of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from mockserver.contract.certify.exchange import Exchange
from mockserver.faults.line import CLOSE, RAW, RESET
from mockserver.journal.entry import ENTRY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from mockserver.contract.certify.tape import Tape
    from mockserver.journal import Entry

BARRIER: Final = "/_tap"
"""Answered with 204 by the wiretap itself: whatever a client sent before is known to it by then."""

_AHEAD: Final = 16 * 1024 * 1024
"""Bytes of a request that are read before the server is asked: it may answer without having read them."""

_CUTS: Final = {CLOSE: "close", RESET: "reset"}


class Wiretap:
    """Wraps the server; `find` returns the tape of the session that a request belongs to, and its prefix."""

    def __init__(self, app: ASGIApp, find: Callable[[str, dict[bytes, bytes]], tuple[Tape, str] | None]) -> None:
        self._app = app
        self._find = find

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and note it where it belongs to a session."""
        if scope["path"] == BARRIER:
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        found = self._find(scope["path"], dict(scope["headers"]))
        if found is None:
            await self._app(scope, receive, send)
            return
        tape, prefix = found
        exchange = _begun(scope, prefix)
        tape.open(exchange)
        line = Line(exchange, tape, receive, send)
        try:
            await line.read_ahead()
            await self._app(scope, line.receive, line.send)
        finally:
            line.end(scope.get(ENTRY))
            tape.close()


def _begun(scope: Scope, prefix: str) -> Exchange:
    """Return the exchange of a request whose head arrived; a path is shown as it was sent, escapes and all."""
    path = scope.get("raw_path", scope["path"].encode()).decode("latin-1").removeprefix(prefix)
    query = scope["query_string"].decode("latin-1")
    return Exchange(
        number=0,
        arrived=time.monotonic(),
        method=scope["method"],
        path=f"{path}?{query}" if query else path,
        request_headers=tuple(scope["headers"]),
    )


class Line:
    """The two ends of one connection while a request is answered."""

    __slots__ = ("_ahead", "_cycle", "_exchange", "_receive", "_reply", "_request", "_send", "_tape")

    def __init__(self, exchange: Exchange, tape: Tape, receive: Receive, send: Send) -> None:
        self._exchange = exchange
        self._tape = tape
        self._receive = receive
        self._send = send
        self._cycle = getattr(send, "__self__", None)
        self._ahead: list[Message] = []
        self._request: list[bytes] = []
        self._reply: list[bytes] = []

    @property
    def disconnected(self) -> bool:
        """Whether the client is gone; the server's recorder asks this of whatever it sends to."""
        return bool(getattr(self._cycle, "disconnected", False))

    async def read_ahead(self) -> None:
        """Read the request's body, which the server is given afterwards."""
        size, more = 0, True
        while more and size < _AHEAD:
            message = await self._heard()
            self._ahead.append(message)
            size += len(message.get("body", b""))
            more = message["type"] == "http.request" and message.get("more_body", False)

    async def receive(self) -> Message:
        """Receive a part of the body, or word that the client is gone."""
        return self._ahead.pop(0) if self._ahead else await self._heard()

    async def _heard(self) -> Message:
        message = await self._receive()
        exchange = self._exchange
        if message["type"] == "http.request":
            self._keep(self._request, message.get("body", b""))
            exchange.complete = not message.get("more_body", False)
        elif exchange.finished is None:
            self._over(gone=True)
        return message

    def send(self, message: Message) -> Awaitable[None]:
        """Send a message; what is known of the reply is noted before its last byte leaves."""
        kind = message["type"]
        if self.disconnected:
            if self._exchange.finished is None:
                self._over(gone=True)
        elif kind == "http.response.start":
            self._exchange.status = message["status"]
            self._exchange.reply_headers = tuple(message.get("headers", ()))
        elif kind in _CUTS:
            self._exchange.cut = _CUTS[kind]
            self._over(whole=self._promised())
        else:
            self._note(message["body"] if kind == RAW else message.get("body", b""), raw=kind == RAW)
            if kind != RAW and not message.get("more_body", False):
                self._over(whole=True)
        return self._send(message)

    def _note(self, data: bytes, *, raw: bool) -> None:
        if raw and self._exchange.status is None:
            head, blank, rest = data.partition(b"\r\n\r\n")
            if blank:
                data = rest
                self._read_head(head)
        self._keep(self._reply, data)

    def _read_head(self, head: bytes) -> None:
        """Read a head that stands outside of HTTP's framing."""
        status, *lines = head.split(b"\r\n")
        self._exchange.status = int(status.split(b" ")[1])
        fields = (line.partition(b": ") for line in lines)
        self._exchange.reply_headers = tuple((name.lower(), value) for name, _, value in fields)

    def _keep(self, parts: list[bytes], data: bytes) -> None:
        kept = self._tape.room(len(data))
        parts.append(data[:kept])
        self._exchange.clipped |= kept < len(data)

    def _promised(self) -> bool:
        """Return whether a reply whose line was broken had all the bytes that its head promised."""
        length = self._exchange.reply_header("content-length")
        return self._exchange.status is not None and length is not None and sum(map(len, self._reply)) >= int(length)

    def _over(self, *, whole: bool = False, gone: bool = False) -> None:
        exchange = self._exchange
        exchange.finished, exchange.whole, exchange.gone = time.monotonic(), whole, gone

    def end(self, entry: Entry | None) -> None:
        """Note what is known when the server is done with the request."""
        exchange = self._exchange
        exchange.request_body, exchange.reply_body = b"".join(self._request), b"".join(self._reply)
        if exchange.finished is None:
            self._over(gone=self.disconnected)
        if entry is not None:
            exchange.dollars = entry.dollars
            names = [str(played["scenario"]) for played in entry.played if "scenario" in played]
            exchange.played = names[-1] if names else None
