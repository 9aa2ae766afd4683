"""What is to go wrong in a space: plays that wait for the requests that they are meant for."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from mockserver.cache import BoundedCache

if TYPE_CHECKING:
    from mockserver.lines import Line, Match
    from mockserver.scenarios.play import Play

_COUNTERS: Final = 256 * 1024
"""Bytes of attempt counters; those of requests long ago are forgotten first."""


class Script:
    """The plays of one space, and how often each request was attempted."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self.lines: list[Line] = []
        self._attempts: BoundedCache[tuple[str, str], int] = BoundedCache(_COUNTERS)

    def add(self, play: Play, match: Match, text: str) -> Line:
        """Add a play for the requests that it is meant for; `text` is how it was asked for."""
        from mockserver.lines import Line  # noqa: PLC0415 - most servers never play

        line = Line(next(self._numbers), play, match, text)
        self.lines.append(line)
        return line

    def remove(self, number: int) -> bool:
        """Take one line out; False where there is none of that number."""
        kept = [line for line in self.lines if line.number != number]
        found = len(kept) < len(self.lines)
        self.lines = kept
        return found

    def clear(self) -> None:
        """Take all lines out, and forget every attempt."""
        self.lines = []
        self._attempts = BoundedCache(_COUNTERS)

    def attempt(self, door: str, request: str) -> int:
        """Return the how-manieth attempt this is of a request through a door, counted from 1."""
        number = (self._attempts.get((door, request)) or 0) + 1
        self._attempts.put((door, request), number, 200)
        return number
