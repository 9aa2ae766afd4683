"""The rows about work done per second: cached replies, refusals, fresh pictures and streams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from measuring import interleaved, result_of
from rows import faster, sooner
from workloads import BARE_STREAM, COLD, HOT, LARGE, REFUSALS, STREAM, STREAM_ALONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from processes import Server
    from rows import Bench, Row
    from workloads import Workload


def rate(bench: Bench, workload: Workload, server: Server) -> Callable[[], float]:
    """Return a measurement of replies per second."""
    return lambda: bench.meter.rate(workload, server.port)


def first_event(bench: Bench, workload: Workload, server: Server) -> Callable[[], float]:
    """Return a measurement of the seconds to the first event."""
    return lambda: bench.meter.drive(workload, server.port).first_event


def alone(bench: Bench, output_format: str) -> Callable[[], float]:
    """Return a measurement of the pictures per second that the renderer draws alone."""

    def measure() -> float:
        asked = {"output_format": output_format, "seconds": bench.meter.seconds, "first": bench.meter.fresh()}
        return 1 / float(result_of("alone.py", asked))

    return measure


def hot(bench: Bench) -> list[Row]:
    """Ask for the same picture again and again."""
    mock, bare = bench.servers.mock, bench.servers.bare
    rounds = interleaved(bench.meter.rounds, rate(bench, HOT, mock), rate(bench, HOT, bare))
    return [faster("hot, 16 connections", rounds, "bare route", 0.9)]


def refusals(bench: Bench) -> list[Row]:
    """Ask for what must be refused."""
    mock, bare = bench.servers.mock, bench.servers.bare
    rounds = interleaved(bench.meter.rounds, rate(bench, REFUSALS, mock), rate(bench, HOT, bare))
    return [faster("refusals, 16 connections", rounds, "bare route", 0.6)]


def png(bench: Bench) -> list[Row]:
    """Ask for PNG pictures that nobody asked for before."""
    mock, naive = bench.servers.mock, bench.servers.naive
    workload = COLD["png"]
    sides = rate(bench, workload, mock), rate(bench, workload, naive), alone(bench, "png")
    rounds = interleaved(bench.meter.rounds, *sides)
    return [
        faster("cold PNG", rounds, "naive Pillow", 8),
        faster("cold PNG", rounds, "renderer alone", 0.7, 2),
    ]


def jpeg(bench: Bench) -> list[Row]:
    """Ask for JPEG pictures that nobody asked for before."""
    return lossy(bench, "jpeg", "cold JPEG")


def webp(bench: Bench) -> list[Row]:
    """Ask for WebP pictures that nobody asked for before."""
    return lossy(bench, "webp", "cold WebP")


def lossy(bench: Bench, output_format: str, work: str) -> list[Row]:
    """Judge a format by its renderer."""
    sides = rate(bench, COLD[output_format], bench.servers.mock), alone(bench, output_format)
    return [faster(work, interleaved(bench.meter.rounds, *sides), "renderer alone", 0.7)]


def large(bench: Bench) -> list[Row]:
    """Ask for the largest pictures."""
    mock, naive = bench.servers.mock, bench.servers.naive
    rounds = interleaved(bench.meter.rounds, rate(bench, LARGE, mock), rate(bench, LARGE, naive))
    return [faster("cold PNG 3840x2160", rounds, "naive Pillow", 20)]


def stream(bench: Bench) -> list[Row]:
    """Ask for streams with three partial pictures."""
    mock, bare, naive = bench.servers.mock, bench.servers.bare, bench.servers.naive
    waits = interleaved(
        bench.meter.rounds, first_event(bench, STREAM_ALONE, mock), first_event(bench, BARE_STREAM, bare)
    )
    rounds = interleaved(bench.meter.rounds, rate(bench, STREAM, mock), rate(bench, STREAM, naive))
    return [
        sooner("stream, first event", waits, "bare stream", 3),
        faster("stream with 3 partials", rounds, "naive Pillow", 8),
    ]
