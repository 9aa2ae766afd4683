"""Exchanges that repeat an earlier one: most of a busy server's, and told in a few numbers."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mockserver.journal.entry import Entry, Header

_MOST: Final = 256
"""Entries that others may repeat."""


class Repeats:
    """Knows what may be repeated, and keeps of each entry that repeats another what is not the same.

    That are its time and the head of its reply. They have places by its number, in a ring: numbers that are as many
    apart as there are places share one.
    """

    def __init__(self, places: int) -> None:
        self.places = places
        self._models: dict[object, Entry] = {}  # by what answered them
        self._arrived = self._seconds = array("d")
        self._heads: list[Sequence[Header]] = []

    def allow(self, entry: Entry) -> None:
        """Let others repeat an entry, which has an `answer` and is closed."""
        if not self._heads:  # most spaces never see a repetition
            self._arrived, self._seconds = (array("d", bytes(8 * self.places)) for _ in range(2))
            self._heads = [()] * self.places
        if len(self._models) >= _MOST:
            del self._models[next(iter(self._models))]
        self._models[entry.answer] = entry

    def model(self, entry: Entry, size: int) -> Entry | None:
        """Return what an entry with an `answer` repeats, whose reply's body has `size` bytes; None for nothing."""
        model = self._models.get(entry.answer)
        if (
            model is None
            or entry.headers != model.headers
            or size != model.sent
            or entry.prefix != model.prefix
            or entry.query
        ):
            return None
        return model

    def note(self, entry: Entry, head: Sequence[Header], seconds: float) -> None:
        """Keep of an entry that repeats another the head of its reply, and how long it took."""
        place = entry.number % self.places
        self._arrived[place] = entry.arrived
        self._seconds[place] = seconds
        self._heads[place] = head

    def told(self, first: int, rows: Iterable[Entry]) -> list[Entry]:
        """Return rows with the entries that repeat another in full.

        Args:
            first: the number of the first row.
            rows: one for each number; an entry of another number stands for one that repeats it.
        """
        arrived, seconds, heads = self._arrived[:], self._seconds[:], self._heads[:]
        told = []
        for number, row in enumerate(rows, first):
            place = number % self.places
            same = row.number == number
            told.append(row if same else row.again(number, arrived[place], seconds[place], heads[place]))
        return told

    def clear(self) -> None:
        """Forget what may be repeated."""
        self._models.clear()
