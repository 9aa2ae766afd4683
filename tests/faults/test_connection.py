"""Faults of the connection: what a client's TCP stack sees, and how many bytes it gets."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from mockserver.clock import FrozenClock
from mockserver.faults.close import Close
from mockserver.faults.cut import Cut
from mockserver.faults.delay import Delay
from mockserver.faults.fault import wrapped
from mockserver.faults.places import Place
from mockserver.faults.refuse import Refuse
from mockserver.faults.reset import Reset
from mockserver.faults.scene import Scene
from mockserver.faults.sized import Sized
from mockserver.faults.split import Split
from mockserver.faults.stall import Stall
from mockserver.faults.trickle import Trickle
from mockserver.server import ServerThread, cycle

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from mockserver.faults.fault import Fault

    Talk = Callable[..., Any]

LOSSES = {Reset: "RST", Close: "FIN", Stall: "open"}
ENDS = pytest.mark.parametrize(("fault", "end"), LOSSES.items(), ids=lambda value: getattr(value, "__name__", value))


@ENDS
@pytest.mark.parametrize("answered", [True, False])
def test_nothing_comes_before_the_status_line(
    talk: Talk, whole: ASGIApp, ran: list[str], fault: type[Reset], end: str, answered: bool
) -> None:
    """At the start no byte is sent, and the app runs only where the request is to be answered."""
    told = talk((fault(answered=answered),), whole)
    assert (told.end, told.raw) == (end, b"")
    assert bool(ran) is answered


@ENDS
def test_a_head_ends_inside_a_header(talk: Talk, whole: ASGIApp, fault: type[Reset], end: str) -> None:
    """Half of the head is sent."""
    told = talk((fault(Place("head")),), whole)
    assert told.end == end
    assert told.raw.startswith(b"HTTP/1.1 200 OK\r\ndate: ")
    assert b"\r\n\r\n" not in told.raw


def test_a_head_that_http_has_no_phrase_for_is_cut_too(talk: Talk, whole: ASGIApp) -> None:
    """A 520 has none."""
    told = talk((Cut(Place("head", 20)), Refuse(520)), whole)
    assert (told.end, told.raw) == ("FIN", b"HTTP/1.1 520 \r\ndate:")


@ENDS
@pytest.mark.parametrize("count", [0, 1, 100, 2999])
def test_a_body_ends_after_so_many_bytes(
    talk: Talk, whole: ASGIApp, measured: ASGIApp, fault: type[Reset], end: str, count: int
) -> None:
    """To the byte, with and without a promised length, and what was written before a reset still arrives."""
    for app in (whole, measured):
        told = talk((fault(Place("body", count)),), app)
        assert (told.end, len(told.body), told.complete) == (end, count, False)


@ENDS
@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_stream_ends_after_so_many_events(
    talk: Talk, stream: ASGIApp, events: list[bytes], fault: type[Reset], end: str, count: int
) -> None:
    """Whole events, then the end."""
    told = talk((fault(Place("events", count)),), stream)
    assert (told.end, told.body, told.complete) == (end, b"".join(events[:count]), False)


def test_a_cut_breaks_a_promised_length(talk: Talk, whole: ASGIApp) -> None:
    """Half of the body, the whole in content-length, FIN."""
    told = talk((Cut(), Sized()), whole)
    promised = int(told.headers["content-length"])
    assert (told.end, len(told.body)) == ("FIN", promised // 2)


def test_a_cut_leaves_chunks_unended(talk: Talk, whole: ASGIApp) -> None:
    """Half of the body in chunks, without the last one."""
    told = talk((Cut(),), whole)
    assert told.headers["transfer-encoding"] == "chunked"
    assert (told.end, told.complete) == ("FIN", False)


def test_a_cut_inside_base64_counts_characters(talk: Talk, whole: ASGIApp) -> None:
    """So many of the first picture."""
    told = talk((Cut(Place("base64", 17)),), whole)
    assert told.body.endswith(b'"b64_json": "' + b"A" * 17)


def test_a_cut_inside_an_event_shows_its_name(talk: Talk, stream: ASGIApp, events: list[bytes]) -> None:
    """The events before it, then a part."""
    told = talk((Cut(Place("frame", 1)),), stream)
    assert told.body == b"".join(events)[: len(events[0]) + 48]


@pytest.mark.parametrize("place", [Place("body", 10**6), Place("events", 9)])
def test_a_place_beyond_the_end_still_bites(talk: Talk, stream: ASGIApp, events: list[bytes], place: Place) -> None:
    """The reply ends one byte early rather than pass as whole."""
    told = talk((Close(place),), stream)
    assert (told.end, told.body) == ("FIN", b"".join(events)[:-1])


@pytest.mark.parametrize("size", [1, 7, 4096])
@pytest.mark.parametrize(
    ("place", "length"), [(Place("events", 1), 0), (Place("frame", 1), 48), (Place("base64", 2), None)]
)
def test_a_place_is_found_in_pieces_of_any_size(
    talk: Talk, stream: ASGIApp, events: list[bytes], size: int, place: Place, length: int | None
) -> None:
    """Also where an inner fault sends byte by byte."""
    told = talk((Cut(place), Split((size,), 0)), stream)
    start = events[0].index(b'"b64_json":"') + 14 if length is None else len(events[0]) + length
    assert told.body == b"".join(events)[:start]


def test_a_large_body_arrives_before_its_reset(talk: Talk) -> None:
    """What the socket's buffer cannot hold is not thrown away."""

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"8000000")]})
        await send({"type": "http.response.body", "body": bytes(8_000_000)})

    told = talk((Reset(Place("body", 7_000_000)),), app)
    assert (told.end, len(told.body)) == ("RST", 7_000_000)


