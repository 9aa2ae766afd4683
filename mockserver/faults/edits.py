"""Changing a true reply: whole, as the JSON that it is, or event by event."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from mockserver.faults.line import plain
from mockserver.wire import Reply, sized

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from mockserver.headers import Header

    Rewrite = Callable[[bytes], Iterable[bytes | None]]
    """Given one frame of a stream, what is sent instead of it; None ends the stream there."""

_START: Final = "http.response.start"
_BODY: Final = "http.response.body"
_OK: Final = 200


def edited(app: ASGIApp, edit: Callable[[Reply], ASGIApp]) -> ASGIApp:
    """Return `app` with its whole reply replaced by what `edit` makes of it.

    A reply that an inner fault breaks off is passed on as far as it came.
    """

    async def editing(scope: Scope, receive: Receive, send: Send) -> None:
        kept: list[Message] = []

        async def keep(message: Message) -> None:
            kept.append(message)
            if message["type"] == _BODY and not message.get("more_body", False):
                await edit(_reply(kept))(scope, receive, send)
            elif message["type"] not in {_START, _BODY}:
                for each in kept:
                    await send(plain(each))
                kept.clear()

        await app(scope, receive, keep)

    return editing


def _reply(messages: list[Message]) -> Reply:
    start, *rest = messages
    return Reply(start["status"], list(start["headers"]), b"".join(each.get("body", b"") for each in rest))


def edited_json(app: ASGIApp, change: Callable[[dict[str, Any]], None]) -> ASGIApp:
    """Return `app` with `change` made to the JSON object of a reply that is 200; others stay as they are."""

    def edit(reply: Reply) -> ASGIApp:
        if reply.status != _OK or media_type(reply.headers) != b"application/json":
            return reply
        told = json.loads(reply.body)
        change(told)
        return rebodied(reply, json.dumps(told, indent=2).encode("ascii"))

    return edited(app, edit)


def rebodied(reply: Reply, body: bytes) -> Reply:
    """Return `reply` with another body; its length is told only where it was told before."""
    headers = without(reply.headers, b"content-length")
    return Reply(reply.status, sized(headers, body) if headers != reply.headers else headers, body)


def without(headers: Iterable[Header], *names: bytes) -> list[Header]:
    """Return the headers that have none of the `names`."""
    return [header for header in headers if header[0].lower() not in names]


def media_type(headers: Iterable[Header]) -> bytes:
    """Return what the content type says, without parameters; empty where there is none."""
    return next((value.partition(b";")[0] for name, value in headers if name.lower() == b"content-type"), b"")


def headed(app: ASGIApp, change: Callable[[list[Header]], list[Header]]) -> ASGIApp:
    """Return `app` with `change` made to the headers of its reply."""

    async def heading(scope: Scope, receive: Receive, send: Send) -> None:
        async def changed(message: Message) -> None:
            if message["type"] == _START:
                message = {**message, "headers": change(list(message["headers"]))}
            await send(message)

        await app(scope, receive, changed)

    return heading


def reframed(app: ASGIApp, rewrite: Rewrite) -> ASGIApp:
    """Return `app` with each event of its stream rewritten; a reply that is no stream stays as it is."""

    async def reframing(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, _Reframer(send, rewrite))

    return reframing


class _Reframer:
    """A `send` that hears a stream event by event."""

    def __init__(self, send: Send, rewrite: Rewrite) -> None:
        self._send = send
        self._rewrite = rewrite
        self._rest = b""
        self._over = False
        self._kinds = {_START: self._start, _BODY: self._body}

    async def __call__(self, message: Message) -> None:
        if not self._over:
            await self._kinds.get(message["type"], self._send)(message)

    async def _start(self, message: Message) -> None:
        if media_type(message["headers"]) != b"text/event-stream":
            self._kinds = {}
        await self._send(message)

    async def _body(self, message: Message) -> None:
        more = message.get("more_body", False)
        *frames, self._rest = (self._rest + message.get("body", b"")).split(b"\n\n")
        for frame in frames:
            for out in self._rewrite(frame + b"\n\n"):
                if out is None:
                    await self._end(b"")
                    return
                await self._send({"type": _BODY, "body": out, "more_body": True})
        if not more:
            await self._end(self._rest)

    async def _end(self, last: bytes) -> None:
        self._over = True
        await self._send({"type": _BODY, "body": last})


def completes(frame: bytes) -> bool:
    """Return whether a frame is the event that ends a good stream."""
    return frame.partition(b"\n")[0].endswith(b".completed")
