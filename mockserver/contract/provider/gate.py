"""Asks a server every case, and keeps what came of each."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.contract.difference import Difference
from mockserver.contract.provider.judge import faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mockserver.contract.provider.case import Case
    from mockserver.contract.provider.targets import Target


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case."""

    case: Case
    faults: tuple[Difference, ...]
    """All in which the reply differs from what is due; empty where it agrees."""


def run(cases: Iterable[Case], target: Target) -> Iterator[Outcome]:
    """Ask the cases in order, and yield what came of each as soon as it is known."""
    return (Outcome(case, tuple(found(case, target))) for case in cases)


def found(case: Case, target: Target) -> list[Difference]:
    """Ask one case, and return all that is wrong with what came; a broken connection is wrong too."""
    try:
        return faults(case.due, target.ask(case.request()), target.fetch)
    except (OSError, http.client.HTTPException) as error:
        return [Difference("reply", "one", f"none: {error or type(error).__name__}")]
