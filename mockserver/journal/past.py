"""What outlives the entries that fall out of a journal: the sums."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from mockserver.journal.entry import model_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mockserver.journal.entry import Entry

_cost, _played, _rule = attrgetter("model", "dollars"), attrgetter("played"), attrgetter("rule")


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

    def add(self, entries: Sequence[Entry]) -> None:
        """Count entries that are gone; several at once take little more time than one."""
        self.rules.update(filter(None, map(_rule, entries)))
        if any(map(_played, entries)):
            self.scenarios.update(*map(scenarios_of, entries))
        for (model, dollars), number in Counter(map(_cost, entries)).items():
            if dollars and model:
                self._spend(model, number, dollars)
            elif dollars:
                for entry in entries:
                    if (entry.model, entry.dollars) == (model, dollars):
                        self._spend(model_of(entry), 1, dollars)

    def _spend(self, model: str, requests: int, dollars: float) -> None:
        spent = self.spent.setdefault(model, Spent())
        spent.requests += requests
        spent.dollars += requests * dollars


def scenarios_of(entry: Entry) -> set[str]:
    """Return the ids of the edge cases that an entry met."""
    return {str(one["scenario"]) for one in entry.played if one.get("scenario")}
