"""What the recorder sees of an exchange: pieces, events, clients that leave, lines that are cut."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.bill import Bill
from mockserver.clock import FrozenClock
from mockserver.journal import Entry, entry_of
from mockserver.journal.entry import KEPT_BODY
from mockserver.journal.kept import Journal
from mockserver.journal.recorder import Recorder
from mockserver.request_head import HEAD, read_head

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, MutableMapping

    from starlette.types import ASGIApp, Receive, Scope, Send

    from journal.conftest import Open

    Message = MutableMapping[str, Any]

START: Message = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]}
STREAM: Message = {**START, "headers": [(b"Content-Type", b"text/event-stream; charset=utf-8")]}
SCOPE = {"type": "http", "method": "POST", "path": "/v1/x", "headers": [], "query_string": b"a=b", "scheme": "http"}


def app_of(*messages: Message, reads: int = 0) -> ASGIApp:
    """Return an app that receives and sends."""

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        for _ in range(reads):
            await receive()
        for message in messages:
            await send(message)

    return app


def arrived(**scope: object) -> Scope:
    """Return the scope of a request whose head was read."""
    asked: Scope = {**SCOPE, **scope}
    asked[HEAD] = read_head(asked)
    return asked


def record(app: ASGIApp, received: Iterable[Message] = (), **scope: object) -> Entry:
    """Run one exchange and return its entry."""
    journal, waiting = Journal(), iter(received)

    async def receive() -> Message:
        return next(waiting)

    async def send(_message: Message) -> None:
        pass

    asyncio.run(Recorder(app, FrozenClock(1000.0), journal, Bill(journal))(arrived(**scope), receive, send))
    return journal.entries()[0]


def body(piece: bytes, *, more: bool = False) -> Message:
    """Return a piece of a reply's body."""
    return {"type": "http.response.body", "body": piece, "more_body": more}


def part(piece: bytes, *, more: bool = False) -> Message:
    """Return a piece of a request's body."""
    return {"type": "http.request", "body": piece, "more_body": more}


GONE: Message = {"type": "http.disconnect"}


def test_an_entry_tells_of_its_arrival() -> None:
    """By the clock; the query is kept, and the space's prefix."""
    entry = record(app_of(START, body(b"ab")), (), path="/s/one/v1/x")
    told = (entry.number, entry.arrived, entry.seconds, entry.head.query, entry.head.prefix, entry.sent, entry.complete)
    assert told == (1, 1000.0, 0.0, b"a=b", "/s/one", 2, True)


@pytest.mark.parametrize(
    ("pieces", "kept"),
    [
        ([b"whole"], b"whole"),
        ([b"in ", b"", b"pieces"], b"in pieces"),
        ([b"x" * KEPT_BODY], b"x" * KEPT_BODY),
        ([b"x" * (KEPT_BODY + 1)], None),
        ([b"x" * KEPT_BODY, b"y"], None),
        ([b"x" * KEPT_BODY, b"y", b"z"], None),
    ],
    ids=["whole", "pieces", "longest", "too long", "too long in pieces", "too long and more"],
)
def test_a_body_is_kept_in_bounds(pieces: list[bytes], kept: bytes | None) -> None:
    """Its size is known in any case."""
    received = [part(piece, more=number < len(pieces)) for number, piece in enumerate(pieces, 1)]
    entry = record(app_of(START, body(b""), reads=len(pieces)), received)
    assert (entry.body, entry.received) == (kept, sum(map(len, pieces)))


def test_a_body_that_never_ended_is_not_kept() -> None:
    """Half a request would replay as another one."""
    entry = record(app_of(reads=2), [part(b"half", more=True), GONE])
    assert (entry.body, entry.received, entry.gone, entry.status) == (None, 4, 1000.0, 0)


def test_a_client_that_leaves_early_is_noted_once() -> None:
    """And what is handed over afterwards does not count as sent."""
    app = app_of(STREAM, body(b"event: a\ndata: 1\n\n", more=True))

    async def leaving(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)
        await receive()
        entry_of(scope).hint = str(entry_of(scope).gone)
        await send(body(b"event: b\ndata: 2\n\n"))

    entry = record(leaving, [GONE])
    assert (entry.hint, entry.gone, entry.complete) == ("1000.0", 1000.0, False)
    assert (list(entry.events), entry.sent) == (["a"], 18)


