"""Exchanges that repeat an earlier one: little is kept of them, and nothing is missing."""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import TYPE_CHECKING, Any, cast

import httpx
import pytest

from mockserver.app import create_app
from mockserver.coverage import coverage
from mockserver.headers import ApiHeaders
from mockserver.journal.entry import request_id_of
from mockserver.journal.kept import Journal
from mockserver.journal.shown import shown
from mockserver.ledger import billed_twice, ledger
from mockserver.server import ServerThread
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from journal.conftest import Open
    from mockserver.journal import Entry
    from mockserver.worlds import Worlds

ASKED = {"model": "gpt-image-1", "prompt": "a dot that repeats", "quality": "low", "size": "1024x1024"}


def rows(journal: Journal) -> list[Entry]:
    """Return what the journal really keeps of each exchange, without what it repeats."""
    return list(journal._rows)  # noqa: SLF001 - how little that is, is the point here


def repeated(journal: Journal) -> int:
    """Return how many exchanges are kept as a repetition."""
    numbers = (entry.number for entry in journal.known())
    return sum(row.number != number for row, number in zip(rows(journal), numbers, strict=True))


def test_a_repetition_tells_all_that_an_entry_tells(opened: Open) -> None:
    """Its own time, its own request id, and everything else as the one that it repeats."""
    replies = [opened.ask(prompt="a dot that nobody asked for before") for _ in range(5)]
    assert repeated(opened.journal) == 3  # the first was drawn, the second is what the others repeat
    entries = opened.journal.entries()
    assert [entry.number - entries[0].number for entry in entries] == [0, 1, 2, 3, 4]
    assert [request_id_of(entry) for entry in entries] == [reply.headers["x-request-id"] for reply in replies]
    assert len({request_id_of(entry) for entry in entries}) == 5
    assert [entry.arrived for entry in entries] == sorted(entry.arrived for entry in entries)
    assert all(0 <= cast("float", entry.seconds) < 60 for entry in entries)
    own = ("number", "arrived", "seconds", "request_id", "attempt", "reply")
    told = [{name: value for name, value in shown(entry).items() if name not in own} for entry in entries]
    assert all(each == told[0] for each in told)
    heads = [cast("dict[str, Any]", shown(entry)["reply"])["headers"] for entry in entries]
    assert [sorted(name for name, _ in head) for head in heads] == [sorted(name for name, _ in heads[0])] * 5


def test_no_picture_is_kept_alive(opened: Open) -> None:
    """What is kept of an exchange stands for its answer, and does not hold it."""
    for _ in range(3):
        opened.ask()
    assert {type(row.answer) for row in rows(opened.journal)} == {object}


def test_every_reply_has_its_bill(opened: Open) -> None:
    """Also those that are told in a few numbers."""
    bills = [opened.ask().headers["x-mock-dollars"] for _ in range(5)]
    assert bills == [f"{opened.last().dollars:.6f}"] * 5


@pytest.mark.parametrize(
    "other",
    [
        {"headers": {"x-other": "1"}},
        {"params": {"a": "1"}},
        {"headers": {"x-stainless-retry-count": "1"}},
        {"headers": {"x-mock-scenario": "429-slow-down"}},
        {"json": {**ASKED, "n": 2}},
    ],
    ids=["header", "query", "retry", "scenario", "parameter"],
)
def test_what_differs_is_no_repetition(opened: Open, other: dict[str, Any]) -> None:
    """It is kept in full, however often it comes between the others."""
    for _ in range(3):
        opened.http.post("/images/generations", json=ASKED)
    before = repeated(opened.journal)
    opened.http.post("/images/generations", **{"json": ASKED, **other})
    assert repeated(opened.journal) == before > 0
    told = shown(opened.last())
    assert told["number"] == rows(opened.journal)[-1].number
    if "headers" in other:
        assert set(other["headers"]) <= {name for name, _ in cast("list[list[str]]", told["headers"])}
    assert told["query"] == ("a=1" if "params" in other else "")


