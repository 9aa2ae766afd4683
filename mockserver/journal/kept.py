"""The journal of one space: its entries in order of arrival, within bounds that it tells."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from mockserver.journal.logical import identity
from mockserver.journal.lost import Lost
from mockserver.journal.past import Past
from mockserver.journal.repeats import Repeats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mockserver.headers import ApiHead
    from mockserver.journal.entry import Entry

MOST_ENTRIES: Final = 1000

MOST_BYTES: Final = 10 * 1024 * 1024
"""Bytes of what clients choose the size of: heads, bodies, parameters."""

ENTRY_BYTES: Final = 3 * 1024
"""What an entry takes besides, about."""

_AT_ONCE: Final = 1 / 8
"""Share of the entries that are let go together: one by one, that takes a hot request a twentieth of its time."""

_SLACK: Final = 256
"""How many requests may come while another thread reads what is kept."""

_LIGHT: Final = 8 * 1024
"""Bytes of an entry that others may repeat, at most: it stays as long as they may, although it has fallen out."""


class Journal:
    """Owns the entries. One thread writes; any thread may read."""

    def __init__(self, most_entries: int = MOST_ENTRIES, most_bytes: int = MOST_BYTES) -> None:
        self.most_entries = most_entries
        self.most_bytes = most_bytes
        self.past = Past()
        self.suspects: dict[int, Entry] = {}
        """Those that are being answered and may lose their reply, by number."""

        self.lost = Lost(most_entries)
        """Those that lost it."""

        self._rows: list[Entry] = []  # see `Repeats.told`; the oldest may be too many, and wait to be let go
        self._first = 1  # the number of the first row, or of the next one
        self._last = 0  # the number of the last one
        self._at_once = int(most_entries * _AT_ONCE) + 1
        self._due = self._at_once  # the number of the row with which the oldest are let go next
        self._repeats = Repeats(most_entries + self._at_once + _SLACK)
        self._weighed = 0  # bytes of the entries in full
        self._dropped = 0
        self._cleared = 0  # the number of the last entry that was cleared away

    def __len__(self) -> int:
        return min(len(self._rows), self.most_entries)

    @property
    def bytes(self) -> int:
        """What the entries weigh of `most_bytes`; those that repeat another weigh nothing."""
        return sum(entry.weighed for entry in self.entries())

    @property
    def dropped(self) -> int:
        """How many entries fell out since the journal was last cleared."""
        return self._dropped + max(len(self._rows) - self.most_entries, 0)

    @property
    def weight(self) -> int:
        """Bytes that it takes, about."""
        return self._weighed + len(self) * ENTRY_BYTES

    def entries(self) -> list[Entry]:
        """Return what is kept, oldest first; requests that are still being answered too."""
        return self.known()[-self.most_entries :]

    def known(self) -> list[Entry]:
        """Return every entry that is not counted in `past` yet."""
        while True:
            first, rows, last = self._first, list(self._rows), self._last
            if len(rows) == last - first + 1:  # else another thread wrote between
                told = self._repeats.told(first, rows)
                if self._last - first < self._repeats.places:  # else it wrote where this was read
                    return told

    def open(self, entry: Entry) -> None:
        """Take in a request that arrived, and number it."""
        self._last = entry.number = self._last + 1
        entry.suspects = self.suspects
        self._rows.append(entry)
        if entry.number >= self._due:
            self._tend()

    def repeat(self, entry: Entry, head: ApiHead, size: int) -> bool:
        """Close an entry whose whole reply is about to be sent, and bill it, if all but its time is as it was before.

        Args:
            entry: has an `answer`, which our own server sends.
            head: of its reply.
            size: bytes of the reply's body.

        Returns:
            Whether it was; not where more is to be seen to.
        """
        model = self._repeats.models.get(entry.answer)
        if (
            model is None
            or (model.head is not entry.head and model.head != entry.head)
            or model.sent != size
            or self.suspects
            or self.lost.identities
            or entry.number < self._first
        ):
            return False
        head.constant = model.reply_headers.constant  # type: ignore[attr-defined]  # it has an answer, as `entry`
        self._repeats.note(entry, head)
        self._rows[entry.number - self._last - 1] = model  # now, as another thread may read at any moment
        entry.closed = True
        return True

    def close(self, entry: Entry) -> None:
        """Take note that a request is answered, and keep of it what is needed."""
        entry.closed = True
        self.suspects.pop(entry.number, None)
        if entry.asked and (entry.played or not entry.complete):
            self.lost.add(entry)
        elif entry.dollars and self.lost.identities:
            self.lost.discard(entry)
        entry.settle()
        if entry.number >= self._first:
            self._weigh(entry)
        elif entry.number > self._cleared:
            self.past.add(entry)

    def _weigh(self, entry: Entry) -> None:
        """Let the oldest go where all are too heavy, and others repeat a light one."""
        entry.weighed = entry.weight
        self._weighed += entry.weighed
        if self._weighed > self.most_bytes:
            self._tend()
        if entry.answer is not None and entry.weighed <= _LIGHT and not entry.special:
            self._repeats.allow(entry)

    def _tend(self) -> None:
        """Let the oldest go where there are too many or all are too heavy."""
        self._due = self._last + self._at_once
        self._let_go(max(len(self._rows) - self.most_entries, 0))
        while self._weighed > self.most_bytes and len(self._rows) > 1:
            self._let_go(1)

    def _let_go(self, most: int) -> None:
        gone = self._rows[:most]
        del self._rows[:most]
        first, self._first = self._first, self._first + most
        self._dropped += most
        for entry, times in Counter(gone).items():
            if entry.number >= first:  # else only some that repeat it are gone
                self._weighed -= entry.weighed
            if entry.closed:  # else it is counted when it is closed
                self.past.add(entry, times)

    def doubts(self, entry: Entry) -> bool:
        """Whether something that was asked in the same words lost its reply, or may be losing it.

        It is quickly told, and not the last word: `ledger.billed_before` compares the requests themselves.
        """
        suspects = self.suspects
        return entry in self.lost or any(one.asked == entry.asked for one in suspects.values() if one is not entry)

    def clear(self) -> None:
        """Forget everything; numbers go on."""
        self._rows.clear()
        self._repeats.models.clear()
        self.lost.clear()
        self._weighed = self._dropped = 0
        self._first, self._cleared = self._last + 1, self._last
        self.past = Past()

    def entry(self, number: int) -> Entry | None:
        """Return the entry of that number; None where it is not kept, or never was."""
        entries = self.entries()
        place = number - entries[0].number if entries else -1  # numbers are consecutive
        return entries[place] if 0 <= place < len(entries) else None

    def find(self, filters: Mapping[str, str] | None = None) -> list[Entry]:
        """Return the entries that pass every filter, oldest first.

        Args:
            filters: see `query`; for instance `{"endpoint": "edits", "status": "4xx", "param.size": "auto"}`.

        Raises:
            QueryError: a filter does not exist or cannot be read; its text is made for a person.
        """
        from mockserver.journal.query import Query  # noqa: PLC0415 - most servers never need it

        return Query.read(filters or {}).among(self.entries())

    def attempts(self) -> dict[int, int]:
        """Return, by number, which attempt of the same logical request each entry is, from 1, of those kept."""
        seen: dict[str, int] = {}
        found: dict[int, int] = {}
        for entry in self.entries():
            logical = identity(entry)
            found[entry.number] = seen[logical] = seen.get(logical, 0) + 1
        return found
