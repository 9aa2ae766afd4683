"""What outlives the entries that fall out of a journal: the sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.journal.entry import model_of

if TYPE_CHECKING:
    from mockserver.journal.entry import Entry


@dataclass(slots=True)
class Spent:
    """What the requests of one model would have cost."""

    requests: int = 0
    """Those that cost something."""

    dollars: float = 0.0


class Past:
    """What is still known of entries that fell out."""

    def __init__(self) -> None:
        self.rules: set[str] = set()
        self.scenarios: set[str] = set()
        self.spent: dict[str, Spent] = {}
        """By model."""

    def add(self, entry: Entry, times: int = 1) -> None:
        """Count an entry that is gone, and those that repeated it."""
        if entry.rule:
            self.rules.add(entry.rule)
        if entry.played:
            self.scenarios |= scenarios_of(entry)
        if entry.dollars:
            spent = self.spent.setdefault(model_of(entry), Spent())
            spent.requests += times
            spent.dollars += times * entry.dollars


def scenarios_of(entry: Entry) -> set[str]:
    """Return the ids of the edge cases that an entry met."""
    return {str(one["scenario"]) for one in entry.played if one.get("scenario")}
