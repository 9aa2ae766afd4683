"""What is to go wrong in a space: lines that wait for the requests that they are meant for."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from mockserver.cache import BoundedCache

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mockserver.lines import Line
    from mockserver.scenarios.play import Count

_COUNTERS: Final = 256 * 1024
"""Bytes of attempt counters; those of requests long ago are forgotten first."""


class Script:
    """The lines of one space, and how often each request was attempted."""

    def __init__(self, lines: Iterable[Line] = ()) -> None:
        """Begin with the `lines` of a file."""
        self.lines: tuple[tuple[int, Line], ...] = ()
        """Each with its number, in the order in which they are tried: those of a file first."""

        self._numbers = itertools.count(1)
        self._of_file: dict[int, Line] = {}
        self._added: dict[int, Line] = {}
        self._calls: dict[int, int] = {}
        self._counts: BoundedCache[tuple[str, str], Count] = BoundedCache(_COUNTERS)
        self.renew(lines)

    def renew(self, lines: Iterable[Line]) -> None:
        """Put the lines of a file in place of those that came from it before.

        A line that stood there before, word for word, keeps its number, and so goes on counting.
        """
        numbers: dict[str, list[int]] = {}
        for number, line in self._of_file.items():
            numbers.setdefault(line.text, []).append(number)
        self._of_file = {}
        for line in lines:
            known = numbers.get(line.text)
            self._of_file[known.pop(0) if known else next(self._numbers)] = line
        self._arrange()

    def add(self, line: Line) -> int:
        """Add a line behind all others, and return its number."""
        number = next(self._numbers)
        self._added[number] = line
        self._arrange()
        return number

    def remove(self, number: int) -> bool:
        """Take one line out; False where there is none of that number."""
        found = self._of_file.pop(number, None) or self._added.pop(number, None)
        self._arrange()
        return found is not None

    def clear(self) -> None:
        """Take all lines out, and forget every attempt."""
        self._of_file, self._added = {}, {}
        self._arrange()
        self._counts = BoundedCache(_COUNTERS)

    def meant(self, endpoint: str, parameters: Mapping[str, object]) -> Iterator[tuple[int, Line]]:
        """Count a request as a call of every line that it fits, and give the lines that are meant for this call."""
        fitting = [(number, line) for number, line in self.lines if line.match.fits(endpoint, parameters)]
        for number, _ in fitting:
            self._calls[number] = self._calls.get(number, 0) + 1
        return ((number, line) for number, line in fitting if line.match.means(self._calls.get(number, 0)))

    def count(self, door: str, request: str) -> Count:
        """Return how often a request was attempted through a door."""
        found = self._counts.get((door, request))
        if found is None:
            from mockserver.scenarios.play import Count  # noqa: PLC0415 - most servers never play

            found = Count()
            self._counts.put((door, request), found, 300 + len(door) + len(request))  # a key may be of any length
        return found

    def _arrange(self) -> None:
        self.lines = (*self._of_file.items(), *self._added.items())
        for number in set(self._calls) - {number for number, _ in self.lines}:
            del self._calls[number]
