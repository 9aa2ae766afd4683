"""The journal of one space: its entries in order of arrival, within bounds that it tells."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mockserver.journal.entry import model_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mockserver.journal.entry import Entry, Header

MOST_ENTRIES: Final = 1000

MOST_BYTES: Final = 10 * 1024 * 1024
"""Bytes of what clients choose the size of: heads, bodies, parameters."""

ENTRY_BYTES: Final = 3 * 1024
"""What an entry takes besides, about."""

_MOST_WORDINGS: Final = 256


@dataclass(slots=True)
class Spent:
    """What the requests of one model would have cost."""

    requests: int = 0
    """Those that cost something."""

    dollars: float = 0.0


class Past:
    """What is still known of entries that fell out: the sums that outlive them."""

    def __init__(self) -> None:
        self.rules: set[str] = set()
        self.scenarios: set[str] = set()
        self.spent: dict[str, Spent] = {}
        """By model."""

        self._wordings: dict[str, Spent] = {}  # a model, by what was asked of it: a busy server asks the same again

    def add(self, entry: Entry) -> None:
        """Count an entry that is gone."""
        if entry.rule:
            self.rules.add(entry.rule)
        if entry.played:
            self.scenarios |= scenarios_of(entry)
        if entry.dollars:
            spent = self._wordings.get(entry.asked) or self._find(entry)
            spent.requests += 1
            spent.dollars += entry.dollars

    def _find(self, entry: Entry) -> Spent:
        if len(self._wordings) >= _MOST_WORDINGS:
            self._wordings.clear()
        spent = self._wordings[entry.asked] = self.spent.setdefault(model_of(entry), Spent())
        return spent


class Journal:
    """Owns the entries. One thread writes; any thread may read."""

    def __init__(self, most_entries: int = MOST_ENTRIES, most_bytes: int = MOST_BYTES) -> None:
        self.most_entries = most_entries
        self.most_bytes = most_bytes
        self.bytes = 0
        """What the entries weigh of `most_bytes`."""

        self.dropped = 0
        """How many entries fell out since the journal was last cleared."""

        self.past = Past()
        self._entries: deque[Entry] = deque()
        self._suspects: dict[int, Entry] = {}  # by number
        self._lost: dict[str, None] = {}  # what was asked where the reply was lost or spoilt, oldest first
        self._last = 0
        self._head: Sequence[Header] = ()
        self._head_bytes = 0
        self._first = 1  # the number of the oldest entry that is kept, or of the next one
        self._cleared = 0  # the number of the last entry that was cleared away

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def weight(self) -> int:
        """Bytes that it takes, about."""
        return self.bytes + len(self) * ENTRY_BYTES

    def entries(self) -> list[Entry]:
        """Return what is kept, oldest first; requests that are still being answered too."""
        return list(self._entries)  # one step of the interpreter, so a reading thread never sees it half changed

    def open(self, entry: Entry) -> None:
        """Take in a request that arrived, and number it."""
        self._last = entry.number = self._last + 1
        entry.suspects = self._suspects
        self._entries.append(entry)
        if len(self._entries) > self.most_entries:
            self._drop()

    def close(self, entry: Entry) -> None:
        """Weigh a request that is answered, and let the oldest go where all are too heavy."""
        self._suspects.pop(entry.number, None)
        if entry.asked and (entry.played or not entry.complete):
            self._lose(entry.asked)
        if entry.headers != self._head:
            self._head = entry.headers
            self._head_bytes = sum(len(name) + len(value) for name, value in entry.headers)
        entry.headers = self._head  # a client sends the same head again and again, so one of them is kept
        weight = entry.settle() + self._head_bytes
        entry.weight = weight
        if entry.number >= self._first:
            self.bytes += weight
            while self.bytes > self.most_bytes and len(self._entries) > 1:
                self._drop()
        elif entry.number > self._cleared:
            self.past.add(entry)

    def _lose(self, asked: str) -> None:
        if len(self._lost) >= self.most_entries:
            del self._lost[next(iter(self._lost))]
        self._lost[asked] = None

    def repeats(self, entry: Entry) -> bool:
        """Whether something that was asked in the same words lost its reply, or may be losing it.

        It is quickly told, and not the last word: `ledger.billed_before` compares the requests themselves.
        """
        if entry.asked in self._lost:
            return True
        suspects = self._suspects
        return bool(suspects) and any(one.asked == entry.asked for one in suspects.values() if one is not entry)

    def clear(self) -> None:
        """Forget everything; numbers go on."""
        self._entries.clear()
        self._lost.clear()
        self.bytes = self.dropped = 0
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
        from mockserver.journal.logical import identity  # noqa: PLC0415 - as above

        seen: dict[str, int] = {}
        found: dict[int, int] = {}
        for entry in self.entries():
            logical = identity(entry)
            found[entry.number] = seen[logical] = seen.get(logical, 0) + 1
        return found

    def _drop(self) -> None:
        oldest = self._entries.popleft()
        self._first += 1
        self.dropped += 1
        self.bytes -= oldest.weight
        if oldest.closed:
            self.past.add(oldest)


def scenarios_of(entry: Entry) -> set[str]:
    """Return the ids of the edge cases that an entry met."""
    return {str(one["scenario"]) for one in entry.played if one.get("scenario")}
