"""What the player puts on the wire is what a case says, byte for byte, over one connection."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Any, Self

import pytest

from mockserver.contract import build
from mockserver.contract.play import Player
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
        self.bodies.append(stream.read(sum(sizes)) if self._reads_bodies else b"")
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


@pytest.mark.parametrize(("reply", "knows"), [(OK, False), (TOO_LARGE.replace(b"413", b"401"), True)])
def test_whether_a_server_knows_its_keys_is_asked_with_a_strangers(reply: bytes, *, knows: bool) -> None:
    """An empty object costs nothing."""
    with Wire(reply) as wire, Player(wire.base_url, "sk-1") as player:
        assert player.knows_keys() is knows

    assert wire.bodies == [b"{}"]
    assert b"sk-1" not in wire.heads[0]


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
