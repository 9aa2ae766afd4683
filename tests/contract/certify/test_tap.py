"""The tap hears each session byte for byte, also where a line breaks."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from mockserver.contract import inputs
from mockserver.contract.certify.exchange import Exchange
from mockserver.contract.certify.tap import Session, Tap
from mockserver.contract.certify.tape import MOST_BYTES, MOST_EXCHANGES, Tape
from mockserver.scenarios.scenario import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ASKED = {"model": "gpt-image-1", "prompt": "a fox", "size": "1024x1024"}


@pytest.fixture(scope="module")
def tap() -> Iterator[Tap]:
    """One tap for all."""
    with Tap() as running:
        yield running


@pytest.fixture
def session(tap: Tap) -> Iterator[Session]:
    """A fresh session."""
    with tap.session() as fresh:
        yield fresh


def post(session: Session, path: str = "/images/generations", **sent: object) -> httpx.Response:
    """Ask once, on a connection of its own, and return when the tap has all of it."""
    headers = {"authorization": f"Bearer {session.api_key}"}
    try:
        return httpx.post(session.base_url + path, headers=headers, timeout=30, **sent)  # type: ignore[arg-type]
    finally:
        assert session.settle()


def dialled(session: Session) -> socket.socket:
    """Return a connection to the session's server on which a picture was asked for."""
    where = urlsplit(session.base_url)
    line = socket.create_connection((where.hostname, where.port), timeout=30)
    body = json.dumps(ASKED)
    line.sendall(
        f"POST {where.path}/images/generations HTTP/1.1\r\nHost: tap\r\nAuthorization: Bearer {session.api_key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
    )
    return line


def test_both_bodies_are_what_passed(session: Session) -> None:
    """Odd spellings too: nothing is read and written again."""
    body = b'{ "prompt":"caf\\u00e9" ,"model":"gpt-image-1"}'
    reply = post(session, "/images/generations?a=%2F", content=body)
    (seen,) = session.exchanges

    assert (seen.number, seen.method, seen.path) == (1, "POST", "/v1/images/generations?a=%2F")
    assert seen.request_body == body
    assert seen.complete
    assert seen.header("Authorization") == f"Bearer {session.api_key}"
    assert (seen.status, seen.reply_body) == (reply.status_code, reply.content)
    assert seen.reply_header("X-Request-ID") == reply.headers["x-request-id"]
    assert seen.whole
    assert seen.dollars > 0
    assert not seen.cut


def test_a_body_is_heard_though_the_server_does_not_read_it(session: Session) -> None:
    """An unknown path is refused without a look at the body."""
    body = b"x" * 3_000_000
    post(session, "/images/unknown", content=body)

    assert session.exchanges[0].status == 404
    assert session.exchanges[0].request_body == body


def test_a_stream_is_heard_event_by_event(session: Session) -> None:
    """As one body, whose bytes are the client's."""
    reply = post(session, json={**ASKED, "stream": True, "partial_images": 1})

    assert session.exchanges[0].reply_body == reply.content
    assert reply.content.count(b"\n\n") == 2


def test_sessions_do_not_mix(tap: Tap, session: Session) -> None:
    """What plays in one is not heard in the other."""
    with tap.session("other") as other:
        other.play("429-slow-down")
        assert post(other, json=ASKED).status_code == 429
        assert post(session, json=ASKED).status_code == 200
        assert [seen.played for seen in other.exchanges] == ["429-slow-down"]
        assert [seen.played for seen in session.exchanges] == [None]
        assert other.api_key != session.api_key


def test_options_say_how_often_it_plays(session: Session) -> None:
    """`times=1` is a failure that is over at the second attempt."""
    session.play("500-server-error", times=1)

    assert [post(session, json=ASKED).status_code for _ in range(2)] == [500, 200]
    first, second = session.exchanges
    assert first.arrived <= (first.finished or 0) <= second.arrived


@pytest.mark.parametrize(
    ("scenario", "status", "cut", "billed"),
    [
        ("conn-reset", None, "reset", True),
        ("conn-reset-at-once", None, "reset", False),
        ("conn-closed", None, "close", True),
        ("head-truncated", None, "close", True),
        ("body-truncated", 200, "close", True),
        ("body-reset", 200, "reset", True),
        ("200-length-too-long", 200, "close", True),
    ],
)
def test_a_broken_line_is_seen(session: Session, scenario: str, status: int | None, cut: str, billed: bool) -> None:
    """How it broke, and what had been sent by then."""
    session.play(scenario)
    with pytest.raises(httpx.TransportError):
        post(session, json=ASKED)
    (seen,) = session.exchanges

    assert (seen.status, seen.cut, seen.whole, seen.gone) == (status, cut, False, False)
    assert (seen.dollars > 0) is billed
    assert seen.played == scenario


