"""What the player puts on the wire is what a case says, byte for byte, over one connection."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Any, Self

import pytest

from mockserver.contract import build, form
from mockserver.contract.case import Part
from mockserver.contract.play import Nature, Player
from mockserver.contract.run import difference

if TYPE_CHECKING:
    from mockserver.contract.case import Case

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: 1\r\nX-A: 2\r\n\r\n{}"
TOO_LARGE = b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Wire:
    """A server that answers each request with the next of `replies` and keeps what it was sent."""

    def __init__(self, *replies: bytes, reads_bodies: bool = True) -> None:
        """Listen on a free port; an empty reply hangs up."""
        self.heads: list[bytes] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self._replies = list(replies)
        self._reads_bodies = reads_bodies
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(5)
        self._socket.close()

    def _serve(self) -> None:
        while self._replies:
            connection, _ = self._socket.accept()
            self.connections += 1
            with connection, connection.makefile("rb") as stream:
                while self._replies and self._answer(connection, stream):
                    pass

    def _answer(self, connection: socket.socket, stream: Any) -> bool:  # noqa: ANN401 - a binary file
        lines = list(iter(stream.readline, b"\r\n"))
        sizes = [int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")]
        self.heads.append(b"".join(lines))
        chunks = iter(stream.readline, b"0\r\n") if b"chunked" in self.heads[-1] else ()
        self.bodies.append(stream.read(sum(sizes)) if self._reads_bodies else b"")
        self.bodies[-1] += b"".join(chunks)
        reply = self._replies.pop(0)
        connection.sendall(reply)
        return b"Connection: close" not in reply and bool(reply)


def case(**fields: Any) -> Case:  # noqa: ANN401 - whatever TOML can hold
    """Return a case with `fields`."""
    usual = {"id": "x", "about": "", "source": ["me"], "observed": "", "confidence": "assumed", "status": 200}
    return build.case({**usual, "path": "/images/generations", **fields}, "file.toml", {})


def test_a_json_request_is_sent_as_a_client_would() -> None:
    """The key, the type and the length are there, and nothing that nobody asked for."""
    with Wire(OK) as wire, Player(wire.base_url, "sk-1") as player:
        reply = player.play(case(json={"n": 1}))

    head, *headers = wire.heads[0].decode().splitlines()
    assert head == "POST /v1/images/generations HTTP/1.1"
    assert {line.split(":")[0].lower() for line in headers} == {
        "host",
        "authorization",
        "content-type",
        "content-length",
    }
    assert wire.bodies == [b'{"n": 1}']
    assert (reply.status, reply.header("x-a"), reply.header("x-b"), reply.body) == (200, "1, 2", None, b"{}")


def test_a_usual_header_can_be_replaced_or_left_out() -> None:
    """An empty value means: not sent."""
    with Wire(OK, OK) as wire, Player(wire.base_url, "sk-1") as player:
        player.play(case(headers={"Authorization": "", "content-type": "text/plain"}, body="x"))
        player.play(case(method="GET"))

    assert b"authorization" not in wire.heads[0].lower()
    assert b"content-type: text/plain" in wire.heads[0].lower()
    assert b"content-" not in wire.heads[1].lower()
    assert wire.connections == 1


def test_a_refused_bulk_is_not_sent_to_its_end() -> None:
    """The server's early answer counts, and the next case gets a fresh connection."""
    with Wire(TOO_LARGE, OK, reads_bodies=False) as wire, Player(wire.base_url, "k") as player:
        reply = player.play(case(body_bytes=1 << 40))
        after = player.play(case())

    assert (reply.status, after.status, wire.connections) == (413, 200, 2)


def test_a_server_that_hangs_up_on_a_bulk_is_a_difference() -> None:
    """Nothing came back, and the sending stops."""
    with Wire(b"", reads_bodies=False) as wire, Player(wire.base_url, "k") as player:
        [broken] = difference(case(body_bytes=1 << 40), player)

    assert broken.place == "reply"


def test_an_address_in_the_reply_is_followed() -> None:
    """Only the headers that the case lists go along."""
    with Wire(OK) as store:
        found = f'{{"data": [{{"url": "{store.base_url}/a.png?sig=1"}}]}}'.encode()
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(found), found)
        with Wire(answer) as wire, Player(wire.base_url, "sk-1") as player:
            follow_headers = {"authorization": "{authorization}"}
            reply = player.play(case(follow="data[0].url", follow_headers=follow_headers))

    assert reply.body == b"{}"
    assert store.heads[0].startswith(b"GET /v1/a.png?sig=1 HTTP/1.1\r\n")
    assert b"authorization: Bearer sk-1\r\n" in store.heads[0]


def test_a_refusal_is_not_followed() -> None:
    """It is the reply that counts."""
    with Wire(TOO_LARGE) as wire, Player(wire.base_url, "k") as player:
        assert player.play(case(follow="data[0].url")).status == 413


OURS = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\nX-Mock-Rule: missing-parameter\r\n\r\n{}"


