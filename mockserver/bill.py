"""The bill in the head of a reply: what it would have cost, and which request had paid for the same before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool

from mockserver.headers import ApiHead
from mockserver.ledger import billed_before
from mockserver.request_head import head_of

if TYPE_CHECKING:
    from starlette.types import Message, Scope

    from mockserver.journal import Entry
    from mockserver.journal.kept import Journal

DOLLARS: Final = b"x-mock-dollars"

BILLED_TWICE: Final = b"x-mock-billed-twice"
"""Names the number of the entry whose reply was lost."""

_FIRST: Final = {None, b"", b"0"}
"""How clients count no retry."""


class Bill:
    """Bills the replies of one space, whose exchanges a journal keeps."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal

    def write(self, scope: Scope, entry: Entry, head: Message) -> bool:
        """Write what a reply costs into its head, and return whether `compare` has to look for an earlier bill."""
        headers, line = head["headers"], (DOLLARS, b"%.6f" % entry.dollars)
        if isinstance(headers, ApiHead):
            headers.constant = headers.constant.and_one(line)
        else:
            headers += [line]
        return head_of(scope).named.get(b"x-stainless-retry-count") not in _FIRST or self.journal.doubts(entry)

    async def compare(self, entry: Entry, head: Message) -> None:
        """Look for an earlier bill, in a thread, as all entries may have to be read, and write its number as well."""
        pair = await run_in_threadpool(billed_before, self.journal, entry)
        if pair is not None:
            head["headers"] += [(BILLED_TWICE, b"%d" % pair.first)]