def test_a_prefix_is_no_repetition_of_none(opened: Open) -> None:
    """Both ways to the same space are told as they were."""
    for path in ("", "", "", "/s/default", "", "/s/default"):
        opened.http.post(f"{opened.server.url}{path}/v1/images/generations", json=ASKED)
    assert [entry.head.prefix for entry in opened.journal.entries()] == ["", "", "", "/s/default", "", "/s/default"]


def test_sums_count_repetitions_that_fell_out() -> None:
    """As they count all others."""
    app = cast("Worlds", create_app(Settings(journal=10)))
    with ServerThread(app=app) as server, httpx.Client(headers={"authorization": "Bearer k"}, timeout=60) as http:
        for number in range(200):
            asked = {**ASKED, "prompt": f"a dot {number % 3}"}
            http.post(f"{server.base_url}/images/generations", json={**asked, "n": 11} if number == 7 else asked)
    journal = cast("Journal", app.default.journal)
    sums = ledger(journal)
    assert (sums.requests, len(journal), journal.dropped) == (199, 10, 190)
    assert sums.dollars == pytest.approx(199 * journal.entries()[-1].dollars)
    assert "integer-above-maximum" in coverage(journal, []).rules.done


def test_a_lost_reply_among_repetitions_is_found(opened: Open, wait_until: Callable[..., None]) -> None:
    """The next one like it is compared with it, and kept in full; those after that repeat again."""
    for _ in range(4):
        opened.ask()
    with pytest.raises(httpx.TransportError):
        opened.http.post(
            "/images/generations", json={**ASKED, "prompt": "a dot"}, headers={"x-mock-scenario": "cut-body"}
        )
    wait_until(lambda: opened.last().closed)
    lost = opened.last().number
    assert opened.ask().headers["x-mock-billed-twice"] == str(lost)
    assert "x-mock-billed-twice" not in opened.ask().headers
    assert [(pair.first, pair.second) for pair in billed_twice(opened.journal)] == [(lost, lost + 1)]
    before = repeated(opened.journal)
    opened.ask()
    assert repeated(opened.journal) == before + 1


def test_a_limit_among_repetitions_is_a_refusal() -> None:
    """The request is the same, what it gets is not."""
    app = cast("Worlds", create_app(Settings(journal=10, tier=1)))
    with ServerThread(app=app) as server, httpx.Client(headers={"authorization": "Bearer k"}, timeout=60) as http:
        told = [http.post(f"{server.base_url}/images/generations", json=ASKED).status_code for _ in range(8)]
    entries = cast("Journal", app.default.journal).entries()
    assert [entry.status for entry in entries] == told
    assert set(told) == {200, 429}
    assert entries[-1].rule


def test_clearing_forgets_what_may_be_repeated(opened: Open) -> None:
    """Numbers go on, and the first that comes then is kept in full."""
    for _ in range(4):
        opened.ask()
    opened.journal.clear()
    opened.ask()
    assert (len(opened.journal), repeated(opened.journal)) == (1, 0)
    assert opened.last().asked


def test_a_place_is_only_read_by_its_number(made: Callable[..., Entry]) -> None:
    """Of a small journal the ring turns several times."""
    journal, answer, headers = Journal(most_entries=3), object(), ApiHeaders("proj_x")
    first = headers.of("1".zfill(32), 0.5, None)
    made(journal, dollars=0.5, answer=answer, sent=7, arrived=1.0, seconds=0.5, reply_headers=first)
    for number in range(2, 900):
        entry = made(dollars=0.5, answer=answer, arrived=float(number))
        journal.open(entry)
        assert journal.repeat(entry, headers.of(f"{number:032}", number / 2, None), 7)
        told = [(each.number, each.arrived, each.seconds, request_id_of(each)) for each in journal.entries()]
        kept = range(max(2, number - 2), number + 1)
        assert told[-len(kept) :] == [(each, each, each / 2, f"req_{each:032}") for each in kept]
    assert ledger(journal).requests == 899