def test_a_client_that_leaves_after_the_reply_is_no_news() -> None:
    """Every connection ends some day."""

    async def waiting(scope: Scope, receive: Receive, send: Send) -> None:
        await app_of(START, body(b"ab"))(scope, receive, send)
        await receive()

    entry = record(waiting, [GONE])
    assert (entry.gone, entry.complete) == (None, True)


def test_an_app_that_breaks_is_a_500() -> None:
    """As the server answers in its place; not where the reply had begun."""
    message = "a bug"

    async def breaking(scope: Scope, _receive: Receive, send: Send) -> None:
        entry_of(scope).status = 200
        if scope["path"] == "/late":
            await send(START)
        raise ValueError(message)

    journal = Journal()
    recorder = Recorder(breaking, FrozenClock(), journal, Bill(journal))
    for path in ("/early", "/late"):
        with pytest.raises(ValueError, match=message):
            asyncio.run(recorder(arrived(path=path), _nothing, _ignored))
    assert [entry.status for entry in journal.entries()] == [500, 200]


async def _nothing() -> Message:
    return GONE


async def _ignored(_message: Message) -> None:
    pass


@pytest.mark.parametrize(
    ("messages", "status", "cut", "sent", "events"),
    [
        ([{"type": "mockserver.reset"}], 0, "reset", 0, []),
        ([{"type": "mockserver.raw", "body": b"HTTP/1.1 20"}, {"type": "mockserver.close"}], 0, "close", 0, []),
        (
            [
                {"type": "mockserver.raw", "body": b"HTTP/1.1 502 Bad\r\nServer: x\r\n\r\nhalf"},
                {"type": "mockserver.close"},
            ],
            502,
            "close",
            4,
            [],
        ),
        (
            [
                {
                    "type": "mockserver.raw",
                    "body": b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\nevent: a\ndata: 1\n\n",
                },
                {"type": "mockserver.raw", "body": b"12\r\nevent: b\ndata: 1\n\n\r\n8\r\nevent: c"},
                {"type": "mockserver.reset"},
            ],
            200,
            "reset",
            53,
            ["a", "b"],
        ),
        ([START, body(b"ab", more=True), {"type": "mockserver.reset"}], 200, "reset", 2, []),
    ],
    ids=["before", "inside the status line", "inside the body", "inside a stream", "after a piece"],
)
def test_a_line_that_a_fault_ends_is_no_client_that_left(
    messages: list[Message], status: int, cut: str, sent: int, events: list[str]
) -> None:
    """The status is what reached the line, whatever the endpoint meant to say."""

    async def faulty(scope: Scope, receive: Receive, send: Send) -> None:
        entry_of(scope).status = 200
        for message in messages:
            await send(message)
        await receive()

    entry = record(faulty, [GONE])
    told = (entry.status, entry.cut, entry.sent, list(entry.events), entry.gone, entry.complete)
    assert told == (status, cut, sent, events, None, False)


def test_a_client_that_hangs_up_on_a_stream_is_seen(opened: Open, wait_until: Callable[..., None]) -> None:
    """On a real socket, after the first event of a stream that stalls."""
    sent = b'{"model": "gpt-image-1", "prompt": "a dot", "quality": "low", "stream": true, "partial_images": 2}'
    head = (
        "POST /v1/images/generations HTTP/1.1\r\nhost: x\r\nauthorization: Bearer k\r\ncontent-type: application/json"
    )
    host, port = opened.server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as line:
        line.sendall(f"{head}\r\nx-mock-scenario: stream-stall\r\ncontent-length: {len(sent)}\r\n\r\n".encode() + sent)
        wait_until(lambda: len(opened.journal) == 1 and bool(opened.last().events))
        assert (opened.last().gone, opened.last().seconds) == (None, None)
    wait_until(lambda: opened.last().closed)
    entry = opened.last()
    assert (entry.status, list(entry.events), entry.complete) == (200, ["image_generation.partial_image"], False)
    assert entry.gone is not None


class Line:
    """A connection whose client left while nobody waited for word of it."""

    disconnected = True

    async def send(self, _message: Message) -> None:
        """Forget a message, as uvicorn does."""


def test_a_client_that_left_unseen_is_noted_when_the_reply_is_handed_over() -> None:
    """Its reply was not sent."""
    journal = Journal()
    app = app_of(START, body(b"ab"), {"type": "http.response.trailers"})
    asyncio.run(Recorder(app, FrozenClock(5.0), journal, Bill(journal))(arrived(), _nothing, Line().send))
    entry = journal.entries()[0]
    assert (entry.status, entry.sent, entry.complete, entry.gone) == (200, 0, False, 5.0)
