"""Questions to a journal: filters by name, each a plain comparison of one field.

A query says what differs, and an entry is found where nothing does, so a list and a report cannot disagree.
"""

from __future__ import annotations

import difflib
import operator
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from mockserver.journal.entry import model_of, request_id_of, retry_of
from mockserver.journal.masks import Mask
from mockserver.journal.past import scenarios_of
from mockserver.journal.patterns import QueryError, Steps, pattern
from mockserver.journal.plain import shown_text, to_json
from mockserver.journal.shown import shown_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mockserver.journal.entry import Entry

__all__ = ["FILTERS", "Difference", "Query", "QueryError"]

PARAM: Final = "param."
"""Begins the filters of parameters: `param.size`, `param.images[0].file_id`."""

ABSENT: Final = "(absent)"
"""What a parameter that was not sent is; also a filter's value for it."""


class Difference(NamedTuple):
    """A field of an entry that is not as it was asked for."""

    field: str
    expected: str
    actual: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """One field, what it should be, and how to see whether it is."""

    field: str
    expected: str
    read: Callable[[Entry], str]
    holds: Callable[[str, Steps], bool]


def _texts(field: str, read: Callable[[Entry], str], *, whole: bool = True) -> Callable[[str], Filter]:
    """Return the maker of a filter that compares text: equal, or found in it; `/…/` is a regular expression."""

    def make(expected: str) -> Filter:
        wanted = pattern(expected)
        return Filter(field, expected, read, lambda actual, steps: wanted.found_in(actual, steps, whole=whole))

    return make


def _numbers(field: str, read: Callable[[Entry], float]) -> Callable[[str], Filter]:
    """Return the maker of a filter that compares a number: `400`, `4xx`, `>=400`, `!=200`."""

    def make(expected: str) -> Filter:
        compare = _comparison(field, expected)
        return Filter(field, expected, lambda entry: f"{read(entry):g}", lambda actual, _: compare(float(actual)))

    return make


_COMPARISON: Final = re.compile(r"(>=|<=|!=|==|=|>|<)?\s*(-?\d{1,15}(?:\.\d{1,9})?)", re.ASCII)
_CENTURY: Final = re.compile(r"[1-5][xX]{2}")
_SIGNS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "!=": operator.ne,
    "==": operator.eq,
    "=": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
}


def _comparison(field: str, expected: str) -> Callable[[float], bool]:
    if field == "status" and _CENTURY.fullmatch(expected):
        return lambda actual: actual // 100 == int(expected[0])
    found = _COMPARISON.fullmatch(expected.strip())
    if found is None:
        example = "400, 4xx, >=400" if field == "status" else "2, >=2, !=0"
        message = f"{field}={shown_text(expected)} is no comparison of numbers: write {example}"
        raise QueryError(message)
    sign, wanted = _SIGNS[found[1] or "="], float(found[2])
    return lambda actual: sign(actual, wanted)


def _param(name: str) -> Callable[[str], Filter]:
    return _texts(f"{PARAM}{name}", lambda entry: _param_text(entry, name))


def _param_text(entry: Entry, name: str) -> str:
    try:
        value = shown_value(entry, name)
    except KeyError:
        return ABSENT
    value = Mask(entry.headers).value(name, value)
    return value if isinstance(value, str) else to_json(value)


def _prompt(entry: Entry) -> str:
    prompt = (entry.parameters or {}).get("prompt")
    return prompt if isinstance(prompt, str) else ""


def _scenarios(expected: str) -> Filter:
    wanted = pattern(expected)

    def holds(actual: str, steps: Steps) -> bool:
        return any(wanted.found_in(one, steps, whole=True) for one in actual.split(", "))

    return Filter("scenario", expected, lambda entry: ", ".join(sorted(scenarios_of(entry))), holds)


