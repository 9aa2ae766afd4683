"""Error coverage: which refusals and edge cases a space has met, of all that there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.journal.past import scenarios_of
from mockserver.journal.plain import shown_text
from mockserver.sources import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mockserver.journal.kept import Journal


@dataclass(frozen=True, slots=True)
class Part:
    """What was met of one kind."""

    done: tuple[str, ...]
    open: tuple[str, ...]

    @property
    def share(self) -> float:
        """From 0 to 1; 1 where there is nothing to meet."""
        known = len(self.done) + len(self.open)
        return len(self.done) / known if known else 1.0

    def told(self) -> dict[str, object]:
        """Return it as JSON can say it."""
        return {
            "share": round(self.share, 4),
            "met": len(self.done),
            "known": len(self.done) + len(self.open),
            "done": list(self.done),
            "open": list(self.open),
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a space has met, in the order in which the tables list it."""

    rules: Part
    scenarios: Part

    @property
    def share(self) -> float:
        """Of rules and scenarios together, from 0 to 1."""
        return Part(self.rules.done + self.scenarios.done, self.rules.open + self.scenarios.open).share

    def told(self) -> dict[str, object]:
        """Return it as JSON can say it."""
        return {"share": round(self.share, 4), "rules": self.rules.told(), "scenarios": self.scenarios.told()}

    def shortfall(self, threshold: float) -> str:
        """Return why a threshold (from 0 to 1) is missed, for a person; empty where it is reached."""
        if self.share >= threshold:
            return ""
        missing = (*self.scenarios.open, *self.rules.open)
        shown = ", ".join(shown_text(name) for name in missing[:10])
        more = f" and {len(missing) - 10} more" if len(missing) > 10 else ""  # noqa: PLR2004 - as many as are shown
        return f"error coverage is {self.share:.1%}, less than {threshold:.1%}; never met: {shown}{more}"


def coverage(journal: Journal, scenarios: Iterable[str], rules: Iterable[str] = RULES) -> Coverage:
    """Return what a journal has met, entries that fell out included.

    Args:
        journal: of one space.
        scenarios: the ids of the catalogue, without aliases.
        rules: the ids of the refusals.
    """
    met_rules, met_scenarios = set(journal.past.rules), set(journal.past.scenarios)
    for entry in journal.known():
        met_rules.add(entry.rule)
        met_scenarios |= scenarios_of(entry)
    return Coverage(_part(rules, met_rules), _part(scenarios, met_scenarios))


def _part(known: Iterable[str], met: set[str]) -> Part:
    names = list(dict.fromkeys(known))
    return Part(tuple(n for n in names if n in met), tuple(n for n in names if n not in met))
