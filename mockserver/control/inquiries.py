"""What a test asks of a space's journal: its entries, a verdict, what it cost, what it met."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from starlette.concurrency import run_in_threadpool

from mockserver.control.wire import ControlError, told, wanted
from mockserver.coverage import coverage
from mockserver.journal.curl import curl
from mockserver.journal.har import har
from mockserver.journal.openai_python import openai_python
from mockserver.journal.patterns import QueryError
from mockserver.journal.shown import export, shown
from mockserver.journal.verify import verify
from mockserver.ledger import billed_before, billed_twice, ledger
from mockserver.scenarios.catalogue import scenarios

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import JSONResponse

    from mockserver.journal import Entry
    from mockserver.journal.kept import Journal
    from mockserver.worlds import World


class Inquiry(NamedTuple):
    """One route."""

    path: str
    answer: Callable[[Request], Awaitable[JSONResponse]]
    methods: tuple[str, ...] = ("GET",)


class Inquiries:
    """Answers what is asked of a journal, in a thread: a thousand entries take a while."""

    def __init__(self, world: Callable[[Request], World], version: str) -> None:
        self._world = world
        self._version = version

    def routes(self) -> list[Inquiry]:
        """Return what can be asked."""
        return [
            Inquiry("/journal", self.journal, ("GET", "DELETE")),
            Inquiry("/journal.har", self.archive),
            Inquiry("/journal/{number:int}", self.entry),
            Inquiry("/verify", self.verify, ("POST",)),
            Inquiry("/ledger", self.ledger),
            Inquiry("/coverage", self.coverage),
        ]

    def _journal(self, request: Request) -> Journal:
        kept = self._world(request).journal
        if kept is None:
            raise ControlError(404, "this server keeps no journal; start it with --journal 1000")
        return kept

    async def journal(self, request: Request) -> JSONResponse:
        """Tell the exchanges of a space that pass the filters of the query string, or forget all of them."""
        kept, filters = self._journal(request), _filters(request)
        if request.method == "DELETE":
            kept.clear()
        return told(200, **await _apart(lambda: export(kept, kept.find(filters))))

    async def archive(self, request: Request) -> JSONResponse:
        """Tell the same as an HTTP archive (HAR 1.2)."""
        kept, filters = self._journal(request), _filters(request)
        return told(200, **await _apart(lambda: har(kept.find(filters), self._version)))

    async def entry(self, request: Request) -> JSONResponse:
        """Tell one exchange, with what sends it again."""
        kept, number = self._journal(request), request.path_params["number"]
        entry = kept.entry(number)
        if entry is None:
            raise ControlError(404, f"exchange {number} is not kept")
        return told(200, **await _apart(lambda: _whole(kept, entry)))

    async def verify(self, request: Request) -> JSONResponse:
        """Judge a journal: `match`, `exactly`, `at_least`, `at_most`, `fields`, `order`; 417 where it is not so."""
        kept, expectation = self._journal(request), await wanted(request)
        verdict = await _apart(lambda: verify(kept, expectation).told())
        return told(200 if verdict["passed"] else 417, **verdict)

    async def ledger(self, request: Request) -> JSONResponse:
        """Tell what the real API would have charged, by model, and what it would have charged twice."""
        kept = self._journal(request)
        return told(200, **await _apart(lambda: _charged(kept)))

    async def coverage(self, request: Request) -> JSONResponse:
        """Tell which refusals and scenarios a space has met, of all that there are; 417 where that is too little."""
        kept, least = self._journal(request), _share(request.query_params.get("least", "0"))
        met = await run_in_threadpool(coverage, kept, [each.id for each in scenarios()])
        short = met.shortfall(least)
        return told(417 if short else 200, **met.told(), shortfall=short)


def _filters(request: Request) -> dict[str, str]:
    return {name: value for name, value in request.query_params.items() if name != "space"}


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1
    if not 0 <= share <= 1:
        raise ControlError(400, f"least={text[:80]} is no share from 0 to 1")
    return share


async def _apart(work: Callable[[], dict[str, object]]) -> dict[str, object]:
    """Return what comes out of it, done in a thread; what cannot be read is said to the person who asked."""
    try:
        return await run_in_threadpool(work)
    except QueryError as error:
        raise ControlError(400, str(error)) from None


def _whole(kept: Journal, entry: Entry) -> dict[str, object]:
    attempt, pair = kept.attempts().get(entry.number), billed_before(kept, entry)
    told = {**shown(entry, attempt), "billed_twice": pair.told() if pair else None}
    return {**told, "curl": curl(entry), "openai_python": openai_python(entry)}


def _charged(kept: Journal) -> dict[str, object]:
    return {**ledger(kept).told(), "billed_twice": [pair.told() for pair in billed_twice(kept)]}