FILTERS: Final[Mapping[str, Callable[[str], Filter]]] = {
    "endpoint": _texts("endpoint", lambda entry: entry.endpoint),
    "method": _texts("method", lambda entry: entry.method),
    "path": _texts("path", lambda entry: entry.path),
    "status": _numbers("status", lambda entry: entry.status),
    "model": _texts("model", model_of),
    "prompt": _texts("prompt", _prompt, whole=False),
    "rule": _texts("rule", lambda entry: entry.rule),
    "scenario": _scenarios,
    "retry": _numbers("retry", retry_of),
    "request_id": _texts("request_id", request_id_of),
    "events": _texts("events", lambda entry: ",".join(entry.events)),
    "complete": _texts("complete", lambda entry: str(entry.complete).lower()),
    "gone": _texts("gone", lambda entry: str(entry.gone is not None).lower()),
    "dollars": _numbers("dollars", lambda entry: entry.dollars),
}
"""What may be asked of an entry, besides `param.<name>`."""

PAGING: Final = ("since", "until", "after", "limit")
"""What chooses a stretch of the journal: Unix seconds of arrival (both included), a number, how many at most."""

_PARAMS: Final[Mapping[str, str]] = {
    name: f"{PARAM}{name}"
    for name in (
        "background",
        "input_fidelity",
        "moderation",
        "n",
        "output_compression",
        "output_format",
        "partial_images",
        "quality",
        "response_format",
        "size",
        "stream",
        "style",
        "user",
    )
}
"""What a filter may be meant for that is named like a parameter: any may be asked for, these are suggested."""


@dataclass(frozen=True, slots=True)
class Query:
    """Filters that an entry must all pass, and the stretch of the journal that is looked at."""

    filters: tuple[Filter, ...] = ()
    since: float = float("-inf")
    until: float = float("inf")
    after: int = 0
    limit: int | None = None
    steps: Steps = field(default_factory=Steps)
    """What its patterns may still cost, in all."""

    @classmethod
    def read(cls, filters: Mapping[str, str]) -> Query:
        """Read filters by name.

        Raises:
            QueryError: one of them does not exist, or cannot be read.
        """
        paging = {name: _number(name, filters[name]) for name in PAGING if name in filters}
        asked = (_made(name, value) for name, value in filters.items() if name not in PAGING)
        limit = paging.get("limit")
        return cls(
            tuple(sorted(asked, key=lambda each: each.field == "prompt")),  # the dearest one last
            since=paging.get("since", float("-inf")),
            until=paging.get("until", float("inf")),
            after=int(paging.get("after", 0)),
            limit=None if limit is None else max(int(limit), 0),
        )

    def within(self, entry: Entry) -> bool:
        """Return whether an entry lies in the stretch that is looked at."""
        return entry.number > self.after and self.since <= entry.arrived <= self.until

    def holds(self, entry: Entry) -> bool:
        """Return whether an entry passes every filter."""
        return self.within(entry) and all(each.holds(each.read(entry), self.steps) for each in self.filters)

    def among(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return the entries that pass, in their order."""
        found: list[Entry] = []
        for entry in entries:
            if self.limit is not None and len(found) >= self.limit:
                break
            if self.holds(entry):
                found.append(entry)
        return found

    def differences(self, entry: Entry) -> list[Difference]:
        """Return every field that is asked for, with what it is and whether that will do."""
        told = ((each, each.read(entry)) for each in self.filters)
        return [Difference(each.field, each.expected, actual, each.holds(actual, self.steps)) for each, actual in told]


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not abs(value) < 1e15:  # noqa: PLR2004 - beyond every time and every number; not-a-number fails too
        message = f"{name}={shown_text(text)} is no number"
        raise QueryError(message)
    return value


def _made(name: str, expected: str) -> Filter:
    if name.startswith(PARAM) and name != PARAM:
        return _param(name.removeprefix(PARAM))(expected)
    if name not in FILTERS:
        raise QueryError(unknown("filter", name, {**{each: each for each in (*FILTERS, *PAGING)}, **_PARAMS}))
    return FILTERS[name](expected)


def unknown(kind: str, name: str, known: Mapping[str, str]) -> str:
    """Return the sentence about a name that does not exist, with the nearest that does, as `known` writes it."""
    near = difflib.get_close_matches(name[:60], known, 1, 0.5)
    hint = f"did you mean {known[near[0]]}?" if near else f"there are {', '.join(known.values())}"
    return f"there is no {kind} {shown_text(name)}: {hint}"
