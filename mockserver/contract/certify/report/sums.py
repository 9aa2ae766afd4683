"""Sums over cells: how many of each verdict, by client, by group and by topic."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from mockserver.contract.certify.verdict import Behaviour, Cell, Certificate, Matrix, Verdict

GROUPS: Final = {
    "sends": "what it sends",
    "returns": "what it returns",
    "fails": "how it takes failure",
}
"""Group of behaviours → its heading."""

VERDICTS: Final[dict[Verdict, str]] = {
    "pass": "holds",
    "fail": "fails",
    "allowed": "fails, as its row declares with a reason",
    "absent": "cannot be asked of this client",
}
"""Verdict → what it means, in the order in which verdicts are listed."""


@dataclass(frozen=True, slots=True)
class Sum:
    """How many cells have which verdict."""

    passed: int = 0
    failed: int = 0
    allowed: int = 0
    absent: int = 0

    @property
    def held(self) -> int:
        """Cells that pass, or fail with a declared reason."""
        return self.passed + self.allowed

    @property
    def judged(self) -> int:
        """Cells that say something about the client: all but the absent ones."""
        return self.held + self.failed

    @property
    def share(self) -> float | None:
        """What holds of what was judged, in percent; None where nothing was judged."""
        return 100 * self.held / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class Section:
    """Columns that are drawn together: a topic of the failures, or another group."""

    group: str
    topic: str
    """Empty where the group is not divided."""

    behaviours: tuple[Behaviour, ...]

    @property
    def heading(self) -> str:
        """The topic, or what the group is about."""
        return self.topic or GROUPS[self.group]


def total(cells: Iterable[Cell]) -> Sum:
    """Return the sum of cells."""
    counts = Counter(cell.verdict for cell in cells)
    return Sum(counts["pass"], counts["fail"], counts["allowed"], counts["absent"])


def by_group(certificate: Certificate) -> dict[str, Sum]:
    """Return the sum of each group that has cells, in the order of `GROUPS`."""
    sums = {group: total(cell for cell in certificate.cells if cell.behaviour.group == group) for group in GROUPS}
    return {group: found for group, found in sums.items() if found != Sum()}


def percent(found: Sum) -> str:
    """Return the share as `97 %`, rounded down: only what holds in full is `100 %`."""
    return "-" if found.share is None else f"{math.floor(found.share)} %"


def ratio(found: Sum) -> str:
    """Return what holds of what was judged, as `24/25`."""
    return f"{found.held}/{found.judged}" if found.judged else "-"


def columns(matrix: Matrix) -> tuple[Behaviour, ...]:
    """Return every behaviour that any client was asked for, once."""
    cells = (cell for certificate in matrix.certificates for cell in certificate.cells)
    return tuple({cell.behaviour.id: cell.behaviour for cell in cells}.values())


def sections(behaviours: Sequence[Behaviour]) -> tuple[Section, ...]:
    """Return the columns as they are drawn together: by group, then by topic."""
    found: dict[tuple[str, str], list[Behaviour]] = {}
    for behaviour in sorted(behaviours, key=lambda each: list(GROUPS).index(each.group)):
        found.setdefault((behaviour.group, behaviour.topic), []).append(behaviour)
    return tuple(Section(group, topic, tuple(members)) for (group, topic), members in found.items())


def row(certificate: Certificate, behaviours: Iterable[Behaviour]) -> tuple[Cell | None, ...]:
    """Return a client's cell of each column; None where it was not asked."""
    cells = {cell.behaviour.id: cell for cell in certificate.cells}
    return tuple(cells.get(behaviour.id) for behaviour in behaviours)


def grouped(cells: Iterable[Cell], key: Callable[[Cell], str]) -> list[tuple[str, list[Cell]]]:
    """Return cells by a text that they share, the largest group first."""
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(key(cell), []).append(cell)
    return sorted(groups.items(), key=lambda pair: -len(pair[1]))


def name(certificate: Certificate) -> str:
    """Return what a row is called: the client and its version."""
    return f"{certificate.client} {certificate.version}".rstrip()


def joined(matrices: Sequence[Matrix]) -> Matrix:
    """Return several certifications as one; of a client that is in several, the last counts.

    Raises:
        ValueError: there is none to join.
    """
    if not matrices:
        msg = "there is no matrix to show"
        raise ValueError(msg)
    rows = {name(each): each for matrix in matrices for each in matrix.certificates}
    return replace(max(matrices, key=lambda matrix: matrix.made), certificates=tuple(rows.values()))
