"""The load: keep-alive connections that each wait for their reply, timed in a process of its own.

Light on purpose, for it shares the cores with the server: one `poll`, prebuilt request bytes with a counter
spliced in, and of every reply only the status line and the place where it ends. Standard library only.
"""

from __future__ import annotations

import json
import select
import socket
import statistics
import sys
import time
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 60.0
"""Seconds without any reply after which the server counts as stuck."""

PIECE = 65_536
"""Most bytes read at once: larger buffers are mapped anew for every read, which costs more than it saves."""

SILENT = "no reply within a minute"
CLOSED = "the server hung up before its reply was complete"

COUNTER = "%09d"
"""How the counter is written: a fixed width keeps `content-length` true."""


@dataclass(frozen=True, slots=True)
class Load:
    """What to send, how, and for how long."""

    host: str
    port: int
    requests: tuple[tuple[str, str], ...]
    """Whole requests as text before and after the counter, in turn; without a counter the second is empty."""

    status: int
    """The status that every reply must have."""

    connections: int
    seconds: float
    """How long new requests are sent; those under way are waited for."""

    replies: int = 0
    """When not 0: stop after so many replies instead of after `seconds`."""

    first: int = 0
    """The first value of the counter."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What came back."""

    replies: int
    seconds: float
    """From the first request to the last reply."""

    errors: int
    """Replies with another status."""

    complaint: str
    """The first wrong status line."""

    first_event: float
    """Median seconds from a request to its first complete event; 0 when no reply was a stream."""


@dataclass(slots=True)
class Connection:
    """One keep-alive connection and the reply it is waiting for."""

    socket: socket.socket
    asked: float = 0.0
    event: float = 0.0
    """When the first event was complete; 0 before."""

    left: int | None = 0
    """Bytes of the reply still to come; None when it is chunked."""

    head: bytes = b""
    """The head of the reply so far, until it is complete."""

    headed: bool = False
    streams: bool = False
    """Whether the reply is a stream of events."""

    tail: bytes = b""
    """The last bytes of a chunked reply so far."""

    def ask(self, request: bytes) -> None:
        """Send the next request."""
        self.head, self.headed, self.tail, self.event = b"", False, b"", 0.0
        self.asked = time.perf_counter()
        self.socket.sendall(request)

    def take(self, data: bytes) -> bool:
        """Take in a piece of the reply and say whether it is complete."""
        if not self.headed:
            return self._take_head(data)
        if self.left is None:
            return self._take_chunks(data)
        self.left -= len(data)
        return self.left <= 0

    def _take_head(self, data: bytes) -> bool:
        data = self.head + data
        end = data.find(b"\r\n\r\n")
        if end < 0:
            self.head = data
            return False
        self.head, self.headed = data[:end], True
        named = self.head.lower().partition(b"content-length:")
        if named[1]:
            self.left = int(named[2].partition(b"\r")[0]) - (len(data) - end - 4)
            return self.left <= 0
        self.left = None
        self.streams = b"text/event-stream" in self.head
        return self._take_chunks(data[end + 2 :] if self.streams else data)

    def _take_chunks(self, data: bytes) -> bool:
        if self.streams and not self.event and b"\n\n" in self.tail[-1:] + data:
            self.event = time.perf_counter()
        self.tail = data[-7:] if len(data) > 7 else (self.tail + data)[-7:]
        return self.tail == b"\r\n0\r\n\r\n"


@dataclass(slots=True)
class Tally:
    """The count of replies while it grows."""

    status: bytes
    replies: int = 0
    errors: int = 0
    complaint: str = ""
    waits: list[float] = field(default_factory=list)

    def add(self, connection: Connection) -> None:
        """Count the reply that `connection` has just received."""
        self.replies += 1
        if connection.head[9:12] != self.status:
            self.errors += 1
            self.complaint = self.complaint or connection.head.partition(b"\r")[0].decode("latin-1")
        if connection.event:
            self.waits.append(connection.event - connection.asked)


def connect(load: Load) -> dict[int, Connection]:
    """Open the connections, by file descriptor."""
    connections = {}
    for _ in range(load.connections):
        plug = socket.create_connection((load.host, load.port), timeout=PATIENCE)
        plug.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        plug.settimeout(None)
        connections[plug.fileno()] = Connection(plug)
    return connections


def requests(load: Load) -> Iterator[bytes]:
    """Yield the requests of the load, without end and each with its own number."""
    halves = [(before.encode(), after.encode()) for before, after in load.requests]
    counter = COUNTER.encode()
    for number in count(load.first):
        before, after = halves[number % len(halves)]
        yield before + counter % number + after if after else before


def arrivals(connections: dict[int, Connection]) -> Iterator[Connection]:
    """Yield each connection whose reply is complete; the caller asks again or lets it rest."""
    poller = select.poll()
    for number in connections:
        poller.register(number, select.POLLIN)
    while True:
        ready = poller.poll(PATIENCE * 1000)
        if not ready:
            raise ConnectionError(SILENT)
        for number, _ in ready:
            connection = connections[number]
            data = connection.socket.recv(PIECE)
            if not data:
                raise ConnectionError(CLOSED)
            if connection.take(data):
                yield connection


def drive(load: Load) -> Measured:
    """Send the load and measure; raises ConnectionError when the server hangs up or stays silent."""
    connections, upcoming = connect(load), requests(load)
    tally = Tally(str(load.status).encode())
    most = load.replies or sys.maxsize
    began = time.perf_counter()
    deadline = began + (sys.maxsize if load.replies else load.seconds)
    for connection in connections.values():
        connection.ask(next(upcoming))
    asked = waiting = len(connections)
    for connection in arrivals(connections):
        tally.add(connection)
        if asked < most and time.perf_counter() < deadline:
            connection.ask(next(upcoming))
            asked += 1
        else:
            waiting -= 1
        if not waiting:
            break
    seconds = time.perf_counter() - began
    wait = statistics.median(tally.waits) if tally.waits else 0.0
    return Measured(tally.replies, seconds, tally.errors, tally.complaint, wait)


def main() -> None:
    """Read one load as JSON, drive it, write what was measured as JSON."""
    print(json.dumps(asdict(drive(Load(**json.load(sys.stdin))))))


if __name__ == "__main__":
    main()
