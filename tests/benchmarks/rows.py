"""A row of the goals table: two figures, what they come to, and what that must reach."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from measuring import Meter, Rounds
    from peers import Peer
    from servers import Servers


@dataclass(frozen=True, slots=True)
class Row:
    """One judged figure."""

    work: str
    mock: str
    against: str
    value: float
    goal: float
    bound: Literal["at least", "at most"] = "at least"
    unit: str = ""
    """What the value is in; empty for a ratio."""

    judged: bool = True
    """False when this run is too short to judge."""

    @property
    def passes(self) -> bool:
        """Whether the goal is reached."""
        return self.value >= self.goal if self.bound == "at least" else self.value <= self.goal

    @property
    def verdict(self) -> str:
        """The verdict in words."""
        if not self.judged:
            return "not judged"
        return "pass" if self.passes else "falls short"


@dataclass(frozen=True, slots=True)
class Bench:
    """What the rows are measured with."""

    meter: Meter
    servers: Servers
    starts: int
    """How often each server is started."""

    pictures: int
    """Unique pictures of the memory row."""

    full: bool
    """Whether the run is long enough to judge everything."""

    peers: tuple[Peer, ...] = ()


def per_second(rate: float) -> str:
    """Write a rate."""
    return f"{rate:,.0f}/s" if rate >= 100 else f"{rate:.1f}/s"


def duration(seconds: float) -> str:
    """Write a time."""
    return f"{seconds * 1000:,.0f} ms" if seconds >= 0.1 else f"{seconds * 1000:.2f} ms"


def ratio(rounds: Rounds, other: int = 1) -> float:
    """Return the median over the rounds of the first side divided by another."""
    return statistics.median(sides[0] / sides[other] for sides in rounds)


def middle(rounds: Rounds, side: int = 0) -> float:
    """Return the median over the rounds of one side."""
    return statistics.median(sides[side] for sides in rounds)


def faster(work: str, rounds: Rounds, name: str, goal: float, other: int = 1) -> Row:
    """Judge the first side's rate by that of another, called `name`."""
    theirs = f"{name} {per_second(middle(rounds, other))}"
    return Row(work, per_second(middle(rounds)), theirs, ratio(rounds, other), goal)


def sooner(work: str, rounds: Rounds, name: str, goal: float) -> Row:
    """Judge the first side's time by that of the second, called `name`."""
    theirs = f"{name} {duration(middle(rounds, 1))}"
    return Row(work, duration(middle(rounds)), theirs, ratio(rounds), goal, "at most")