@pytest.mark.parametrize(
    ("reply", "nature"),
    [
        (OK, Nature(knows_keys=False, is_mock=False)),
        (TOO_LARGE.replace(b"413", b"401"), Nature(knows_keys=True, is_mock=False)),
        (OURS, Nature(knows_keys=False, is_mock=True)),
        (OURS.replace(b"400", b"401"), Nature(knows_keys=True, is_mock=True)),
    ],
)
def test_what_a_server_is_is_asked_with_a_strangers_key(reply: bytes, nature: Nature) -> None:
    """An empty object costs nothing."""
    with Wire(reply) as wire, Player(wire.base_url, "sk-1") as player:
        assert player.nature() == nature

    assert wire.bodies == [b"{}"]
    assert b"sk-1" not in wire.heads[0]


def test_a_path_of_the_root_leaves_the_base_behind() -> None:
    """Azure's paths do not lie below /v1, and its key has a header of its own."""
    with Wire(OK, OK) as wire, Player(wire.base_url, "sk-1") as player:
        player.play(case(path="/openai/v1/images/edits?a=b", root=True, auth="api-key", json={}))
    with Wire(OK) as spaced, Player(spaced.base_url.replace("/v1", "/s/one/v1"), "sk-1") as player:
        player.play(case(path="/openai", root=True))

    assert wire.heads[0].startswith(b"POST /openai/v1/images/edits?a=b HTTP/1.1\r\n")
    assert b"api-key: sk-1\r\n" in wire.heads[0]
    assert b"authorization" not in wire.heads[0].lower()
    assert spaced.heads[0].startswith(b"POST /s/one/openai HTTP/1.1\r\n")


def test_a_form_says_its_boundary() -> None:
    """A case can name another content type for the same bytes."""
    parts = [["n", "2"]]
    with Wire(OK, OK) as wire, Player(wire.base_url, "sk-1") as player:
        player.play(case(form=parts))
        player.play(case(form=parts, headers={"content-type": "multipart/form-data"}))

    assert b"content-type: multipart/form-data; boundary=----one-part-of-a-case\r\n" in wire.heads[0]
    assert b"content-type: multipart/form-data\r\n" in wire.heads[1]
    assert wire.bodies[0] == wire.bodies[1] == form.body([Part("n", b"2")])


def test_a_body_can_be_sent_in_chunks() -> None:
    """Its length is not told then."""
    with Wire(OK) as wire, Player(wire.base_url, "sk-1") as player:
        player.play(case(body="ab", headers={"transfer-encoding": "chunked"}))

    assert wire.bodies == [b"2\r\nab\r\n"]
    assert b"transfer-encoding: chunked\r\n" in wire.heads[0].lower()
    assert b"content-length" not in wire.heads[0].lower()


def test_a_case_of_another_day_asks_for_that_day() -> None:
    """Its steps do too."""
    upload = {"path": "/files"}
    with Wire(OK, OK, OK) as wire, Player(wire.base_url, "sk-1") as player:
        player.play(case(as_of="2026-05-11", before=[upload]))
        player.play(case())

    assert [b"x-mock-as-of: 2026-05-11\r\n" in head for head in wire.heads] == [True, True, False]


FILE = b'HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{"id": "file-1"}'
UPLOAD = {"path": "/files", "form": [["purpose", "vision"]], "keep": {"file": "id"}}


def test_steps_surround_what_is_judged() -> None:
    """What one of them keeps, the others can name."""
    clean = {"method": "DELETE", "path": "/files/{file}"}
    with Wire(FILE, OK, TOO_LARGE) as wire, Player(wire.base_url, "sk-1") as player:
        reply = player.play(case(before=[UPLOAD], json={"images": [{"file_id": "{file}"}]}, after=[clean]))

    assert reply.body == b"{}"
    assert wire.bodies[1] == b'{"images": [{"file_id": "file-1"}]}'
    assert wire.heads[2].startswith(b"DELETE /v1/files/file-1 HTTP/1.1\r\n")


@pytest.mark.parametrize("reply", [OK, OURS, FILE.replace(b'"file-1"', b"12345678"), OK.replace(b"{}", b"{]")])
def test_a_step_that_fails_is_the_difference(reply: bytes) -> None:
    """Nothing else is sent."""
    with Wire(reply) as wire, Player(wire.base_url, "sk-1") as player:
        [failed] = difference(case(before=[UPLOAD]), player)

    assert "a step before it was answered POST /files: " in failed.actual
    assert len(wire.heads) == 1


def test_a_connection_that_breaks_is_a_difference() -> None:
    """The run goes on with the next case."""
    with Wire(b"", OK) as wire, Player(wire.base_url, "k") as player:
        [broken] = difference(case(), player)
        fine = difference(case(), player)

    assert (broken.place, broken.expected) == ("reply", "status 200")
    assert broken.actual.startswith("none: ")
    assert fine == []


def test_an_address_that_is_none_is_refused() -> None:
    """A scheme that the player does not speak is no address for it."""
    with pytest.raises(ValueError, match="not an http or https URL: ftp://host/v1"):
        Player("ftp://host/v1", "k")
    assert Player("https://host/v1", "k").play is not None
