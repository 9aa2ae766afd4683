"""What a client's row allows of what was found, and which of its allowances nothing was found for."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mockserver.contract.certify.clients.client import Allowance
    from mockserver.contract.certify.verdict import Cell, Finding


class Allowing:
    """Applies the allowances of one version of a client, and remembers which were of use."""

    def __init__(self, allowances: Sequence[Allowance], version: str) -> None:
        self._version = version
        self._unused = list(allowances)
        self._allowances = tuple(allowances)

    def covers(self, behaviour: str, finding: Finding) -> bool:
        """Return whether a finding is allowed."""
        return self._covering(behaviour, finding) is not None

    def cell(self, cell: Cell) -> Cell:
        """Return a cell that failed as an allowed one if every finding is; else what is not allowed stands first."""
        covering = [self._covering(cell.behaviour.id, finding) for finding in cell.findings]
        self._unused = [one for one in self._unused if all(one is not other for other in covering)]
        if not any(covering):
            return cell
        if all(covering):
            reasons = dict.fromkeys(allowance.reason for allowance in covering if allowance)
            return replace(cell, verdict="allowed", reason=" ".join(reasons))
        pairs = sorted(zip(cell.findings, covering, strict=True), key=lambda pair: pair[1] is not None)
        return replace(cell, findings=tuple(finding for finding, _ in pairs))

    @property
    def stale(self) -> tuple[str, ...]:
        """Return a sentence for each allowance that covered nothing, of those that are meant for this version."""
        return tuple(
            f"the allowance of {one.rule} in {one.behaviours} ({one.places}) covered nothing: {one.reason}"
            for one in self._unused
            if fnmatchcase(self._version, one.versions)
        )

    def _covering(self, behaviour: str, finding: Finding) -> Allowance | None:
        return next((one for one in self._allowances if one.covers(behaviour, finding, self._version)), None)
