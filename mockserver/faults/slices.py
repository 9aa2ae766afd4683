"""Sending a body in pieces of other sizes than it was made in."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from mockserver.faults.line import plain
from mockserver.faults.waiting import gone

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from mockserver.clock import Clock


def sliced(app: ASGIApp, sizes: Iterator[int], pause: float, clock: Clock) -> ASGIApp:
    """Return `app` with its body sent in pieces of `sizes` bytes, which never end, and `pause` seconds between them."""

    async def slicing(scope: Scope, receive: Receive, send: Send) -> None:
        slicer = _Slicer(receive, send, sizes, lambda: clock.sleep(pause))
        try:
            await app(scope, receive, slicer)
        finally:
            await slicer.rest()

    return slicing


class _Slicer:
    """A `send` that cuts bodies into pieces, until the client goes away."""

    def __init__(self, receive: Receive, send: Send, sizes: Iterator[int], pause: Callable[[], Awaitable[Any]]) -> None:
        self._receive = receive
        self._send = send
        self._sizes = sizes
        self._pause = pause
        self._leaving: asyncio.Future[None] | None = None
        self._first = True

    async def __call__(self, message: Message) -> None:
        if not message.get("body"):
            await self._send(plain(message))
            return
        if self._leaving is None:  # not earlier: what comes before is the request's body, and the app's to read
            self._leaving = asyncio.ensure_future(gone(self._receive))
        body: bytes = message["body"]
        start = 0
        while start < len(body) and not self._leaving.done():
            if not self._first:
                await self._pause()
            self._first = False
            end = start + next(self._sizes)
            more = end < len(body)
            await self._send({**message, "body": body[start:end], **({"more_body": True} if more else {})})
            start = end

    async def rest(self) -> None:
        """Watch the client no longer."""
        if self._leaving is not None:
            self._leaving.cancel()
            await asyncio.gather(self._leaving, return_exceptions=True)
