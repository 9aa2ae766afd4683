"""Decides which cases are played against a server, plays them, and keeps what came of each."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.contract import judge
from mockserver.contract.difference import Difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mockserver.contract.case import Case
    from mockserver.contract.play import Player

AGREES, DIFFERS, COSTS = "agrees", "differs", "cost money"


@dataclass(frozen=True, slots=True)
class Abilities:
    """What this run can do beyond sending requests."""

    spends: bool
    """Whether cases that the real API bills are sent."""
    knows_keys: bool
    """Whether the server refuses a key that nobody has."""
    is_mock: bool
    """Whether the server is a mockserver: it can be asked for another day and through the Azure door."""

    @property
    def waived(self) -> set[str]:
        """What keeps a case from being played elsewhere, and not here."""
        able = {"needs keys": self.knows_keys, "another day": self.is_mock, "needs azure": self.is_mock}
        able["needs azure keys"] = self.knows_keys and self.is_mock
        return {standing for standing, can in able.items() if can}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case."""

    case: Case
    verdict: str
    """AGREES, DIFFERS, or why it was not played: COSTS or its standing."""
    differences: tuple[Difference, ...] = ()


def standing(case: Case, abilities: Abilities) -> str:
    """Return "played", or why `case` is left out of this run."""
    if case.standing in abilities.waived:
        return "played"
    if case.standing == "played" and case.spends and not abilities.spends:
        return COSTS
    return case.standing


def run(cases: Iterable[Case], player: Player, abilities: Abilities) -> Iterator[Outcome]:
    """Play the cases in order and yield what came of each as soon as it is known."""
    for case in cases:
        where = standing(case, abilities)
        if where != "played":
            yield Outcome(case, where)
            continue
        found = difference(case, player)
        yield Outcome(case, DIFFERS if found else AGREES, tuple(found))


def difference(case: Case, player: Player) -> list[Difference]:
    """Play one case and return all in which its reply differs; a broken connection is a difference too."""
    try:
        reply = player.play(case)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return [Difference("reply", f"status {case.expect.status}", f"none: {error or type(error).__name__}")]
    return judge.differences(case.expect, reply)
