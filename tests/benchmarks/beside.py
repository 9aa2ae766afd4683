"""The mock three times in one process: without recorder and player, as it is, and with a journal.

`beside.py --port A --others B C` listens at these ports, in this order. Where a process's memory comes to lie moves its
speed by a tenth, which is as much as is measured here; in one process that moves all three alike.
"""

from __future__ import annotations

import socket
from argparse import ArgumentParser
from typing import TYPE_CHECKING

from mockserver import app
from mockserver.journal import Entry
from mockserver.journal.entry import ENTRY
from mockserver.request_head import head_of
from mockserver.server.foreground import Server
from mockserver.server.log import set_up_logging
from mockserver.settings import Settings
from mockserver.worlds import World

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from mockserver.spaces import Space


def unplayed(*_: object) -> None:
    """Play nothing."""


def unnoted(space: Space, inner: ASGIApp) -> World:
    """Return a world that opens the entry that endpoints write to, and forgets it."""
    stopwatch = space.clock.stopwatch

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        scope[ENTRY] = Entry(head_of(scope), stopwatch())
        await inner(scope, receive, send)

    return World(space, answer, None)


def unwatched() -> ASGIApp:
    """Return the app without recorder and player."""
    names = {"Player": unplayed, "_noted": unnoted}
    own = {name: vars(app)[name] for name in names}
    vars(app).update(names)
    try:
        return app.create_app(Settings())
    finally:
        vars(app).update(own)


def main() -> None:
    """Serve until a signal."""
    parser = ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--others", type=int, nargs=2, required=True)
    asked = parser.parse_args()
    set_up_logging("warning")
    apps = [unwatched(), app.create_app(Settings()), app.create_app(Settings(journal=1000))]
    by_port = dict(zip((asked.port, *asked.others), apps, strict=True))

    async def chosen(scope: Scope, receive: Receive, send: Send) -> None:
        await by_port[scope["server"][1]](scope, receive, send)

    Server(chosen, lambda: None).run([socket.create_server(("127.0.0.1", port), backlog=128) for port in by_port])


if __name__ == "__main__":
    main()
