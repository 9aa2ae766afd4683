"""What an allowance covers."""

from __future__ import annotations

import pytest

from mockserver.contract.certify.clients.client import Allowance
from mockserver.contract.certify.verdict import Finding

ADDED = Finding("added", "n arrived, which nobody asked for", "n")


@pytest.mark.parametrize(
    ("allowance", "covers"),
    [
        (Allowance("sends.*", "added", "its default"), True),
        (Allowance("sends.*", "added", "its default", places="n"), True),
        (Allowance("sends.*", "added", "its default", places="size"), False),
        (Allowance("sends.*", "dropped", "its default"), False),
        (Allowance("returns.*", "added", "its default"), False),
        (Allowance("*", "added", "its default", versions="6.*"), True),
        (Allowance("*", "added", "its default", versions="7.*"), False),
    ],
)
def test_covers_what_all_its_patterns_match(allowance: Allowance, covers: bool) -> None:
    """Rule, behaviour, place and version."""
    assert allowance.covers("sends.generate", ADDED, "6.0.1") is covers


@pytest.mark.parametrize(("places", "covers"), [("data[*].url", True), ("data[1].url", False), ("data*", True)])
def test_brackets_of_a_place_are_brackets(places: str, covers: bool) -> None:
    """A pattern writes a place as findings do."""
    lost = Finding("lost", "data[0].url did not come back", "data[0].url")
    assert Allowance("*", "lost", "it gives bytes", places).covers("returns.generate", lost, "") is covers
