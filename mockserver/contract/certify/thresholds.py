"""How much has to hold: `--fail-under 95`, or `--fail-under sends=100` for one group of behaviours."""

from __future__ import annotations

import math
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from mockserver.contract.certify.report.sums import GROUPS, by_group, name, total

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mockserver.contract.certify.report.sums import Sum
    from mockserver.contract.certify.verdict import Certificate, Matrix

_ALL: Final = 100.0


@dataclass(frozen=True, slots=True)
class Threshold:
    """The least share that a client needs."""

    least: float
    """In percent."""

    group: str = ""
    """Of `GROUPS`; empty for all that no other threshold names."""


def read(text: str) -> Threshold:
    """Return what an option says.

    Raises:
        ValueError: it is no percentage, or names a group that there is not; the text says what can be written.
    """
    group, equals, number = text.rpartition("=")
    if equals and group not in GROUPS:
        near = get_close_matches(group, GROUPS, 1)
        advice = f"did you mean {near[0]}?" if near else f"there are {', '.join(GROUPS)}"
        msg = f"no group {group!r}: {advice}"
        raise ValueError(msg)
    try:
        least = float(number.removesuffix("%"))
    except ValueError:
        least = math.nan
    if not 0 <= least <= _ALL:
        msg = f"{text!r} is no percentage from 0 to 100; write 95, or sends=100"
        raise ValueError(msg)
    return Threshold(least, group)


def shortfalls(matrix: Matrix, thresholds: Sequence[Threshold]) -> Iterator[str]:
    """Yield, a sentence each, where a client has less than it needs; without thresholds, all has to hold."""
    rest = next((each for each in thresholds if not each.group), Threshold(_ALL))
    named = [each for each in thresholds if each.group]
    for certificate in matrix.certificates:
        for threshold in named:
            yield from _short(certificate, threshold, by_group(certificate).get(threshold.group))
        others = {each.group for each in named}
        left = total(cell for cell in certificate.cells if cell.behaviour.group not in others)
        yield from _short(certificate, rest, left)


def _short(certificate: Certificate, threshold: Threshold, found: Sum | None) -> Iterator[str]:
    if found is None or found.share is None or found.share >= threshold.least:
        return
    of = f" of {threshold.group}" if threshold.group else ""
    need = f"{threshold.least:g} % are needed"
    yield f"{name(certificate)}: {found.held} of {found.judged}{of} hold, {_share(found.share)} %, where {need}"


def _share(share: float) -> str:
    """Return a share rounded down, so that 99.96 percent are not 100."""
    return f"{math.floor(share * 10) / 10:g}"
