"""Measuring: one load in a process of its own, and several sides in turn so that noise meets all alike."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import wrk
from load import Load, Measured
from processes import HERE, HOST, ROOT, BrokenError

if TYPE_CHECKING:
    from collections.abc import Callable

    from workloads import Workload

    Rounds = list[tuple[float, ...]]
    """For each round, what every side gave."""

CROWD = 16
"""Connections from which the weight of the loader counts. With fewer, ours is as good and waits for the last reply."""

STEP = 1_000_000
"""Numbers set aside for the fresh prompts of one load."""


def result_of(program: str, asked: object) -> Any:  # noqa: ANN401  # what JSON holds
    """Run a program of this directory in a process of its own, JSON in and JSON out; raises `BrokenError`."""
    done = subprocess.run(  # noqa: S603  # our own command, no shell
        [sys.executable, str(HERE / program)],
        input=json.dumps(asked), capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    if done.returncode:
        raise BrokenError(done.stderr.strip().rpartition("\n")[2] or f"{program} failed")
    return json.loads(done.stdout)


@dataclass(slots=True)
class Meter:
    """Drives loads and owns the counter, so that no prompt comes twice."""

    rounds: int
    seconds: float
    used: int = 0

    @property
    def by_wrk(self) -> bool:
        """Whether wrk drives the loads of many connections; it knows whole seconds only."""
        return wrk.COMMAND is not None and self.seconds >= 1

    def fresh(self) -> int:
        """Return the first of `STEP` numbers that nobody used."""
        self.used += STEP
        return self.used

    def drive(self, workload: Workload, port: int, *, host: str = HOST, replies: int = 0) -> Measured:
        """Drive one load; raises `BrokenError` when any reply has the wrong status."""
        load = Load(
            host,
            port,
            workload.requests,
            workload.status,
            workload.connections,
            self.seconds,
            replies,
            self.fresh(),
        )
        by_wrk = self.by_wrk and workload.connections >= CROWD
        try:
            found = wrk.drive(load) if by_wrk else Measured(**result_of("load.py", asdict(load)))
        except ConnectionError as error:
            raise BrokenError(str(error)) from error
        if found.errors:
            message = f"{found.errors:,} of {found.replies:,} replies were not {load.status}: {found.complaint}"
            raise BrokenError(message)
        if not found.replies:
            message = "no reply came to its end"
            raise BrokenError(message)
        return found

    def rate(self, workload: Workload, port: int, *, host: str = HOST) -> float:
        """Return replies per second."""
        found = self.drive(workload, port, host=host)
        return found.replies / found.seconds


def interleaved(rounds: int, *sides: Callable[[], float]) -> Rounds:
    """Measure every side once in each round, forwards and backwards in turn."""
    measured = []
    for index in range(rounds):
        order = range(len(sides)) if index % 2 == 0 else reversed(range(len(sides)))
        found = {side: sides[side]() for side in order}
        measured.append(tuple(found[side] for side in range(len(sides))))
    return measured
