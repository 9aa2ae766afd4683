"""The only place that reads the time, so that a test can hold it still."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

import anyio


class Clock(Protocol):
    """Where the server gets its time from."""

    def now(self) -> float:
        """Return Unix seconds."""

    def stopwatch(self) -> float:
        """Return seconds that only ever grow, from any start."""

    async def sleep(self, seconds: float) -> None:
        """Return when `seconds` have passed."""


class WallClock:
    """The real time."""

    now = staticmethod(time.time)
    stopwatch = staticmethod(time.perf_counter)
    sleep = staticmethod(anyio.sleep)


@dataclass(slots=True)
class FrozenClock:
    """A time that stands still until it is advanced; sleeping advances it at once."""

    seconds: float = 1_764_072_000.0
    """Unix seconds."""

    def now(self) -> float:
        """Return Unix seconds."""
        return self.seconds

    def stopwatch(self) -> float:
        """Return the same seconds."""
        return self.seconds

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self.seconds += seconds

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` pass without waiting."""
        self.advance(seconds)
        await anyio.lowlevel.checkpoint()
