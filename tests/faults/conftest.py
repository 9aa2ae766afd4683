"""One server for all faults, two small apps to be wrapped, and a client that sees FIN, RST and every byte."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from mockserver import sse
from mockserver.faults.fault import wrapped
from mockserver.faults.scene import Scene
from mockserver.server import ServerThread
from mockserver.wire import Reply, sized

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import ASGIApp, Receive, Scope, Send

    from mockserver.faults.fault import Fault

PICTURE = b"A" * 3000
BODY = b'{\n  "created": 1,\n  "data": [\n    {\n      "b64_json": "' + PICTURE + b'"\n    }\n  ],\n  "size": "auto"\n}'


@dataclass(frozen=True)
class Told:
    """What a client got."""

    end: str
    """`FIN`, `RST`, or `open` where the connection stood when the reply was over or silent."""

    raw: bytes
    seconds: float

    @property
    def head(self) -> bytes:
        """Status line and headers."""
        return self.raw.partition(b"\r\n\r\n")[0]

    @property
    def status(self) -> int:
        """The status; 0 where none came."""
        return int(self.raw.split(b" ", 2)[1]) if self.raw.startswith(b"HTTP/1.1 ") else 0

    @property
    def headers(self) -> dict[str, str]:
        """The headers, the last of each name."""
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        return dict(line.split(": ", 1) for line in lines if ": " in line)

    @property
    def body(self) -> bytes:
        """The body without its chunks, as far as it came."""
        body = self.raw.partition(b"\r\n\r\n")[2]
        return b"".join(self._chunks(body)) if "transfer-encoding" in self.headers else body

    @property
    def complete(self) -> bool:
        """Whether the body came as it was announced."""
        head, blank, body = self.raw.partition(b"\r\n\r\n")
        if "transfer-encoding" in self.headers:
            return body.endswith(b"\r\n0\r\n\r\n") or body == b"0\r\n\r\n"
        return bool(blank) and bool(head) and len(body) == int(self.headers.get("content-length", -1))

    @staticmethod
    def _chunks(body: bytes) -> Iterator[bytes]:
        while body:
            size, _, rest = body.partition(b"\r\n")
            length = int(size or b"0", 16)
            yield rest[:length]
            body = rest[length + 2 :]


@pytest.fixture(scope="session")
def stages() -> dict[str, ASGIApp]:
    """The apps that are served, by path."""
    return {}


@pytest.fixture(scope="session")
def server_of_stages(stages: dict[str, ASGIApp]) -> Iterator[ServerThread]:
    """A server of whatever stands on a stage."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await stages[scope["path"]](scope, receive, send)

    with ServerThread(app=app) as running:
        yield running


@pytest.fixture
def talk(server_of_stages: ServerThread, stages: dict[str, ASGIApp]) -> Callable[..., Told]:
    """Ask an app with faults, and return all that came until the reply was over, silent or lost."""
    host, _, port = server_of_stages.url.removeprefix("http://").rpartition(":")

    def ask(
        faults: tuple[Fault, ...], app: ASGIApp, scene: Scene | None = None, body: bytes = b"", nap: float = 0.0
    ) -> Told:
        path = f"/{len(stages)}"
        stages[path] = wrapped(faults, app, scene or Scene())
        with socket.create_connection((host, int(port)), timeout=0.4) as line:
            head = b"POST %b HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (path.encode(), len(body))
            line.sendall(head + body)
            time.sleep(nap)
            return listen(line)

    return ask


def listen(line: socket.socket) -> Told:
    """Read until the line ends or is silent."""
    raw, end, started = b"", "open", time.monotonic()
    try:
        while piece := line.recv(65536):
            raw += piece
            if Told(end, raw, 0).complete:
                line.settimeout(0.03)  # whatever comes behind a whole reply comes at once
        end = "FIN"
    except ConnectionResetError:
        end = "RST"
    except TimeoutError:
        pass
    return Told(end, raw, time.monotonic() - started)


@pytest.fixture
def ran() -> list[str]:
    """Which of the apps below did their work."""
    return []


@pytest.fixture
def whole(ran: list[str]) -> ASGIApp:
    """An app that answers JSON with a picture, in chunks as the API does."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        ran.append("whole")
        await Reply(200, [(b"content-type", b"application/json")], BODY)(scope, receive, send)

    return app


@pytest.fixture
def measured(ran: list[str]) -> ASGIApp:
    """An app that answers the same with its length."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        ran.append("measured")
        await Reply(200, sized([(b"content-type", b"application/json")], BODY), BODY)(scope, receive, send)

    return app


def frames() -> list[bytes]:
    """Return the events of the stream below."""
    data = b'{"created_at":5,"type":"image_generation.%b","b64_json":"QUJD","sequence_number":%d,"size":"auto"}'
    names = [b"partial_image", b"partial_image", b"completed"]
    return [sse.frame(f"image_generation.{name.decode()}", data % (name, i)) for i, name in enumerate(names)]


@pytest.fixture
def stream(ran: list[str]) -> ASGIApp:
    """An app that streams two partial images and the completed one."""

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/event-stream; charset=utf-8")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for frame in frames():
            await send({"type": "http.response.body", "body": frame, "more_body": b".completed" not in frame})
        ran.append("stream")

    return app


@pytest.fixture
def events() -> list[bytes]:
    """The events of `stream`, as they are without a fault."""
    return frames()