def test_a_stream_that_is_cut_is_always_charged(tap: Tap) -> None:
    """Whoever is quicker, the cut or the sum: the picture was being drawn."""
    for _ in range(10):
        with tap.session() as session:
            session.play("stream-cut-between-events")
            with pytest.raises(httpx.TransportError):
                post(session, json={**ASKED, "stream": True, "partial_images": 3})
            assert session.exchanges[0].dollars > 0


def test_a_cut_head_is_kept_as_what_was_sent(session: Session) -> None:
    """It tells no status yet."""
    session.play("head-truncated")
    with pytest.raises(httpx.TransportError):
        post(session, json=ASKED)

    assert session.exchanges[0].reply_body.startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_reply_with_too_short_a_length_is_whole(session: Session) -> None:
    """All that was promised came."""
    session.play("200-length-too-short")
    reply = post(session, json=ASKED)
    (seen,) = session.exchanges

    assert seen.whole
    assert len(reply.content) == len(seen.reply_body) - 100


def test_settling_waits_for_what_is_open(session: Session, wait_until: Callable[[Callable[[], bool]], None]) -> None:
    """A client that leaves ends its exchange."""
    session.play("stall")
    with dialled(session):
        wait_until(lambda: bool(session.exchanges))
        assert not session.settle(0.01)
    assert session.settle()
    (seen,) = session.exchanges

    assert (seen.gone, seen.status, seen.whole) == (True, None, False)


def test_what_was_sent_before_settling_is_known_after_it(session: Session) -> None:
    """Also where nobody waited for a reply."""
    with dialled(session):
        session.settle()
        assert len(session.exchanges) == 1


def test_a_lost_prefix_is_known_by_the_key(tap: Tap, session: Session) -> None:
    """So that a client which takes the path off its base URL is heard doing so."""
    headers = {"authorization": f"Bearer {session.api_key}"}
    httpx.post(f"{tap.url}/images/generations", headers=headers, json=ASKED)
    assert session.settle()

    assert [(seen.path, seen.status) for seen in session.exchanges] == [("/images/generations", 404)]


def test_a_request_of_nobody_is_answered(tap: Tap) -> None:
    """And noted nowhere."""
    assert httpx.get(f"{tap.url}/v1/models", headers={"authorization": "Bearer sk-other"}).status_code == 200


@pytest.mark.parametrize("name", ["taken", "no space", "x" * 65])
def test_a_name_is_free_and_plain(tap: Tap, name: str) -> None:
    """Anything else is a mistake of the caller."""
    with tap.session("taken"), pytest.raises(ValueError, match="no session can be called"):
        tap.session(name)


def test_a_closed_session_leaves_nothing(tap: Tap) -> None:
    """Its space is gone, and its name free."""
    for _ in range(2):
        with tap.session("once") as session:
            post(session, json=ASKED)
            assert len(session.exchanges) == 1
            names = httpx.get(f"{tap.url}/_mock/spaces").text
            assert '"once"' in names
        assert '"once"' not in httpx.get(f"{tap.url}/_mock/spaces").text


def test_an_unknown_scenario_is_refused(session: Session) -> None:
    """With the nearest right spelling."""
    with pytest.raises(ScenarioError, match="did you mean '429-slow-down'"):
        session.play("429-slowdown")


def test_what_is_kept_has_bounds() -> None:
    """Of exchanges, and of bytes."""
    tape = Tape()
    for _ in range(MOST_EXCHANGES + 3):
        tape.open(Exchange(0, 0.0, "GET", "/", ()))
        tape.close()

    assert (len(tape.exchanges), tape.dropped) == (MOST_EXCHANGES, 3)
    assert [tape.room(MOST_BYTES), tape.room(1)] == [MOST_BYTES, 0]


def test_an_exchange_is_shown_without_its_secrets(session: Session) -> None:
    """Keys are masked wherever they stand, and long words cut."""
    post(session, json={**ASKED, "prompt": f"my key is {session.api_key}"})
    shown = session.exchanges[0].shown()
    text = json.dumps(shown, ensure_ascii=False)

    assert session.api_key not in text
    assert "sk-cert…" in text
    assert "characters)" in shown["reply"]["body"]
    assert len(text) < 10_000
    assert (shown["at"], shown["reply"]["status"]) == (0.0, 200)


def test_a_form_is_shown_by_its_parts(session: Session) -> None:
    """Text as text, a file by its digest."""
    png = inputs.read("square.png")
    post(session, "/images/edits", data={"prompt": "fox"}, files={"image": ("a.png", png, "image/png")})
    body = session.exchanges[0].shown()["request"]["body"]

    assert 'name="prompt"\r\n\r\nfox\r\n' in body
    assert f"({len(png)} bytes, sha256 " in body
