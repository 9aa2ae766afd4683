"""The rows about what watching costs, and about crowds: spaces that idle, streams that stall."""

from __future__ import annotations

import json
import resource
import socket
import statistics
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from footprint import mib, weigh
from measuring import interleaved
from processes import HERE, HOST, LEAN_MOCK, BrokenError, free_port, running
from rows import Row, duration, faster
from serving import rate
from workloads import PATH, SEVERAL, generation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from measuring import Rounds
    from processes import Server
    from rows import Bench

BESIDE: Final = (str(HERE / "beside.py"),)

SPACES: Final = 400
STREAMS: Final = 1000
ASKED: Final = 200
"""Requests of which the median wait is taken."""


def watching(bench: Bench) -> list[Row]:
    """Ask again and again of a mock without recorder and player, of one as it is, and of one that keeps a journal."""
    others = free_port(), free_port()
    with running((*BESIDE, "--others", *map(str, others))) as unwatched:
        told, kept = (replace(unwatched, port=port) for port in others)
        sides = (rate(bench, SEVERAL, server) for server in (kept, unwatched, told))
        measured = interleaved(4 * bench.meter.rounds, *sides)
    with_journal: Rounds = [(mine, theirs) for mine, theirs, _ in measured]
    without: Rounds = [(mine, theirs) for _, theirs, mine in measured]
    return [
        faster("hot, recorder and player", with_journal, "without either", 0.9),
        faster("  with no journal kept", without, "without either", 0.9),
    ]


def spaces(_bench: Bench) -> list[Row]:
    """Use many spaces once, and weigh what they leave."""
    rows = []
    for work, options in (("idle space", ()), ("  with a journal", ("--journal", "1000"))):
        with running((*LEAN_MOCK, *options)) as server:
            visit(server, range(10))
            before = weigh(server)
            visit(server, range(10, 10 + SPACES))
            each = (weigh(server) - before) * 1024 / SPACES
        rows.append(Row(work, f"{each:.1f} KiB", f"{SPACES} of them", each, 64, "at most", " KiB"))
    return rows


def visit(server: Server, numbers: range) -> None:
    """Ask for the models in each of many spaces."""
    with socket.create_connection((HOST, server.port)) as plug, plug.makefile("rb") as reply:
        for number in numbers:
            plug.sendall(
                f"GET /s/crowd-{number}/v1/models HTTP/1.1\r\nhost: m\r\nauthorization: Bearer k\r\n\r\n".encode()
            )
            length = 0
            while line := reply.readline().rstrip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            reply.read(length)


def stalled(_bench: Bench) -> list[Row]:
    """Let many streams stall, weigh them, and ask for other things meanwhile."""
    with running(LEAN_MOCK) as server:
        median_wait(server)
        before, calm = weigh(server), median_wait(server)
        with stalling(server):
            busy, after = median_wait(server), weigh(server)
    work = f"{STREAMS:,} stalled streams"
    return [
        Row(work, mib(after), f"before {mib(before)}", after - before, 100, "at most", " MiB"),
        Row("  others wait", duration(busy), f"before {duration(calm)}", busy / calm, 1.5, "at most"),
    ]


@contextmanager
def stalling(server: Server) -> Iterator[None]:
    """Hold streams that stall after their first event while inside; raises `BrokenError` where one does not begin."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    body = json.dumps(generation("a dot", stream=True, partial_images=1)).encode()
    head = f"POST {PATH} HTTP/1.1\r\nhost: m\r\nauthorization: Bearer k\r\nx-mock-scenario: stream-stall\r\n"
    asked = f"{head}content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body
    with ExitStack() as stack:
        plugs = []
        for _ in range(STREAMS):
            plug = stack.enter_context(socket.create_connection((HOST, server.port), timeout=30))
            plug.sendall(asked)
            plugs.append(plug)
        for plug in plugs:
            if not plug.recv(1 << 16).startswith(b"HTTP/1.1 200"):
                message = "a stream did not begin"
                raise BrokenError(message)
        yield


def median_wait(server: Server) -> float:
    """Return the median seconds of a refusal, asked for one at a time."""
    asked = f"POST {PATH} HTTP/1.1\r\nhost: m\r\nauthorization: Bearer k\r\ncontent-length: 2\r\n\r\n{{}}".encode()
    waits = []
    with socket.create_connection((HOST, server.port), timeout=30) as plug:
        for _ in range(ASKED):
            began = time.perf_counter()
            plug.sendall(asked)
            plug.recv(1 << 16)
            waits.append(time.perf_counter() - began)
    return statistics.median(waits)
