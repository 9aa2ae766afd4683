"""The gate itself is tried: every server with one bug in its rules must be told from the right one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mockserver.models import MODELS

from .killing import Killer
from .mutants import Mutant, mutants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WANTED = 250
"""Bugs at least; there are many more."""

ALL = tuple(mutants())
GROUPS = (*MODELS, "rules of every model")


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    """Ask servers with bugs."""
    with Killer() as asking:
        yield asking


def test_there_are_enough_bugs() -> None:
    """There are more than enough bugs, each with a name of its own."""
    assert len({mutant.id for mutant in ALL}) == len(ALL) >= WANTED


@pytest.mark.parametrize("group", GROUPS)
def test_every_bug_is_caught(group: str, killer: Killer, record_property: Callable[[str, object], None]) -> None:
    """No server with a bug passes the gate."""
    bugs = [mutant for mutant in ALL if _group(mutant) == group]
    record_property("seeded bugs caught", len(bugs))
    assert [mutant.id for mutant in bugs if killer.killer(mutant) is None] == []


def _group(mutant: Mutant) -> str:
    return mutant.model or GROUPS[-1]
