"""Places inside a reply, and what it takes to stop or pause there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from mockserver.faults.line import RAW, head_bytes, plain, require

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from mockserver.faults.scene import Scene

    End = Callable[[Receive, Send], Awaitable[None]]
    """How a reply ends where it should not."""

    Meter = Callable[[bytes, bool], int | None]
    """Given the next bytes, and whether they are the head: how many of them lie before the place; None for all."""

_PICTURE: Final = re.compile(rb'"b64_json": ?"')
_PICTURE_LONGEST: Final = 12  # bytes of it that may end one piece and want the next
_INSIDE_FRAME: Final = 48
"""Bytes of a frame that come through: its name and the beginning of its data."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply stops: `start`, `head`, `body 100`, `base64 40`, `events 1` or `frame 1`.

    `start` is before the status line, `head` inside the headers, `body` after so many bytes of the body, `base64`
    after so many characters of the first picture, `events` after so many events, `frame` inside the event that
    follows them. Without a number it is in the middle, or before the first event.
    """

    where: str
    count: int | None = None

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the place that `text` spells.

        Raises:
            ValueError: it spells none.
        """
        where, _, count = text.partition(" ")
        if where not in METERS or (count and not count.isdecimal()):
            msg = f"{text!r} is no place: write {', '.join(METERS)}, and a number behind those that count"
            raise ValueError(msg)
        return cls(where, int(count) if count else None)

    def meter(self) -> Meter:
        """Return what finds the place in one reply."""
        return METERS[self.where](self.count)


def _start(_count: int | None) -> Meter:
    return lambda _data, _head: 0


def _head(count: int | None) -> Meter:
    return lambda data, head: min(len(data) // 2 if count is None else count, len(data) - 1) if head else 0


def _body(count: int | None) -> Meter:
    if count is None:
        return lambda data, head: None if head or not data else len(data) // 2
    return _behind(lambda _data: 0, count)


def _base64(count: int | None) -> Meter:
    return _behind(_opening(), 40 if count is None else count)


def _events(count: int | None) -> Meter:
    return _behind(_boundary(count or 0), 0)


def _frame(count: int | None) -> Meter:
    return _behind(_boundary(count or 0), _INSIDE_FRAME)


def _behind(find: Callable[[bytes], int | None], further: int) -> Meter:
    """Return what finds the place `further` bytes behind the offset that `find` returns, once it does."""
    left: int | None = None

    def meter(data: bytes, head: bool) -> int | None:  # noqa: FBT001 - two kinds of bytes
        nonlocal left
        if head:
            return None
        if left is None:
            offset = find(data)
            left = None if offset is None else offset + further
        if left is None:
            return None
        ahead, left = left, left - len(data)
        return ahead if ahead <= len(data) else None

    return meter


def _boundary(count: int) -> Callable[[bytes], int | None]:
    """Return what finds the end of the `count`th event in pieces of a stream."""
    done, tail = 0, b""

    def find(data: bytes) -> int | None:
        nonlocal done, tail
        window, end = tail + data, 0
        while done < count:
            found = window.find(b"\n\n", end)
            if found < 0:
                tail = window[end:][-1:]
                return None
            end, done = found + 2, done + 1
        return max(end - len(tail), 0)

    return find


def _opening() -> Callable[[bytes], int | None]:
    """Return what finds the first character of the first picture in pieces of a body."""
    tail = b""

    def find(data: bytes) -> int | None:
        nonlocal tail
        window = tail + data
        found = _PICTURE.search(window)
        if found is None:
            tail = window[-_PICTURE_LONGEST:]
            return None
        return max(found.end() - len(tail), 0)

    return find


METERS: Final[Mapping[str, Callable[[int | None], Meter]]] = {
    "start": _start,
    "head": _head,
    "body": _body,
    "base64": _base64,
    "events": _events,
    "frame": _frame,
}
"""The kinds of places, and what finds each."""


START: Final = Place("start")
MIDDLE: Final = Place("body")


def lost(app: ASGIApp, place: Place, end: End, scene: Scene, *, answered: bool) -> ASGIApp:
    """Return `app` with its reply ending at `place`, in the way of `end`; the app itself runs on unheard.

    A reply that is over before the place is reached ends one byte early instead, so that it never passes as whole.
    At `start`, the app runs only when the request is to be `answered`.
    """

    async def losing(scope: Scope, receive: Receive, send: Send) -> None:
        require(scope)
        if place.where == "start" and not answered:
            await end(receive, send)
            return
        await app(scope, receive, _Stopper(place.meter(), send, lambda: end(receive, send), scene.clock.now()))

    return losing


class _Stopper:
    """A `send` that stops at a place."""

    def __init__(self, meter: Meter, send: Send, end: Callable[[], Awaitable[Any]], now: float) -> None:
        self._meter = meter
        self._send = send
        self._end = end
        self._now = now
        self._over = False
        self._kinds = {"http.response.start": self._start, "http.response.body": self._body}

    async def __call__(self, message: Message) -> None:
        if not self._over:
            await self._kinds.get(message["type"], self._send)(message)

    async def _start(self, message: Message) -> None:
        head = head_bytes(message, self._now)
        ahead = self._meter(head, True)  # noqa: FBT003 - a meter has two arguments
        if ahead is None:
            await self._send(plain(message))
        else:
            await self._stop({"type": RAW, "body": head[:ahead]})

    async def _body(self, message: Message) -> None:
        piece: bytes = message.get("body", b"")
        ahead = self._meter(piece, False)  # noqa: FBT003 - as above
        if ahead is None and not message.get("more_body", False):
            ahead = max(len(piece) - 1, 0)
        if ahead is None:
            await self._send(message)
        else:
            await self._stop({"type": "http.response.body", "body": piece[:ahead], "more_body": True})

    async def _stop(self, last: Message) -> None:
        self._over = True
        if last["body"]:
            await self._send(last)
        await self._end()


def paused(app: ASGIApp, place: Place, pause: Callable[[], Awaitable[Any]]) -> ASGIApp:
    """Return `app` with its reply pausing at `place`, where it reaches it, and then going on."""

    async def pausing(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, _Pauser(place.meter(), send, pause))

    return pausing


class _Pauser:
    """A `send` that pauses once, at a place."""

    def __init__(self, meter: Meter, send: Send, pause: Callable[[], Awaitable[Any]]) -> None:
        self._meter: Meter | None = meter
        self._send = send
        self._pause = pause
        self._kinds = {"http.response.start": self._start, "http.response.body": self._body}

    async def __call__(self, message: Message) -> None:
        await self._kinds.get(message["type"], self._send)(message)

    async def _start(self, message: Message) -> None:
        if self._meter is not None and self._meter(b"", True) is not None:  # noqa: FBT003 - a meter has two arguments
            self._meter = None
            await self._pause()
        await self._send(plain(message))

    async def _body(self, message: Message) -> None:
        piece: bytes = message.get("body", b"")
        ahead = None if self._meter is None else self._meter(piece, False)  # noqa: FBT003 - as above
        if ahead is None:
            await self._send(message)
            return
        self._meter = None
        if ahead:
            await self._send({**message, "body": piece[:ahead], "more_body": True})
        await self._pause()
        await self._send({**message, "body": piece[ahead:]})
