"""The rows about what the process costs: time to start, memory at rest, memory after many pictures."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from measuring import interleaved
from processes import BARE, LEAN_MOCK, MOCK, BrokenError, running
from rows import Row, middle, ratio, sooner
from workloads import COLD

if TYPE_CHECKING:
    from collections.abc import Callable

    from processes import Server
    from rows import Bench

IDLE_GOAL = 1.2
GROWTH_GOAL = 100
"""MiB."""

WEIGHINGS = 5
"""Starts that are weighed at rest: how the system places a process moves its weight by some MiB."""

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


def weight_at_rest(arguments: tuple[str, ...]) -> Callable[[], float]:
    """Return a measurement of the MiB after the first reply."""

    def measure() -> float:
        with running(arguments) as server:
            return weigh(server)

    return measure


def memory(bench: Bench) -> list[Row]:
    """Weigh the process at rest, and again after many pictures."""
    meter, many = bench.meter, bench.pictures
    rounds = interleaved(WEIGHINGS, weight_at_rest(LEAN_MOCK), weight_at_rest(BARE))
    with running(LEAN_MOCK) as mock:
        idle = weigh(mock)
        meter.drive(COLD["png"], mock.port, replies=many // 2)
        half = weigh(mock)
        meter.drive(COLD["png"], mock.port, replies=many // 2)
        full = weigh(mock)
    return [
        Row(
            "memory at rest",
            mib(middle(rounds)),
            f"bare app {mib(middle(rounds, 1))}",
            ratio(rounds),
            IDLE_GOAL,
            "at most",
        ),
        grown(f"  {many:,} pictures later", idle, full, GROWTH_GOAL),
        grown("  of that in the second half", half, full, FLAT, judged=bench.full),
        *with_tokens(bench),
    ]


def with_tokens(bench: Bench) -> list[Row]:
    """Weigh the process with the extra `[tokens]`, where it is installed; its vocabulary is not ours to judge."""
    if find_spec("bpe_openai") is None:
        return []
    with running(MOCK) as mock:
        idle = weigh(mock)
        bench.meter.drive(COLD["png"], mock.port, replies=100)
        return [grown("  100 later, with [tokens]", idle, weigh(mock), GROWTH_GOAL, judged=False)]


def grown(work: str, before: float, after: float, goal: float, *, judged: bool = True) -> Row:
    """Judge the MiB by which the process grew."""
    return Row(work, mib(after), f"before {mib(before)}", after - before, goal, "at most", " MiB", judged)


def mib(size: float) -> str:
    """Write a size."""
    return f"{size:.1f} MiB"
