"""A matrix as Markdown: a table of sums that fits a README or a pull request, and what fails, folded, below."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mockserver.contract.certify.report.account import account, clean, sentence
from mockserver.contract.certify.report.sums import columns, name, percent, ratio, row, sections, total
from mockserver.contract.certify.verdict import FINDINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mockserver.contract.certify.report.sums import Sum
    from mockserver.contract.certify.verdict import Cell, Certificate, Matrix

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#|!~&$@])")
_TOLD: Final = 20
"""Failures of one client that are told with their witness; GitHub cuts a comment at 65,536 characters."""


def render(matrix: Matrix) -> str:
    """Return the whole report."""
    lines = ["## Conformance to the Images API", "", *brief(matrix)]
    for certificate in matrix.certificates:
        lines += _details(certificate)
    return "\n".join(lines)


def brief(matrix: Matrix) -> Iterator[str]:
    """Yield what stands in a README: when and with what it was made, what holds, and what fails."""
    yield f"Made on {_text(matrix.made)} with mockserver {_text(matrix.mockserver)} and seed {matrix.seed}."
    yield ""
    yield from table(matrix)
    yield ""
    yield from _rules(matrix)


def table(matrix: Matrix) -> Iterator[str]:
    """Yield the table of sums: a row for each topic, a column for each client."""
    rows = matrix.certificates
    yield f"| | {' | '.join(_text(name(each)) for each in rows)} |"
    yield f"|---|{'---:|' * len(rows)}"
    for part in sections(columns(matrix)):
        sums = [total(filter(None, row(each, part.behaviours))) for each in rows]
        told = [f"{ratio(found)}{' ❌' * bool(found.failed)}" for found in sums]
        heading = part.heading if not part.topic else f"failures: {part.topic}"
        yield f"| {_text(heading)} | {' | '.join(told)} |"
    sums = [total(each.cells) for each in rows]
    yield f"| **conform** | {' | '.join(f'**{percent(found)}**' for found in sums)} |"
    yield f"| where nothing is allowed | {' | '.join(percent(_strict(found)) for found in sums)} |"


def _strict(found: Sum) -> Sum:
    """Return a sum in which what is allowed has failed."""
    return replace(found, failed=found.failed + found.allowed, allowed=0)


def _rules(matrix: Matrix) -> Iterator[str]:
    """Yield a table of what was found: a row for each rule, how many cells fail by it, in brackets the allowed ones."""
    rows = matrix.certificates
    found = Counter(
        (finding.rule, number, cell.verdict)
        for number, each in enumerate(rows)
        for cell in each.cells
        for finding in cell.findings[:1]
    )
    met = {rule for rule, _, _ in found}
    if not met:
        return
    yield f"| fails by, and (allowed) | {' | '.join(_text(name(each)) for each in rows)} |"
    yield f"|---|{'---:|' * len(rows)}"
    for rule in [*(rule for rule in FINDINGS if rule in met), *sorted(met - FINDINGS.keys())]:
        counts = [(found[rule, number, "fail"], found[rule, number, "allowed"]) for number in range(len(rows))]
        told = [
            " ".join(filter(None, (str(fail or ""), f"({allowed})" if allowed else ""))) for fail, allowed in counts
        ]
        yield f"| **{_text(rule)}**: {FINDINGS.get(rule, '')} | {' | '.join(told)} |"
    yield ""


def _details(certificate: Certificate) -> Iterator[str]:
    """Yield what fails, is allowed and is absent of one client."""
    failing = [cell for cell in certificate.cells if cell.verdict == "fail"]
    rest = [cell for cell in certificate.cells if cell.verdict in {"allowed", "absent"}]
    for what, cells in (("fails", failing), ("allowed or absent", rest)):
        if cells:
            yield f"<details><summary>{_html(name(certificate))}: {len(cells)} {what}</summary>"
            yield ""
            yield from _failures(cells) if what == "fails" else _reasons(cells)
            yield "</details>"
            yield ""
    for text in certificate.stale:
        yield f"- {_text(name(certificate))}: {_text(text)}"
        yield ""


def _failures(cells: Sequence[Cell]) -> Iterator[str]:
    yield "| behaviour | finding | |"
    yield "|---|---|---|"
    for cell in cells:
        for finding in cell.findings[:1]:
            meaning = FINDINGS.get(finding.rule, "")
            yield f"| {_text(cell.behaviour.id)} | {_text(finding.rule)}: {meaning} | {_text(sentence(finding))} |"
    yield ""
    for cell in cells[:_TOLD]:
        yield f"**{_text(cell.behaviour.id)}**"
        yield ""
        yield from (f"    {line}" for line in account(cell))
        yield ""


def _reasons(cells: Iterable[Cell]) -> Iterator[str]:
    yield "| behaviour | | reason |"
    yield "|---|---|---|"
    for cell in cells:
        yield f"| {_text(cell.behaviour.id)} | {cell.verdict} | {_text(cell.reason)} |"
    yield ""


def _text(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", clean(text))


def _html(text: str) -> str:
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
