"""Tells each exchange in a line of log, and keeps nothing."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Final

from mockserver.journal.entry import ENTRY, Entry
from mockserver.journal.lines import LOG, line
from mockserver.request_head import head_of

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from mockserver.clock import Clock

RAW: Final = "mockserver.raw"
"""Type of the messages whose bytes stand outside of HTTP's framing, see `faults.line`."""

STATUS: Final = re.compile(rb"HTTP/1\.1 (\d{3})(?: |$)")


class Teller:
    """Wraps an app; opens an entry on arrival, tells it in the log when the app is done, and keeps nothing."""

    def __init__(self, app: ASGIApp, clock: Clock) -> None:
        self.app = app
        self.clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with an entry of its own."""
        entry = scope[ENTRY] = Entry(head_of(scope), self.clock.stopwatch())
        try:
            await self.app(scope, receive, send)
        finally:
            if LOG.isEnabledFor(logging.INFO):
                LOG.info("%s", line(entry, self.clock.stopwatch() - entry.started))


def telling(entry: Entry, send: Send) -> Send:
    """Return a `send` that notes the status, for replies that are made outside of the endpoints."""

    def tell(message: Message) -> Awaitable[None]:
        kind = message["type"]
        if kind == "http.response.start":
            entry.status = message["status"]
        elif kind == RAW and not entry.status:
            told = STATUS.match(message["body"])
            entry.status = int(told[1]) if told else 0
        return send(message)

    return tell
