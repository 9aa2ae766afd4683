"""The cell of a behaviour that many calls were judged by: each fault once, with the shortest call that shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from mockserver.contract.certify.verdict import Cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mockserver.contract.certify.verdict import Behaviour, Finding, Witness

_INDEX: Final = re.compile(r"\[\d+\]")


@dataclass(slots=True)
class _Fault:
    finding: Finding
    witness: Witness
    calls: int = 0


class Tally:
    """Takes in what is found of one call after the other, the shortest first."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._faults: dict[tuple[str, str], _Fault] = {}
        self.cases = 0
        """Calls that were judged."""

    def judged(self, findings: Iterable[Finding], witness: Callable[[], Witness]) -> None:
        """Take in what one call showed; `witness` is made where it shows something new."""
        self.cases += 1
        seen = set()
        for finding in findings:
            key = (finding.rule, _INDEX.sub("[*]", finding.place))
            if key not in self._faults:
                self._faults[key] = _Fault(finding, witness())
            seen.add(key)
        for key in seen:
            self._faults[key].calls += 1

    def cell(self, seconds: float, otherwise: str, is_allowed: Callable[[str, Finding], bool]) -> Cell:
        """Return the cell: what is not allowed stands first, and of that what is found most often.

        Args:
            seconds: how long it took.
            otherwise: why nothing was judged.
            is_allowed: whether a finding of the behaviour of an id is accepted.
        """
        if not self.cases:
            return Cell(self._behaviour, "absent", reason=otherwise, seconds=seconds)
        name = self._behaviour.id
        faults = sorted(self._faults.values(), key=lambda fault: (is_allowed(name, fault.finding), -fault.calls))
        return Cell(
            self._behaviour,
            "fail" if faults else "pass",
            findings=tuple(self._said(fault) for fault in faults),
            witness=faults[0].witness if faults else None,
            cases=self.cases,
            seconds=seconds,
        )

    def _said(self, fault: _Fault) -> Finding:
        often = "" if fault.calls == 1 else f" (so in {fault.calls} of {self.cases} calls)"
        return replace(fault.finding, text=fault.finding.text + often)
