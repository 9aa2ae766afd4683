"""What a comparison with a published document found, for a person and for machines."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from mockserver import __version__
from mockserver.contract.document.apart import differences
from mockserver.contract.document.beyond import ABSENCE, FIELD
from mockserver.contract.document.differences import KINDS, Difference, Kind, known
from mockserver.contract.document.touching import touching

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from mockserver.contract.document.published import Published
    from mockserver.contract.document.used import Used

_HEADINGS: Final[Mapping[Kind, str]] = {
    "accepted": "Works here, and would be refused there",
    "refused": "Is refused here, and would work there",
    "sent": "Is in replies here, and not declared there",
    "unsent": "Is declared there, and never in replies here",
}
_ALL: Final = "everything"
_VERBS: Final[Mapping[Kind, Mapping[str, str]]] = {
    "accepted": {FIELD: "{} is unknown", ABSENCE: "{} is required", "": "{} may not be {}", _ALL: "is gone"},
    "refused": {FIELD: "{} is known", ABSENCE: "{} may be left out", "": "{} may be {}", _ALL: "is new"},
    "sent": {FIELD: "{}", ABSENCE: "{} is promised", "": "{} is {}", _ALL: "is gone"},
    "unsent": {FIELD: "{}", "": "{} is {}"},
}
_WITHIN: Final = {
    "json": "{} as JSON",
    "form": "{} as a form",
    "reply": "the reply of {}",
    "events": "the stream of {}",
}
_SHOWN: Final = 5
"""Requests that are named for one difference."""


class Comparison:
    """The differences from one document: those that a client meets, the new ones apart from the listed ones."""

    def __init__(self, published: Published, requests: Sequence[Used] | None) -> None:
        self.requests = requests
        """What a client was seen to ask; None for whatever can be asked."""

        every = differences(published)
        self.met = {each: touching(each, requests, published) for each in every} if requests is not None else {}
        told = [each for each in every if requests is None or self.met[each]]
        self.reasons = {each: row.reason for row in known() for each in told if row.covers(each)}
        """The listed ones, with the reason of each."""

        self.new = [each for each in told if each not in self.reasons]

    def as_json(self, name: str) -> dict[str, object]:
        """Return what was found as JSON has it; `name` is that of the document."""
        return {
            "document": name,
            "version": __version__,
            "requests": None if self.requests is None else len(self.requests),
            "new": [self._told(each) for each in self.new],
            "listed": [{**self._told(each), "reason": reason} for each, reason in self.reasons.items()],
        }

    def _told(self, difference: Difference) -> dict[str, object]:
        told: dict[str, object] = {
            "kind": difference.kind,
            "means": KINDS[difference.kind],
            "operation": difference.operation,
            "within": difference.within,
            "family": difference.family,
            "param": difference.param,
            "words": difference.words,
        }
        return told if self.requests is None else {**told, "requests": self.met[difference]}

    def lines(self, name: str, *, every: bool) -> Iterator[str]:
        """Yield what was found in plain words; `every` tells the listed ones too."""
        met = "" if self.requests is None else f" met by {_counted(len(self.requests), 'request')} of the journal"
        count = f"{_counted(len(self.new), 'new difference')}{met}"
        hint = "" if every or not self.reasons else " (--all tells them)"
        yield f"{name} against mockserver {__version__}: {count}; {len(self.reasons)} listed with their reason{hint}"
        yield from self._grouped(self.new)
        if every and self.reasons:
            yield "\nListed, with their reason:"
            yield from self._grouped(self.reasons)

    def _grouped(self, told: Iterable[Difference]) -> Iterator[str]:
        groups: dict[Kind, list[Difference]] = defaultdict(list)
        for each in told:
            groups[each.kind].append(each)
        for kind, heading in _HEADINGS.items():
            if groups[kind]:
                yield f"\n{heading}:"
                yield from self._sentences(groups[kind])

    def _sentences(self, told: Iterable[Difference]) -> Iterator[str]:
        """Yield a line for each place, its values and its families together."""
        families: dict[tuple[str, ...], list[Difference]] = defaultdict(list)
        for each in told:
            families[each.kind, each.operation, each.within, each.param, each.words].append(each)
        places: dict[tuple[str, ...], list[Difference]] = defaultdict(list)
        for (*place, words), same in families.items():
            alone = words if words in _VERBS[same[0].kind] else ""
            places[*place, alone, *(each.family for each in same)] += same
        for those in places.values():
            yield from self._sentence(those)

    def _sentence(self, those: Sequence[Difference]) -> Iterator[str]:
        first = those[0]
        verbs = _VERBS[first.kind]
        words = ", ".join(dict.fromkeys(each.words for each in those))
        verb = verbs.get(words, verbs[""]).format(f"`{first.param}`", words)
        names = ", ".join(dict.fromkeys(each.family for each in those if each.family != "*"))
        place = _WITHIN[first.within].format(first.operation)
        yield f"  {place}: {verb}{f' ({names})' if names else ''}"
        numbers = sorted({number for each in those for number in self.met.get(each, ())})
        if numbers:
            more = f" and {len(numbers) - _SHOWN} more" if len(numbers) > _SHOWN else ""
            yield f"      request {', '.join(map(str, numbers[:_SHOWN]))}{more}"
        yield from (
            f"      {reason}" for reason in dict.fromkeys(self.reasons.get(each, "") for each in those) if reason
        )


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
