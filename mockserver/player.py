"""Plays what is to go wrong: a wrapper that puts faults around the app for the requests that asked for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mockserver.tagged import HEADER, TaggedError
from mockserver.wire import headers_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from mockserver.playing import Playing
    from mockserver.spaces import Space

_KEY_MARK: Final = b"sk-mock-"


class Player:
    """Wraps an app. A request asks for a scenario, in order of precedence, by header, key, script or prompt."""

    def __init__(self, app: ASGIApp, space: Space, door: Callable[[ASGIApp], ASGIApp]) -> None:
        """Wrap `app`; `door` wraps an app so that what it refuses leaves as a reply."""
        self.app = app
        self.space = space
        self.door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with what goes wrong around it."""
        headers = headers_of(scope)
        try:
            if (
                HEADER in headers
                or _KEY_MARK in headers.get(b"authorization", b"")
                or _KEY_MARK in headers.get(b"api-key", b"")
                or self.space.script.lines
            ):
                await self.door(self._playing().asked)(scope, receive, send)
            else:
                await self.app(scope, receive, send)
        except TaggedError as tagged:
            await self._playing().tagged(tagged, scope, receive, send)

    def _playing(self) -> Playing:
        from mockserver.playing import Playing  # noqa: PLC0415 - most servers never play, and it is much to load

        return Playing(self.app, self.space, self.door)
