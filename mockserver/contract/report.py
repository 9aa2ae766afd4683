"""Says what came of a run: for a person at a terminal, or as one JSON document."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from mockserver.contract.case import CONFIDENCES, NEEDS
from mockserver.contract.run import AGREES, DIFFERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mockserver.contract.case import Case
    from mockserver.contract.run import Outcome

_PLAYED = (AGREES, DIFFERS)
_WIDTH = 96
"""Characters of a source that are shown."""
_KEPT = {"superseded": "superseded", "another day": "of another day", "contradicted": "contradicted"}
"""By verdict: the word for cases that are kept without being played."""


def failure(outcome: Outcome) -> Iterator[str]:
    """Yield the lines about one case that differs: which, who says so, and what differs."""
    case = outcome.case
    seen = ", ".join(filter(None, (case.file, case.confidence, case.observed)))
    yield f"{click.style(f'✗ {case.id}', fg='red', bold=True)}  {_dim(seen)}"
    yield f"  {case.about}"
    for difference in outcome.differences:
        yield from (f"    {line}" for line in difference.lines())
    yield _dim(f"    source    {_sources(case)}")
    yield ""


def _sources(case: Case) -> str:
    more = len(case.source) - 1
    first = case.source[0] if len(case.source[0]) <= _WIDTH else case.source[0][:_WIDTH] + "…"
    return f"{first} and {more} more" if more else first


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield agreement by confidence, one line each."""
    counts = Counter((outcome.case.confidence, outcome.verdict) for outcome in outcomes)
    for confidence, meaning in CONFIDENCES.items():
        agree, differ = (counts[confidence, verdict] for verdict in _PLAYED)
        if agree + differ:
            agrees = click.style(f"{agree:4} agree", fg="green")
            differs = click.style(f"{differ:4} differ", fg="red") if differ else " " * 11
            yield f"  {confidence:14} {agrees} {differs}  {_dim(meaning)}"


def summary(outcomes: Sequence[Outcome]) -> str:
    """Return the one line that tells it all: what was played, what was left out and why."""
    counts = Counter(outcome.verdict for outcome in outcomes)
    agree, differ = (counts.pop(verdict, 0) for verdict in _PLAYED)
    parts = [f"{agree} agree", f"{differ} {'differs' if differ == 1 else 'differ'}"]
    parts += [f"{counts[verdict]} {name}" for verdict, name in _KEPT.items() if counts[verdict]]
    parts += _left_out({verdict: count for verdict, count in counts.items() if verdict not in _KEPT})
    played = agree + differ
    text = f"{played} {'case' if played == 1 else 'cases'}: {', '.join(parts)}"
    return click.style(text, fg="red" if differ else "green", bold=True)


def _left_out(counts: Mapping[str, int]) -> Iterator[str]:
    """Yield how many cases could have been played, and what kept them from it."""
    reasons = [(_reason(verdict, count), count) for verdict, count in sorted(counts.items())]
    if len(reasons) == 1:
        yield f"{reasons[0][1]} left out ({reasons[0][0]})"
    elif reasons:
        each = ", ".join(f"{count} {reason}" for reason, count in reasons)
        yield f"{sum(counts.values())} left out ({each})"


def _reason(verdict: str, count: int) -> str:
    verb, _, noun = verdict.partition(" ")
    return f"{verb.removesuffix('s')}{'s' if count == 1 else ''} {NEEDS.get(noun, noun)}"


def listing(cases: Sequence[Case]) -> Iterator[str]:
    """Yield the cases, file by file: id, where it stands, confidence, day."""
    width = max(len(case.id) for case in cases)
    for file, group in groupby(cases, lambda case: case.file):
        members = list(group)
        yield f"{click.style(file, bold=True)}  {_dim(str(len(members)))}"
        for case in members:
            stands = _dim(f"{case.standing:14}") if case.standing != "played" else f"{case.standing:14}"
            yield f"  {case.id:{width}}  {stands} {case.confidence:14} {case.observed}".rstrip()


def document(base_url: str, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the run as a JSON-ready document."""
    counts = Counter(outcome.verdict for outcome in outcomes)
    return {
        "base_url": base_url,
        "counts": dict(sorted(counts.items())),
        "cases": [entry(outcome.case) | _result(outcome) for outcome in outcomes],
    }


def entry(case: Case) -> dict[str, Any]:
    """Return what is known of a case, apart from request and reply."""
    return {
        "id": case.id,
        "about": case.about,
        "file": case.file,
        "standing": case.standing,
        "confidence": case.confidence,
        "observed": case.observed or None,
        "source": list(case.source),
        "spends": case.spends,
        "reason": case.superseded or case.as_of or case.conflicts,
    }


def _result(outcome: Outcome) -> dict[str, Any]:
    fields = ("place", "expected", "actual", "note")
    differences = [{name: getattr(one, name) for name in fields} for one in outcome.differences]
    return {"verdict": outcome.verdict, "differences": differences}


def _dim(text: str) -> str:
    return click.style(text, dim=True)
