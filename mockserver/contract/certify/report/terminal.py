"""A matrix for a person at a terminal: strips of marks by topic, what fails in words, and the sums at the end."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import click

from mockserver.contract.certify.report.account import account, clean, sentence
from mockserver.contract.certify.report.sums import (
    GROUPS,
    Sum,
    by_group,
    columns,
    grouped,
    name,
    percent,
    ratio,
    row,
    sections,
    total,
)
from mockserver.contract.certify.verdict import FINDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mockserver.contract.certify.report.sums import Section
    from mockserver.contract.certify.verdict import Cell, Certificate, Matrix

MARKS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "pass": ("●", {"fg": "green"}),
    "fail": ("✗", {"fg": "red", "bold": True}),
    "allowed": ("◐", {"fg": "yellow"}),
    "absent": ("○", {"dim": True}),
}
"""Verdict → its mark, and how it is painted."""

_LABEL: Final = 24
_COUNT: Final = 13
_WIDEST: Final = 110
_NARROWEST: Final = 60


@dataclass(frozen=True, slots=True)
class Look:
    """How it is drawn."""

    width: int = 100
    """Columns of the terminal."""

    colour: bool = False
    witnesses: bool = False
    """Whether each failure is told with all that shows it."""

    @property
    def room(self) -> int:
        """Columns that are used: lines that are too long are hard to read."""
        return max(_NARROWEST, min(self.width - 1, _WIDEST))

    def paint(self, text: str, **how: Any) -> str:  # noqa: ANN401 - click's own
        """Return text as `click.style` paints it, or as it is."""
        return click.style(text, **how) if self.colour and text else text

    def dim(self, text: str) -> str:
        """Return text that steps back."""
        return self.paint(text, dim=True)


def render(matrix: Matrix, look: Look) -> str:
    """Return the whole report."""
    lines = [line for each in matrix.certificates for line in certificate(each, look)]
    return "\n".join([*lines, *sums(matrix, look)]) + "\n"


def certificate(row_: Certificate, look: Look) -> Iterator[str]:
    """Yield one client: its strips, and what fails, is allowed and is absent."""
    more = [clean(row_.runtime), f"{row_.seconds:.0f} s" if row_.seconds >= 1 else ""]
    yield ""
    yield f"{look.paint(clean(name(row_)), bold=True)}  {look.dim(' · '.join(filter(None, more)))}".rstrip()
    yield from _strips(row_, look)
    yield from _failures(row_, look)
    for verdict in ("allowed", "absent"):
        yield from _reasons(verdict, [cell for cell in row_.cells if cell.verdict == verdict], look)
    for text in row_.stale:
        yield ""
        yield f"  {look.paint('! stale', fg='yellow')}"
        yield from _wrapped(clean(text), look, 4)


def _strips(row_: Certificate, look: Look) -> Iterator[str]:
    parts = sections([cell.behaviour for cell in row_.cells])
    room = min(look.room - _LABEL - _COUNT, max((len(part.behaviours) for part in parts), default=0))
    for number, part in enumerate(parts):
        if part.topic and (not number or parts[number - 1].group != part.group):
            found = by_group(row_)[part.group]
            yield f"  {GROUPS[part.group]:<{_LABEL - 2 + room}}{_ratio(found)}"
        yield from _strip(row_, part, look, room)


def _strip(row_: Certificate, part: Section, look: Look, room: int) -> Iterator[str]:
    cells = row(row_, part.behaviours)
    indent = 4 if part.topic else 2
    for start in range(0, len(cells), room):
        label = "" if start else " " * indent + part.heading
        marks = cells[start : start + room]
        count = "" if start else _ratio(total(cell for cell in cells if cell))
        yield f"{label:<{_LABEL}}{_marks(marks, look)}{'':<{room - len(marks)}}{count}".rstrip()


def _marks(cells: Sequence[Cell | None], look: Look) -> str:
    """Return a mark for each cell, those of one verdict painted in one go."""
    drawn = ""
    for verdict, alike in groupby(cell.verdict if cell else "" for cell in cells):
        mark, how = MARKS.get(verdict, (" ", {}))
        drawn += look.paint(mark * len(list(alike)), **how)
    return drawn


def _ratio(found: Sum) -> str:
    return f"{found.held} of {found.judged}".rjust(_COUNT) if found.judged else "absent".rjust(_COUNT)


def _failures(row_: Certificate, look: Look) -> Iterator[str]:
    """Yield what fails, by rule, cells of one text together."""
    failing = [cell for cell in row_.cells if cell.verdict == "fail" and cell.findings]
    for rule, cells in grouped(failing, lambda cell: cell.findings[0].rule):
        yield ""
        yield f"  {look.paint(f'✗ {clean(rule)}', fg='red', bold=True)}  {look.dim(_cells(len(cells)))}"
        yield from _wrapped(FINDINGS.get(rule, ""), look, 4)
        for text, alike in grouped(cells, lambda cell: sentence(cell.findings[0])):
            yield from _wrapped("  ".join(clean(cell.behaviour.id) for cell in alike), look, 4)
            yield from (look.dim(line) for line in _wrapped(text, look, 6))
            yield from (f"      {line}" for cell in alike if look.witnesses for line in ("", *account(cell)))
        yield from _replay(cells, look)


def _replay(cells: Sequence[Cell], look: Look) -> Iterator[str]:
    witness = cells[0].witness
    if witness is not None and not look.witnesses:
        yield f"    {look.dim('see')} {look.paint(clean(witness.replay), fg='cyan')}"


def _reasons(verdict: str, cells: Sequence[Cell], look: Look) -> Iterator[str]:
    """Yield why cells are allowed or absent, a reason each."""
    mark, how = MARKS[verdict]
    for reason, alike in grouped(cells, lambda cell: cell.reason):
        yield ""
        yield f"  {look.paint(f'{mark} {verdict}', **how)}  {look.dim(_cells(len(alike)))}"
        yield from _wrapped(clean(reason), look, 4)
        if verdict == "allowed":
            ids = _wrapped("  ".join(clean(cell.behaviour.id) for cell in alike), look, 6)
            yield from (look.dim(line) for line in ids)


def _wrapped(text: str, look: Look, indent: int) -> list[str]:
    return textwrap.wrap(
        text,
        look.room,
        initial_indent=" " * indent,
        subsequent_indent=" " * indent,
        break_on_hyphens=False,
    )


def _cells(number: int) -> str:
    return f"{number} {'cell' if number == 1 else 'cells'}"


def sums(matrix: Matrix, look: Look) -> Iterator[str]:
    """Yield the table of sums: a line for each client."""
    groups = list(dict.fromkeys(behaviour.group for behaviour in columns(matrix)))
    names = min(_LABEL, max((len(clean(name(each))) for each in matrix.certificates), default=0))
    head = "".join(f"{group:>8}" for group in sorted(groups, key=list(GROUPS).index))
    yield ""
    yield look.dim(f"  {'':<{names}}{head}{'conform':>8}")
    for each in matrix.certificates:
        found, held = total(each.cells), by_group(each)
        parts = "".join(f"{ratio(held.get(group, Sum())):>8}" for group in GROUPS if group in groups)
        share = look.paint(f"{percent(found):>8}", fg=shade(found), bold=True)
        yield f"  {_fitted(name(each), names):<{names}}{parts}{share}  {_told(found, look)}".rstrip()
    yield look.dim(f"  mockserver {matrix.mockserver} · {matrix.made} · seed {matrix.seed}")


def _fitted(text: str, most: int) -> str:
    whole = clean(text)
    return whole if len(whole) <= most else f"{whole[: most - 1]}…"


def shade(found: Sum) -> str:
    """Return the colour of a sum: green where nothing fails."""
    return "red" if found.failed else "green" if found.judged else "yellow"


def _told(found: Sum, look: Look) -> str:
    parts = ((found.failed, "fail"), (found.allowed, "allowed"))
    return look.dim(", ".join(f"{number} {word}" for number, word in parts if number))
