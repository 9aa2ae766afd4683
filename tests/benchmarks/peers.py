"""Other mocks that the hot row is measured against, when their base URLs are given."""

from __future__ import annotations

from argparse import ArgumentTypeError
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from measuring import interleaved
from rows import faster
from workloads import HOT

if TYPE_CHECKING:
    from rows import Bench, Row

GOALS = {"general": 1.1, "ai": 3.0}
"""What the mock's rate must be of a general mock's, and of a mock of AI services."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A running mock that answers the hot request with status 200."""

    kind: str
    name: str
    host: str
    port: int
    path: str


def read(text: str) -> tuple[Peer, ...]:
    """Read peers such as `general:wiremock=http://127.0.0.1:9000/v1`; the kind may be left out.

    Raises ArgumentTypeError when a peer has no base URL or an unknown kind.
    """
    return tuple(_read_one(item) for item in text.split())


def _read_one(item: str) -> Peer:
    label, _, base = item.partition("=")
    kind, _, name = label.rpartition(":")
    url = urlsplit(base)
    if not url.hostname or (kind and kind not in GOALS):
        message = f"{item!r} is not of the form [general:|ai:]NAME=BASE_URL"
        raise ArgumentTypeError(message)
    return Peer(kind or "general", name, url.hostname, url.port or 80, f"{url.path.rstrip('/')}/images/generations")


def against(bench: Bench) -> list[Row]:
    """Compare the hot row with every peer."""
    return [_against_one(bench, peer) for peer in bench.peers]


def _against_one(bench: Bench, peer: Peer) -> Row:
    workload = replace(HOT, path=peer.path)
    rounds = interleaved(
        bench.meter.rounds,
        lambda: bench.meter.rate(HOT, bench.servers.mock.port),
        lambda: bench.meter.rate(workload, peer.port, host=peer.host),
    )
    return faster("hot, against a peer", rounds, peer.name, GOALS[peer.kind])
