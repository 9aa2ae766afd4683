"""Exchanges that repeat an earlier one: most of a busy server's, and told in a few bytes."""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mockserver.headers import ApiHead
    from mockserver.journal.entry import Entry

_MOST: Final = 256
"""Entries that others may repeat."""

_TOLD: Final = Struct("dd32s")
"""When a request arrived, how long it took, the token of its reply."""

_write = _TOLD.pack_into


class Repeats:
    """Knows what may be repeated, and keeps of each entry that repeats another what is not the same.

    That has a place by its number, in a ring: numbers that are as many apart as there are places share one.
    """

    def __init__(self, places: int) -> None:
        self.places = places
        self.models: dict[object, Entry] = {}
        """What may be repeated, by what answered it."""

        self._told = bytearray()

    def allow(self, entry: Entry) -> None:
        """Let others repeat an entry, which has an `answer` and is closed."""
        if not self._told:  # most spaces never see a repetition
            self._told = bytearray(self.places * _TOLD.size)
        if len(self.models) >= _MOST:
            del self.models[next(iter(self.models))]
        self.models[entry.answer] = entry

    def note(self, entry: Entry, head: ApiHead) -> None:
        """Keep of an entry that repeats another when it arrived, and of the head of its reply what is its own."""
        place = entry.number % self.places * _TOLD.size
        _write(self._told, place, entry.arrived, head.seconds, head.token)

    def told(self, first: int, rows: Iterable[Entry]) -> list[Entry]:
        """Return rows with the entries that repeat another in full.

        Args:
            first: the number of the first row.
            rows: one for each number; an entry of another number stands for one that repeats it.
        """
        kept = self._told[:]
        told = []
        for number, row in enumerate(rows, first):
            if row.number == number:
                told.append(row)
            else:
                arrived, seconds, token = _TOLD.unpack_from(kept, number % self.places * _TOLD.size)
                told.append(row.again(number, arrived, seconds, token))
        return told
