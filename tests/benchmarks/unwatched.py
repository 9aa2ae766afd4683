"""The mock without recorder and player, which is what these two are measured by: `unwatched.py --port PORT`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from mockserver import app
from mockserver.cli import main
from mockserver.journal import Entry
from mockserver.journal.entry import ENTRY
from mockserver.worlds import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from mockserver.spaces import Space


def unplayed(inner: ASGIApp, _space: Space, _door: Callable[[ASGIApp], ASGIApp]) -> ASGIApp:
    """Return the app as it is."""
    return inner


def unnoted(space: Space, inner: ASGIApp) -> World:
    """Return a world that opens the entry that endpoints write to, and forgets it."""
    stopwatch = space.clock.stopwatch

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        scope[ENTRY] = Entry(scope["method"], scope["path"], stopwatch())
        await inner(scope, receive, send)

    return World(space, answer, None)


if __name__ == "__main__":
    vars(app).update(Player=unplayed, _noted=unnoted)
    sys.exit(main(["serve", "--log-level", "warning", *sys.argv[1:]]))
