"""Faults that change a true reply: headers, JSON, events."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from mockserver.app import create_app
from mockserver.clock import FrozenClock
from mockserver.faults.broken_json import BrokenJson
from mockserver.faults.chunked import Chunked
from mockserver.faults.comments import Comments
from mockserver.faults.completed_first import CompletedFirst
from mockserver.faults.completed_twice import CompletedTwice
from mockserver.faults.cut import Cut
from mockserver.faults.delay import Delay
from mockserver.faults.done_mark import DoneMark
from mockserver.faults.empty_data import EmptyData
from mockserver.faults.error_frame import ErrorFrame
from mockserver.faults.expired_links import ExpiredLinks
from mockserver.faults.fault import wrapped
from mockserver.faults.fewer_partials import FewerPartials
from mockserver.faults.headers import Headers
from mockserver.faults.lying_gzip import LyingGzip
from mockserver.faults.no_blank_line import NoBlankLine
from mockserver.faults.no_completed import NoCompleted
from mockserver.faults.no_data import NoData
from mockserver.faults.no_events import NoEvents
from mockserver.faults.not_a_stream import NotAStream
from mockserver.faults.null_pictures import NullPictures
from mockserver.faults.places import Place
from mockserver.faults.refuse import Refuse
from mockserver.faults.scene import Scene
from mockserver.faults.sized import Sized
from mockserver.faults.split import Split
from mockserver.faults.trickle import Trickle
from mockserver.faults.wrong_length import WrongLength
from mockserver.faults.wrong_type import WrongType
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

    from mockserver.faults.fault import Fault

    Talk = Callable[..., Any]

DONE = b"data: [DONE]\n\n"
PING = b": ping\n\n"
STREAMS: dict[str, tuple[Fault, Callable[[list[bytes]], list[bytes]]]] = {
    "error first": (ErrorFrame("oops\n\n", 0), lambda _: [b"oops\n\n"]),
    "error after one": (ErrorFrame("oops\n\n", 1), lambda e: [e[0], b"oops\n\n"]),
    "error last": (ErrorFrame("oops\n\n"), lambda e: [*e[:2], b"oops\n\n"]),
    "error after more than there are": (ErrorFrame("oops\n\n", 9), lambda e: [*e[:2], b"oops\n\n"]),
    "no completed": (NoCompleted(), lambda e: e[:2]),
    "no events": (NoEvents(), lambda _: []),
    "completed first": (CompletedFirst(), lambda e: [e[2], *e[:2]]),
    "completed twice": (CompletedTwice(), lambda e: [*e, e[2]]),
    "no blank line": (NoBlankLine(), lambda e: [*e[:2], e[2][:-1]]),
    "done": (DoneMark(), lambda e: [*e, DONE]),
    "comments": (Comments(), lambda e: [PING, e[0], PING, e[1], PING, e[2]]),
    "one partial": (FewerPartials(1), lambda e: [e[0], numbered(e[2], 1)]),
    "no partial": (FewerPartials(0), lambda e: [numbered(e[2], 0)]),
    "as many partials as there are": (FewerPartials(5), lambda e: e),
}


def numbered(frame: bytes, number: int) -> bytes:
    """Return an event with another sequence number."""
    return re.sub(rb'"sequence_number":\d', b'"sequence_number":%d' % number, frame)


@pytest.mark.parametrize(("fault", "expected"), STREAMS.values(), ids=STREAMS)
@pytest.mark.parametrize("split", [False, True])
def test_a_stream_is_rewritten_event_by_event(
    talk: Talk,
    stream: ASGIApp,
    events: list[bytes],
    fault: Fault,
    expected: Callable[[list[bytes]], list[bytes]],
    split: bool,
) -> None:
    """And ends cleanly, however it was made."""
    told = talk((fault, *([Split((11,), 0)] if split else [])), stream)
    assert (told.body, told.complete, told.end) == (b"".join(expected(events)), True, "open")


@pytest.mark.parametrize(("fault", "_expected"), STREAMS.values(), ids=STREAMS)
def test_what_is_no_stream_stays_as_it_is(
    talk: Talk, whole: ASGIApp, fault: Fault, _expected: Callable[[list[bytes]], list[bytes]]
) -> None:
    """A refusal among the streams is still told."""
    assert talk((fault,), whole).body == talk((), whole).body


def test_json_comes_where_a_stream_was_asked_for(talk: Talk, stream: ASGIApp, whole: ASGIApp) -> None:
    """The completed event's picture, as one body."""
    told = talk((NotAStream(),), stream)
    assert told.headers["content-type"] == "application/json"
    assert json.loads(told.body) == {"created": 5, "data": [{"b64_json": "QUJD"}], "size": "auto"}
    assert talk((NotAStream(),), whole).body == talk((), whole).body


@pytest.mark.parametrize(
    ("fault", "data"), [(EmptyData(), []), (NullPictures(), [{"b64_json": None}]), (NoData(), "absent")]
)
def test_a_success_without_pictures(talk: Talk, whole: ASGIApp, fault: Fault, data: object) -> None:
    """All else of the true reply is kept."""
    told = json.loads(talk((fault,), whole).body)
    assert told.pop("data", "absent") == data
    assert told == {"created": 1, "size": "auto"}


@pytest.mark.parametrize("fault", [EmptyData(), NullPictures(), NoData()])
def test_a_refusal_keeps_its_body(talk: Talk, whole: ASGIApp, fault: Fault) -> None:
    """Only a success can be emptied."""
    told = talk((fault, Refuse(400, "{not json")), whole)
    assert (told.status, told.body) == (400, b"{not json")


