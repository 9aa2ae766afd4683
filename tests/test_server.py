"""What the server does with sockets: bounds, bad HTTP, dropped lines, and a quiet end."""

from __future__ import annotations

import asyncio
import http.client
import socket
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.server import BindError, Protocol, ServerThread, bind
from mockserver.server.protocol import ABORT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import Message, Receive, Scope, Send

GOOD = b"GET /good HTTP/1.1\r\nHost: x\r\n\r\n"


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with method, path and body; `/slow` takes half a second, `/stuck` never answers."""
    body, message = b"", await receive()
    while message["type"] == "http.request":
        body += message["body"]
        if not message["more_body"]:
            break
        message = await receive()
    else:
        return
    seconds = {"/slow": 0.5, "/stuck": 60.0}.get(scope["path"], 0.0)
    await asyncio.sleep(seconds)
    await reply(send, f"{scope['method']} {scope['path']} {body.decode()}".encode())


async def reply(send: Send, body: bytes) -> None:
    """Send a whole reply."""
    start: Message = {"type": "http.response.start", "status": 200}
    await send({**start, "headers": [(b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture(scope="module")
def server() -> Iterator[ServerThread]:
    """Run one echo server for all tests that leave it as it was."""
    with ServerThread(app=echo) as running:
        yield running


@contextmanager
def connected(server: ServerThread) -> Iterator[socket.socket]:
    """Connect to `server`; nothing may take longer than five seconds."""
    host, _, port = server.url.removeprefix("http://").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=5) as line:
        yield line


def read_all(line: socket.socket) -> bytes:
    """Read until the server closes."""
    return b"".join(iter(lambda: line.recv(65536), b""))


def talk(server: ServerThread, *pieces: bytes, pause: float = 0.0) -> bytes:
    """Send the pieces and return all that the server says before it closes."""
    with connected(server) as line:
        for piece in pieces:
            line.sendall(piece)
            time.sleep(pause)
        return read_all(line)


def ask(server: ServerThread, path: str = "/good") -> bytes:
    """Ask politely for `path`."""
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


BAD_HTTP = {
    "garbage": b"\x00\xffgarbage\r\n\r\n",
    "unknown method": b"BREW / HTTP/1.1\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00",
    "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "unfinished address": b"GET http://[ HTTP/1.1\r\n\r\n",
    "impossible port": b"GET http://a:99999/ HTTP/1.1\r\n\r\n",
    "byte above ASCII": b"GET \xff HTTP/1.1\r\n\r\n",
    "tunnel": b"CONNECT x:1 HTTP/1.1\r\n\r\n",
    "chunk size": b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "length below zero": b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
}


@pytest.mark.parametrize("sent", BAD_HTTP.values(), ids=BAD_HTTP)
def test_what_is_not_http_gets_a_400(server: ServerThread, sent: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """Bad HTTP is answered 400 and closed, without a traceback, and the server goes on."""
    assert talk(server, sent).startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert ask(server) == b"GET /good "
    assert [record.exc_info for record in caplog.records if record.exc_info] == []


def test_a_client_that_speaks_tls_is_named_in_the_log(server: ServerThread, caplog: pytest.LogCaptureFixture) -> None:
    """The log says what to change when a client was given https://."""
    talk(server, BAD_HTTP["TLS"])
    assert "give it http:// instead of https://" in caplog.text


@pytest.mark.parametrize("target", ["////", "*", "/%ff", "http://host/path"])
def test_odd_targets_reach_the_app(server: ServerThread, target: str) -> None:
    """A target that is odd but allowed is the app's to answer."""
    answer = talk(server, f"OPTIONS {target} HTTP/1.1\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 200 ")


def test_a_good_request_before_garbage_is_answered(server: ServerThread) -> None:
    """Bad bytes after a request do not cost its reply."""
    answer = talk(server, GOOD + b"\x00garbage")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"GET /good ")


