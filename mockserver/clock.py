"""The only place that reads the time, so that a test can hold it still."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import anyio

if TYPE_CHECKING:
    from collections.abc import Callable


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


class VirtualClock:
    """The real time, until somebody freezes it or moves it on."""

    now: Callable[[], float]
    """Return Unix seconds."""

    stopwatch: Callable[[], float]
    """Return seconds that only ever grow."""

    def __init__(self, base: Clock | None = None) -> None:
        self._base = base or WallClock()
        self._ahead = self._further = 0.0  # of the base's time, of its stopwatch
        self._frozen: tuple[float, float] | None = None  # what each tells as long as it stands still
        self._bind()

    def _bind(self) -> None:
        """Choose how the time is told; while nobody has touched it, that is the base's own way, as quick as it is."""
        base, ahead, further = self._base, self._ahead, self._further
        if self._frozen is not None:
            now, stopwatch = self._frozen
            self.now, self.stopwatch = lambda: now, lambda: stopwatch
        elif ahead or further:
            self.now, self.stopwatch = lambda: base.now() + ahead, lambda: base.stopwatch() + further
        else:
            self.now, self.stopwatch = base.now, base.stopwatch

    @property
    def frozen(self) -> bool:
        """Whether it stands still."""
        return self._frozen is not None

    def freeze(self, at: float | None = None) -> None:
        """Stand still, now or at a moment in Unix seconds."""
        self._frozen = self.now() if at is None else at, self.stopwatch()
        self._bind()

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once."""
        if self._frozen is None:
            self._ahead += seconds
            self._further += seconds
        else:
            now, stopwatch = self._frozen
            self._frozen = now + seconds, stopwatch + seconds
        self._bind()

    def thaw(self) -> None:
        """Run again, from the time at which it stood."""
        if self._frozen is not None:
            now, stopwatch = self._frozen
            self._ahead, self._further = now - self._base.now(), stopwatch - self._base.stopwatch()
            self._frozen = None
            self._bind()

    async def sleep(self, seconds: float) -> None:
        """Return when `seconds` have passed, at once where the clock stands still."""
        if self._frozen is None:
            await self._base.sleep(seconds)
        else:
            self.advance(seconds)
            await anyio.lowlevel.checkpoint()
