"""What the requests of a space would have cost, and which of them would have been paid for twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mockserver.journal.entry import model_of, retry_of
from mockserver.journal.logical import identity
from mockserver.journal.past import Spent, scenarios_of
from mockserver.journal.plain import shown_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mockserver.journal import Entry
    from mockserver.journal.kept import Journal

WINDOW: Final = 600.0
"""Seconds after a lost reply in which the same request counts as its retry: how long OpenAI's clients wait."""

_DRAWING: Final = frozenset({"generations", "edits", "variations"})


@dataclass(frozen=True, slots=True)
class Ledger:
    """The sums of one space since its journal was last cleared, entries that fell out included."""

    models: Mapping[str, Spent]
    """By model, in alphabetical order."""

    requests: int
    dollars: float
    """What was saved."""

    def told(self) -> dict[str, object]:
        """Return it as JSON can say it."""
        return {
            "saved": round(self.dollars, 6),
            "requests": self.requests,
            "models": {
                name: {"requests": spent.requests, "dollars": round(spent.dollars, 6)}
                for name, spent in self.models.items()
            },
        }


@dataclass(frozen=True, slots=True)
class BilledTwice:
    """The same logical request, accepted and billed again after its reply was lost."""

    first: int
    """The number of the entry whose reply was lost."""

    second: int
    """The number of the entry that was billed again."""

    reason: str
    """How the first reply was lost, for a person."""

    dollars: float
    """What was paid for nothing."""

    seconds: float
    """From the end of the first to the arrival of the second; below 0 where the second came first."""

    def told(self) -> dict[str, object]:
        """Return it as JSON can say it."""
        return {
            "first": self.first,
            "second": self.second,
            "reason": self.reason,
            "dollars": round(self.dollars, 6),
            "seconds": round(self.seconds, 3),
        }


def ledger(journal: Journal) -> Ledger:
    """Return the sums of a journal."""
    sums = {name: Spent(spent.requests, spent.dollars) for name, spent in journal.past.spent.items()}
    for entry in journal.known():
        if entry.dollars:
            spent = sums.setdefault(model_of(entry), Spent())
            spent.requests += 1
            spent.dollars += entry.dollars
    models = {name: sums[name] for name in sorted(sums)}
    return Ledger(models, sum(one.requests for one in sums.values()), sum(one.dollars for one in sums.values()))


def billed_twice(journal: Journal, window: float = WINDOW) -> list[BilledTwice]:
    """Return what was billed twice, in order of the second billing, as far as the entries are kept.

    Args:
        journal: of one space.
        window: seconds after the end of a lost reply.
    """
    last: dict[str, Entry] = {}
    found: list[BilledTwice] = []
    for entry in _accepted(journal):
        logical = identity(entry)
        first, last[logical] = last.get(logical), entry
        if first is not None:
            reason, seconds = _lost(first, entry), entry.arrived - _ended(first)
            if reason and seconds <= window:
                found.append(BilledTwice(first.number, entry.number, reason, entry.dollars or first.dollars, seconds))
    return found


def billed_before(journal: Journal, entry: Entry, window: float = WINDOW) -> BilledTwice | None:
    """Return how one entry was billed before; None where it was not, or costs nothing."""
    return next((pair for pair in billed_twice(journal, window) if pair.second == entry.number), None)


def _accepted(journal: Journal) -> Iterator[Entry]:
    """Give the requests that the real API would have charged for, oldest first.

    That is also one whose client left before it was answered: nobody tells the API to stop drawing.
    """
    for entry in journal.entries():
        drawn = entry.dollars > 0
        lost = entry.gone is not None or bool(entry.cut)
        abandoned = lost and bool(entry.asked) and not entry.rule and entry.endpoint in _DRAWING
        if drawn or abandoned:
            yield entry


def _ended(entry: Entry) -> float:
    """Return when a reply was over, in Unix seconds."""
    return entry.gone if entry.gone is not None else entry.arrived + (entry.seconds or 0.0)


def _lost(first: Entry, second: Entry) -> str:
    """Return how the reply to `first` was lost, or nothing where it was not."""
    if first.played and (not first.complete or first.status != 200):  # noqa: PLR2004 - the status of a picture
        names = ", ".join(sorted(scenarios_of(first))) or "a fault"
        return f"its reply was spoilt by {shown_text(names, 200)}"
    if first.gone is not None:
        return "its client went away"
    if first.seconds is not None and not first.complete:
        return "its reply was cut"
    retry = retry_of(second)
    return f"the client asked again, as its retry {retry}" if retry else ""


def summary(journal: Journal, window: float = WINDOW) -> str:
    """Return the ledger as lines for a terminal; empty where nothing was charged."""
    sums, twice = ledger(journal), billed_twice(journal, window)
    lines = [
        f"  {shown_text(name or '(unknown)'):<24} {spent.requests:>6} x ${spent.dollars:>10.3f}"
        for name, spent in sums.models.items()
    ]
    if lines:
        lines.insert(0, f"${sums.dollars:.3f} saved on {sums.requests} request{'' if sums.requests == 1 else 's'}")
    if twice:
        lines.append(f"billed twice: ${sum(pair.dollars for pair in twice):.3f}")
        lines += [f"  #{pair.first} and #{pair.second}: {pair.reason}" for pair in twice[:20]]
    return "\n".join(lines)
