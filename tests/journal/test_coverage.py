"""Error coverage: a number, lists, a threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mockserver.coverage import coverage
from mockserver.journal.kept import Journal
from mockserver.sources import RULES

if TYPE_CHECKING:
    from collections.abc import Callable

    from journal.conftest import Open
    from mockserver.journal import Entry


def test_what_was_met_and_what_was_not(opened: Open) -> None:
    """In the order of the tables; what is not catalogued does not count."""
    opened.ask(n=0)
    opened.ask(n=0)
    opened.http.get("/nope")
    met = coverage(opened.journal, ["a", "b", "a"])
    assert met.rules.done == ("unknown-path", "integer-below-minimum")
    assert set(met.rules.done) | set(met.rules.open) == set(RULES)
    assert (met.scenarios.done, met.scenarios.open) == ((), ("a", "b"))
    assert met.share == 2 / (len(RULES) + 2)


def test_scenarios_are_met_by_playing(made: Callable[..., Entry]) -> None:
    """As JSON, with its numbers."""
    journal = Journal()
    made(journal, played=[{"scenario": "b"}, {"scenario": "unknown"}, {"fault": "x"}])
    assert coverage(journal, ["a", "b"], rules=["r"]).told() == {
        "share": 0.3333,
        "rules": {"share": 0.0, "met": 0, "known": 1, "done": [], "open": ["r"]},
        "scenarios": {"share": 0.5, "met": 1, "known": 2, "done": ["b"], "open": ["a"]},
    }


@pytest.mark.parametrize(
    ("threshold", "told"),
    [
        (0.0, ""),
        (0.5, ""),
        (0.51, "error coverage is 50.0%, less than 51.0%; never met: b, s"),
        (1.0, "error coverage is 50.0%, less than 100.0%; never met: b, s"),
    ],
)
def test_a_threshold_that_is_missed_says_what_is_open(made: Callable[..., Entry], threshold: float, told: str) -> None:
    """Scenarios first."""
    journal = Journal()
    made(journal, played=[{"scenario": "a"}], rule="r")
    assert coverage(journal, ["a", "b"], rules=["r", "s"]).shortfall(threshold) == told


def test_a_long_list_is_cut() -> None:
    """Ten names are enough."""
    told = coverage(Journal(), map(str, range(30)), rules=()).shortfall(1)
    assert told.endswith("never met: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 20 more")


def test_nothing_to_meet_is_all_met() -> None:
    """No division by zero."""
    assert coverage(Journal(), [], rules=[]).share == 1.0