def test_an_edit_passes_on_what_an_inner_fault_breaks(talk: Talk, whole: ASGIApp) -> None:
    """A cut reply cannot be parsed, and is not held back."""
    told = talk((EmptyData(), Cut(Place("body", 50))), whole)
    assert (told.end, len(told.body)) == ("FIN", 50)


@pytest.mark.parametrize("by", [10, -10])
def test_a_wrong_length_is_sent_with_the_whole_body(talk: Talk, whole: ASGIApp, by: int) -> None:
    """And the line closes behind it."""
    told, true = talk((WrongLength(by),), whole), talk((), whole)
    assert (told.body, int(told.headers["content-length"])) == (true.body, len(true.body) + by)
    assert told.end == "FIN"


@pytest.mark.parametrize(
    ("fault", "name", "value"),
    [
        (LyingGzip(), "content-encoding", "gzip"),
        (WrongType(), "content-type", "text/plain"),
        (WrongType(""), "content-type", None),
        (Headers((("Retry-After", "1000000"),)), "retry-after", "1000000"),
        (Headers(drop=("content-type",)), "content-type", None),
        (Sized(), "content-length", "3086"),
        (Chunked(), "transfer-encoding", "chunked"),
    ],
)
def test_a_header_differs_and_the_body_does_not(
    talk: Talk, measured: ASGIApp, fault: Fault, name: str, value: str | None
) -> None:
    """Whatever is claimed."""
    told = talk((fault,), measured)
    assert told.headers.get(name) == value
    assert told.body == talk((), measured).body


def test_broken_json_has_a_good_length(talk: Talk, measured: ASGIApp) -> None:
    """Two bytes less, and the reply is complete."""
    told = talk((BrokenJson(),), measured)
    assert told.complete
    assert told.body == talk((), measured).body[:-2]


@pytest.mark.parametrize("answered", [True, False])
def test_a_refusal_replaces_the_reply(talk: Talk, whole: ASGIApp, ran: list[str], answered: bool) -> None:
    """Whether or not the work was done."""
    told = talk((Refuse(524, "<html>", "text/html", "edge", answered=answered),), whole)
    assert (told.status, told.body, told.end) == (524, b"<html>", "open")
    assert bool(ran) is answered


def test_a_refusal_may_be_empty_and_have_its_own_phrase(talk: Talk, whole: ASGIApp) -> None:
    """A reason that HTTP does not know ends the connection, as our head is written by hand."""
    assert talk((Refuse(404, "", ""),), whole).head.startswith(b"HTTP/1.1 404 Not Found\r\n")
    told = talk((Refuse(401, "{}", reason="PermissionDenied"),), whole)
    assert told.head.startswith(b"HTTP/1.1 401 PermissionDenied\r\n")
    assert (told.complete, told.end) == (True, "FIN")


def test_words_are_filled_in_and_braces_are_not() -> None:
    """The same request id in header and body; `{…}` of JSON stays."""
    scene = Scene(token="0123456789abcdef" * 2, key="sk-0123456789abcdef")
    reply = Refuse(401, '{"a":{"b":"{request_id} {key} {model|m-1} {nobody}"}}').reply(scene)
    assert reply.body == b'{"a":{"b":"req_0123456789abcdef0123456789abcdef sk-01234*******cdef m-1 {nobody}"}}'
    assert (b"x-request-id", b"req_" + scene.token.encode()) in reply.headers
    assert Scene(model="gpt-image-2").fill("{model|m-1}") == "gpt-image-2"


def test_a_header_of_the_family_is_replaced_or_left_out() -> None:
    """By name, in any case."""
    fault = Refuse(500, "", "", headers=(("Server", "me"), ("OpenAI-Version", "")))
    headers = [header for header in fault.reply(Scene()).headers if header[0] in {b"server", b"openai-version"}]
    assert headers == [(b"server", b"me")]


def test_picture_urls_are_expired_in_a_true_reply() -> None:
    """The store itself refuses them, with true dates."""
    clock = FrozenClock()
    app = create_app(Settings(seed=3), clock)
    scene = Scene(clock=clock, seed=3)

    async def exchange() -> httpx.Response:
        faulty = httpx.ASGITransport(wrapped((ExpiredLinks(),), app, scene))
        async with httpx.AsyncClient(transport=faulty, base_url="http://mock") as client:
            key = {"authorization": "Bearer k"}
            made = await client.post("/v1/images/generations", headers=key, json={"model": "dall-e-3", "prompt": "a"})
            return await client.get(made.json()["data"][0]["url"])

    reply = anyio.run(exchange)
    assert reply.status_code == 403
    assert "Signature not valid in the specified time frame" in reply.text


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Place.of("happenings 1"), "is no place"),
        (lambda: Place.of("body x"), "is no place"),
        (lambda: Cut(Place("start")), "use close"),
        (lambda: Delay(1, Place("head")), "choose start, or body 0"),
        (lambda: Trickle(0), "a reply that stands still is a stall"),
        (lambda: WrongLength(0), "promises what is sent"),
        (lambda: Split(()), "above 0"),
        (lambda: BrokenJson(0), "above 0"),
        (lambda: Refuse(400, family="nobody"), "it can be api"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(make: Callable[[], object], sentence: str) -> None:
    """With a sentence that says what does."""
    with pytest.raises(ValueError, match=sentence):
        make()