def test_a_close_is_a_fin_though_the_upload_is_unread(talk: Talk, whole: ASGIApp) -> None:
    """Closing a socket with unread bytes would reset it."""
    told = talk((Close(answered=False),), whole, body=bytes(3_000_000))
    assert (told.end, told.raw) == ("FIN", b"")


def test_a_stall_ends_with_the_client() -> None:
    """Fifty of them leave nothing behind once their clients are gone."""
    left = threading.Semaphore(0)

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        pytest.fail("the request is not answered")

    async def counted(scope: Scope, receive: Receive, send: Send) -> None:
        await wrapped((Stall(answered=False),), app, Scene())(scope, receive, send)
        left.release()

    with ServerThread(app=counted) as server:
        host, _, port = server.url.removeprefix("http://").rpartition(":")
        lines = [socket.create_connection((host, int(port))) for _ in range(50)]
        for line in lines:
            line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.1)
        for line in lines:
            line.close()
        assert all(left.acquire(timeout=5) for _ in lines)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_delay_trickle_and_cut_work_together(talk: Talk, whole: ASGIApp, order: tuple[int, ...]) -> None:
    """In any order: a pause, then a slow half, then the end."""
    faults: tuple[Fault, ...] = (Delay(0.1), Trickle(5000), Cut(Place("body", 1500)))
    told = talk(tuple(faults[index] for index in order), whole)
    assert (told.end, len(told.body)) == ("FIN", 1500)
    assert told.seconds >= 0.25


def test_a_trickle_keeps_its_pace(talk: Talk, measured: ASGIApp) -> None:
    """3000 bytes at 10000 bytes a second, all of them."""
    told = talk((Trickle(10_000),), measured)
    assert told.complete
    assert 0.2 < told.seconds < 2


def test_an_empty_body_has_nothing_to_trickle(talk: Talk, whole: ASGIApp) -> None:
    """And is still a reply."""
    told = talk((Trickle(1), Refuse(404)), whole)
    assert (told.status, told.complete) == (404, True)


def test_a_trickle_follows_the_clock(talk: Talk, measured: ASGIApp) -> None:
    """An hour of dripping is over at once where time is a value."""
    clock = FrozenClock()
    before = clock.now()
    assert talk((Trickle(1),), measured, Scene(clock=clock)).complete
    assert clock.now() - before > 3000


@pytest.mark.parametrize(
    ("delay", "done"),
    [
        (Delay(0.2), False),
        (Delay(0.2, answered=True), True),
        (Delay(0.2, Place("body", 5)), True),
        (Delay(0.2, Place("body", 0)), True),
    ],
)
def test_a_delay_is_before_or_behind_the_work(ran: list[str], whole: ASGIApp, delay: Delay, done: bool) -> None:
    """As chosen; what matters is what was billed when the client gave up."""
    seen: list[bool] = []

    class Noting(FrozenClock):
        async def sleep(self, seconds: float) -> None:
            seen.append(bool(ran))
            await super().sleep(seconds)

    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    app = wrapped((delay,), whole, Scene(clock=Noting()))
    anyio.run(app, {"type": "http"}, receive, send)
    assert seen == [done]
    assert b"".join(message.get("body", b"") for message in sent).endswith(b"}")


def test_a_split_body_is_the_same_body(talk: Talk, stream: ASGIApp, events: list[bytes]) -> None:
    """In pieces that end anywhere."""
    told = talk((Split((1, 6, 50), 0.001),), stream)
    assert told.body == b"".join(events)
    assert b"\r\n1\r\ne\r\n6\r\nvent: \r\n" in told.raw


@pytest.mark.parametrize("fault", [Reset(), Close(), Stall(), Cut()])
def test_another_server_is_told_what_is_missing(whole: ASGIApp, ran: list[str], fault: Fault) -> None:
    """One clear error, before anything is done."""

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(_message: Message) -> None:
        pytest.fail("nothing is sent")

    with pytest.raises(RuntimeError, match="only mockserver's own server offers"):
        anyio.run(wrapped((fault,), whole, Scene()), {"type": "http"}, receive, send)
    assert ran == []


def test_the_server_goes_on_after_each_loss(talk: Talk, whole: ASGIApp, caplog: pytest.LogCaptureFixture) -> None:
    """Without a traceback."""
    for fault in (Reset(), Close(), Cut(), Reset(Place("head")), Reset(Place("body", 5))):
        talk((fault,), whole)
    assert talk((), whole).complete
    assert [record for record in caplog.records if record.exc_info or record.levelname == "ERROR"] == []


def test_a_reset_does_not_wait_for_ever(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that does not read is reset all the same."""
    monkeypatch.setattr(cycle, "_PATIENCE", 20)

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"50000000")]})
        await send({"type": "http.response.body", "body": bytes(50_000_000)})

    told = talk((Reset(Place("body", 49_000_000)),), app, nap=0.5)
    assert (told.end, told.complete) == ("RST", False)
    assert len(told.body) < 49_000_000


def test_a_trickle_stops_when_the_client_goes_away() -> None:
    """And nobody drips for hours into nothing."""
    ended = threading.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        async def large(_scope: Scope, _receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": bytes(100_000)})

        await wrapped((Trickle(20),), large, Scene())(scope, receive, send)
        ended.set()

    with ServerThread(app=app) as server:
        host, _, port = server.url.removeprefix("http://").rpartition(":")
        with socket.create_connection((host, int(port))) as line:
            line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert line.recv(10) == b"HTTP/1.1 2"
        assert ended.wait(5)
