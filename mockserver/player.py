"""Plays what is to go wrong, for the requests that ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from mockserver.playing import Playing
    from mockserver.spaces import Space
    from mockserver.tagged import TaggedError


class Player:
    """Plays in one space. A request asks for a scenario, in order of precedence, by header, key, script or prompt."""

    def __init__(self, app: ASGIApp, space: Space, door: Callable[[ASGIApp], ASGIApp]) -> None:
        """Play around `app`; `door` wraps an app so that what it refuses leaves as a reply."""
        self.app = app
        self.space = space
        self.door = door

    def asked(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Answer a request that may ask for a scenario."""
        return self._playing().asked(scope, receive, send)

    def tagged(self, tagged: TaggedError, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Answer a request whose prompt asks for one."""
        return self._playing().tagged(tagged, scope, receive, send)

    def _playing(self) -> Playing:
        from mockserver.playing import Playing  # noqa: PLC0415 - most servers never play, and it is much to load

        return Playing(self.app, self.space, self.door)
