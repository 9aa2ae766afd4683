"""The rows about what the process costs: time to start, memory at rest, memory after many pictures."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from measuring import interleaved
from processes import BARE, MOCK, BrokenError, running
from rows import Row, sooner
from workloads import COLD, HOT, REFUSALS

if TYPE_CHECKING:
    from collections.abc import Callable

    from processes import Server
    from rows import Bench

IDLE_GOAL = 1.2
GROWTH_GOAL = 100
"""MiB."""

FLAT = 8
"""MiB by which the second half of the pictures may still grow the process."""


def seconds_to_start(arguments: tuple[str, ...]) -> Callable[[], float]:
    """Return a measurement of the time to the first reply; one start beforehand fills the caches."""

    def measure() -> float:
        with running(arguments) as server:
            return server.seconds

    measure()
    return measure


def start(bench: Bench) -> list[Row]:
    """Start and ask at once."""
    rounds = interleaved(bench.starts, seconds_to_start(MOCK), seconds_to_start(BARE))
    return [sooner("start to first reply", rounds, "bare app", 1.15)]


def weigh(server: Server) -> float:
    """Return the resident MiB; raises `BrokenError` where the system does not tell."""
    if server.memory is None:
        message = "not measurable here"
        raise BrokenError(message)
    return server.memory


def memory(bench: Bench) -> list[Row]:
    """Weigh the process at rest, and again after many pictures."""
    meter = bench.meter
    with running(BARE) as bare, running(MOCK) as mock:
        meter.drive(dataclasses.replace(HOT, connections=1), bare.port, replies=1)
        meter.drive(dataclasses.replace(REFUSALS, connections=1), mock.port, replies=1)
        idle, light = weigh(mock), weigh(bare)
        meter.drive(COLD["png"], mock.port, replies=bench.pictures // 2)
        half = weigh(mock)
        meter.drive(COLD["png"], mock.port, replies=bench.pictures // 2)
        full = weigh(mock)
    after = f"after {bench.pictures:,} pictures"
    return [
        Row("memory at rest", mib(idle), f"bare app {mib(light)}", idle / light, IDLE_GOAL, "at most"),
        Row(f"memory {after}", mib(full), f"at rest {mib(idle)}", full - idle, GROWTH_GOAL, "at most", " MiB"),
        Row(
            "  its second half",
            mib(full),
            f"after half {mib(half)}",
            full - half,
            FLAT,
            "at most",
            " MiB",
            bench.full,
        ),
    ]


def mib(size: float) -> str:
    """Write a size."""
    return f"{size:.1f} MiB"
