"""The bill in the head of a reply: what it would have cost, and which request had paid for the same before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool

from mockserver.journal import entry_of
from mockserver.ledger import billed_before
from mockserver.wire import headers_of

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from mockserver.journal import Entry
    from mockserver.journal.kept import Journal

DOLLARS: Final = b"x-mock-dollars"

BILLED_TWICE: Final = b"x-mock-billed-twice"
"""Names the number of the entry whose reply was lost."""

_FIRST: Final = {None, b"", b"0"}
"""How clients count no retry."""


class Bill:
    """Wraps an app whose exchanges a journal keeps; a reply that costs nothing passes as it is."""

    def __init__(self, app: ASGIApp, journal: Journal) -> None:
        self.app = app
        self.journal = journal

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass the request on, and bill its reply."""
        entry = entry_of(scope)

        def billed(message: Message) -> Awaitable[None]:
            if message["type"] != "http.response.start" or not entry.dollars:
                return send(message)
            message["headers"] = [*message["headers"], (DOLLARS, b"%.6f" % entry.dollars)]
            if headers_of(scope).get(b"x-stainless-retry-count") in _FIRST and not self.journal.repeats(entry):
                return send(message)
            return self._compared(entry, message, send)

        return self.app(scope, receive, billed)

    async def _compared(self, entry: Entry, message: Message, send: Send) -> None:
        """Look for an earlier bill, in a thread: all entries may have to be read."""
        pair = await run_in_threadpool(billed_before, self.journal, entry)
        if pair is not None:
            message["headers"].append((BILLED_TWICE, b"%d" % pair.first))
        await send(message)
