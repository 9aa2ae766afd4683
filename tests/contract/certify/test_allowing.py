"""What is allowed of many findings, and what is told of allowances that are of no use."""

from __future__ import annotations

from mockserver.contract.certify.allowing import Allowing
from mockserver.contract.certify.clients.client import Allowance
from mockserver.contract.certify.tally import Tally
from mockserver.contract.certify.verdict import Behaviour, Cell, Finding, Witness

VARY = Behaviour("sends.vary", "sends", "vary", "")
ADDED, DROPPED = Finding("added", "an n", "n"), Finding("dropped", "no user", "user")
OURS = Allowance("sends.*", "added", "it says so")
THEIRS = Allowance("sends.*", "dropped", "it says so too")


def failed(*findings: Finding) -> Cell:
    """Return a cell that failed."""
    return Cell(VARY, "fail", findings)


def test_a_cell_is_allowed_where_all_of_it_is() -> None:
    """With the reasons for all of it."""
    cell = Allowing([OURS, THEIRS], "1").cell(failed(ADDED, DROPPED, ADDED))
    assert (cell.verdict, cell.reason) == ("allowed", "it says so it says so too")


def test_what_is_not_allowed_stands_first() -> None:
    """A cell that is allowed in part fails by the rest."""
    cell = Allowing([OURS], "1").cell(failed(ADDED, DROPPED))
    assert (cell.verdict, cell.findings) == ("fail", (DROPPED, ADDED))


def test_an_allowance_that_covers_nothing_is_told() -> None:
    """So that no reason outlives what it excused; one for another version is left alone."""
    allowing = Allowing([OURS, THEIRS, Allowance("*", "bytes", "old", versions="1.*")], "2.0")
    allowing.cell(failed(ADDED))
    assert allowing.stale == ("the allowance of dropped in sends.* (*) covered nothing: it says so too",)


def witness(name: str) -> Witness:
    """Return a witness that is known by its name."""
    return Witness({"name": name}, None, (), "again")


def test_a_fault_is_told_once_with_its_first_witness() -> None:
    """The most frequent first, its places counted together; one that is allowed last."""
    tally = Tally(VARY)
    lost = [Finding("lost", f"picture {n}", f"data[{n}]") for n in range(3)]
    tally.judged([DROPPED, lost[0]], lambda: witness("first"))
    tally.judged([lost[1], lost[2]], lambda: witness("second"))
    tally.judged([ADDED], lambda: witness("third"))
    tally.judged([ADDED], lambda: witness("fourth"))
    tally.judged([ADDED], lambda: witness("fifth"))
    cell = tally.cell(1.0, "", lambda _, finding: finding.rule == "added")
    assert [finding.text for finding in cell.findings] == [
        "picture 0 (so in 2 of 5 calls)",
        "no user",
        "an n (so in 3 of 5 calls)",
    ]
    assert cell.witness == witness("first")
    assert (cell.verdict, cell.cases) == ("fail", 5)
    assert tally.cell(1.0, "", lambda *_: False).witness == witness("third")