LARGE_HEADS = {
    "unfinished, in one piece": [b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000],
    "finished, in one piece": [b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000 + b"\r\n\r\n"],
    "a long address": [b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n"],
    "many headers": [b"GET / HTTP/1.1\r\n", *[b"X: " + b"a" * 1000 + b"\r\n"] * 80],
    "megabytes": [b"GET / HTTP/1.1\r\n", *[b"X: " + b"a" * 100_000 + b"\r\n"] * 50],
}


@pytest.mark.parametrize("pieces", LARGE_HEADS.values(), ids=LARGE_HEADS)
def test_a_large_head_gets_a_431(server: ServerThread, pieces: list[bytes]) -> None:
    """More than 64 KiB of request line and headers are refused in words that can still be read."""
    assert talk(server, *pieces).startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")


def test_a_head_of_60_kib_is_answered(server: ServerThread) -> None:
    """The bound is on heads that no client sends."""
    head = b"GET /good HTTP/1.1\r\nConnection: close\r\nX: " + b"a" * 61_000
    assert talk(server, head, b"\r\n\r\n", pause=0.05).endswith(b"GET /good ")


def test_a_large_body_is_not_a_large_head(server: ServerThread) -> None:
    """The bound ends where the head ends."""
    body = b"b" * 300_000
    head = b"POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: 300000\r\n\r\n"
    assert talk(server, head + body).endswith(b"POST / " + body)


def test_a_slow_head_is_closed(server: ServerThread, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that sends a header now and then is closed when its time is over."""
    monkeypatch.setattr(Protocol, "head_seconds", 0.3)
    started = time.monotonic()
    headers = [b"X: y\r\n"] * 100
    with pytest.raises(OSError, match=r"Broken pipe|reset"):
        talk(server, b"GET / HTTP/1.1\r\n", *headers, pause=0.05)
    assert 0.25 < time.monotonic() - started < 2


def test_a_silent_connection_is_closed(server: ServerThread, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that connects and says nothing is closed without a word."""
    monkeypatch.setattr(Protocol, "silent_seconds", 0.2)
    assert talk(server) == b""


def test_a_slow_body_may_take_its_time(server: ServerThread, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of the head ends with the head."""
    monkeypatch.setattr(Protocol, "head_seconds", 0.1)
    head = b"POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: 3\r\n\r\n"
    assert talk(server, head[:9], head[9:], b"a", b"b", b"c", pause=0.08).endswith(b"POST / abc")


@pytest.mark.parametrize("wish", ["h2c", "websocket"])
def test_a_wish_to_upgrade_is_ignored_and_the_body_kept(server: ServerThread, wish: str) -> None:
    """Clients that offer HTTP/2 with their first request, such as Java's, get a plain answer."""
    head = f"POST / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: {wish}\r\nContent-Length: 5\r\n\r\n"
    last = b"GET /next HTTP/1.1\r\nConnection: close\r\n\r\n"
    answer = talk(server, head.encode() + b"he", b"llo", last, pause=0.05)
    assert b"POST / hello" in answer
    assert answer.endswith(b"GET /next ")


@pytest.mark.parametrize("begun", [False, True], ids=["before the reply", "inside the reply"])
def test_an_app_can_drop_the_connection(begun: bool, caplog: pytest.LogCaptureFixture) -> None:  # a case
    """The scope's extension ends the connection at once, and nobody complains about the unfinished reply."""

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        if begun:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"part", "more_body": True})
            await asyncio.sleep(0.05)
        scope["extensions"][ABORT]()

    with ServerThread(app=app) as server:
        answer = talk(server, GOOD)
    assert answer.endswith(b"4\r\npart\r\n" if begun else b"")
    assert answer.startswith(b"HTTP/1.1 200 " if begun else b"")
    assert caplog.records == []


def test_a_failing_app_is_not_hidden(caplog: pytest.LogCaptureFixture) -> None:
    """An exception that the app lets escape is logged with its traceback."""

    async def app(*_: Any) -> None:  # noqa: ANN401  # scope, receive, send
        msg = "broken on purpose"
        raise LookupError(msg)

    with ServerThread(app=app) as server:
        assert ask(server) == b"Internal Server Error"
    assert "broken on purpose" in caplog.text


def test_connections_are_kept_and_bare(server: ServerThread) -> None:
    """Requests share a connection, and the only header that the server adds is the date."""
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=5)
    for _ in range(2):
        connection.request("GET", "/good")
        response = connection.getresponse()
        response.read()
        assert [name for name, _ in response.getheaders()] == ["date", "content-length"]
        assert connection.sock is not None
    connection.close()


def test_a_port_in_use_is_explained() -> None:
    """The error names the port and the way out."""
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BindError, match=rf"^port {port} on 127.0.0.1 is in use: .* --port \(0 picks"):
            bind("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "sentence"),
    [
        ("nowhere.invalid", "cannot be resolved"),
        ("x" * 80, "cannot be resolved"),
        ("192.0.2.1", "not an address of this machine"),
    ],
)
def test_a_useless_host_is_explained(host: str, sentence: str) -> None:
    """The error says what is wrong with the host."""
    with pytest.raises(BindError, match=sentence):
        bind(host, 0)


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::1", "[::1]"), ("[::]", "[::1]")],  # noqa: S104  # a case
)
def test_the_url_works_on_this_machine(host: str, shown: str) -> None:
    """Addresses that mean every interface are shown as one that can be called."""
    try:
        running = ServerThread(app=echo, host=host)
        running.start()
    except BindError as error:
        pytest.skip(f"no IPv6 here: {error}")
    try:
        assert running.url.startswith(f"http://{shown}:")
        assert ask(running) == b"GET /good "
    finally:
        running.stop()


def test_a_thread_tells_its_addresses(server: ServerThread) -> None:
    """A test gives a client either the root or the base URL."""
    assert server.base_url == server.url + "/v1"


def test_a_thread_that_cannot_listen_says_so() -> None:
    """The error reaches the test that started the thread."""
    with bind("127.0.0.1", 0) as taken, pytest.raises(BindError):
        ServerThread(app=echo, port=taken.getsockname()[1]).start()


@pytest.mark.parametrize("sent", [b"", GOOD, b"GET /stuck HTTP/1.1\r\n\r\n"], ids=["silent", "idle", "stuck"])
def test_a_thread_stops_soon(sent: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """Open connections do not hold a test back, not even one that waits for a reply."""
    with ServerThread(app=echo) as server, connected(server) as line:
        line.sendall(sent)
        time.sleep(0.1)
        started = time.monotonic()
        server.stop()
        assert time.monotonic() - started < 1.5
    assert caplog.records == []