@pytest.fixture
def _hasty() -> Iterator[None]:
    """Let threads take turns as often as they can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("_hasty")
def test_another_thread_reads_what_was_written(made: Callable[..., Entry]) -> None:
    """Entries, repetitions and clearing meanwhile: each is told under its own number."""
    journal, headers, written = Journal(most_entries=50), ApiHeaders("proj_x"), threading.Event()

    def write() -> None:
        for number in range(1, 20_001):
            told = headers.of(f"{number:032}", 0.5, None)
            entry = made(arrived=float(number), seconds=0.5, sent=7, dollars=1.0, reply_headers=[*told])
            journal.open(entry)
            if number % 3:
                entry.answer, entry.reply_headers = number // 100, told
            if not journal.repeat(entry, told, 7):
                journal.close(entry)
            if number % 1999 == 0:
                journal.clear()
        written.set()

    writer = threading.Thread(target=write)
    writer.start()
    reads = 0
    while not written.is_set():
        seen = [(entry.number, entry.arrived, request_id_of(entry)) for entry in journal.entries()]
        first = seen[0][0] if seen else 0
        assert seen == [(each, each, f"req_{each:032}") for each in range(first, first + len(seen))]
        reads += 1
    writer.join()
    assert reads > 10


def test_an_entry_that_fell_out_while_it_was_answered_is_no_row(made: Callable[..., Entry]) -> None:
    """It is counted when it is closed."""
    journal, answer = Journal(most_entries=3), object()
    made(journal, dollars=0.5, answer=answer)
    slow = made(dollars=0.5, answer=answer)
    journal.open(slow)
    for _ in range(100):
        made(journal, dollars=1.0)
    assert not journal.repeat(slow, ApiHeaders("proj_x").of("0" * 32, 1.0, None), slow.sent)
    journal.close(slow)
    assert ledger(journal).dollars == 101.0


@pytest.fixture(params=["a wrapped send", "no server of ours"])
def elsewhere(request: pytest.FixtureRequest) -> Iterator[tuple[httpx.AsyncBaseTransport, Worlds]]:
    """The app behind something that is not our server alone."""
    app = cast("Worlds", create_app(Settings(journal=10)))

    def wrapping(inner: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            async def passing(message: Message) -> None:
                await send(message)

            await inner(scope, receive, passing)

        return wrapped

    if request.param == "no server of ours":
        yield httpx.ASGITransport(app=app), app
    else:
        with ServerThread(app=wrapping(app)) as server:
            yield _Through(server.url), app


class _Through(httpx.AsyncHTTPTransport):
    """Sends everything to one address."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = httpx.URL(url)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(host=self._url.host, port=self._url.port)
        return await super().handle_async_request(request)


def test_the_app_may_stand_elsewhere(elsewhere: tuple[httpx.AsyncBaseTransport, Worlds]) -> None:
    """Under another server, or with something between that wraps what is sent."""
    transport, app = elsewhere

    async def ask() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=transport, base_url="http://mock", timeout=60) as http:
            headers = {"authorization": "Bearer k"}
            asked = [{**ASKED}, {**ASKED}, {**ASKED}, {**ASKED, "n": 11}, {**ASKED, "stream": True}]
            return [await http.post("/v1/images/generations", json=each, headers=headers) for each in asked]

    replies = asyncio.run(ask())
    assert [reply.status_code for reply in replies] == [200, 200, 200, 400, 200]
    entries = cast("Journal", app.default.journal).entries()
    told = [(entry.status, entry.complete, entry.sent, request_id_of(entry)) for entry in entries]
    assert told == [(r.status_code, True, len(r.content), r.headers["x-request-id"]) for r in replies]
    assert all("x-mock-dollars" in replies[place].headers for place in (0, 1, 2, 4))
