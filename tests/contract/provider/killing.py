"""Asks a server that has a bug until one case tells, those first that are about the parameter that has it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import ExitStack
from functools import cache
from typing import TYPE_CHECKING, Self

from mockserver.contract.provider.gate import found
from mockserver.contract.provider.suite import of_facets
from mockserver.contract.provider.targets import InProcess

from .sketching import sketched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.contract.provider.case import Case

    from .mutants import Mutant


@cache
def cases() -> tuple[Case, ...]:
    """Return the gate's own cases but for those of 50 MB, which are about no rule of the table."""
    return tuple(case for case in of_facets() if "oversized" not in case.id)


class Killer:
    """Owns the event loop in which the servers with bugs are asked; they sketch, as no such bug shows on a picture."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._open = ExitStack()
        self._by_place: dict[tuple[str, str | None], list[Case]] = defaultdict(list)
        for case in cases():
            self._by_place[case.operation, case.model].append(case)

    def __enter__(self) -> Self:
        self._open.enter_context(self._runner)
        self._open.enter_context(sketched())
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def killer(self, mutant: Mutant) -> str | None:
        """Return the first case that tells the mutant from a right server, or None where none does."""
        with mutant.app() as app:
            target = InProcess(app, self._runner.get_loop())
            return next((case.id for case in self._asked(mutant) if found(case, target)), None)

    def _asked(self, mutant: Mutant) -> Iterator[Case]:
        models = {place[1] for place in self._by_place} if mutant.model is None else {mutant.model, None}
        places = [(operation, model) for operation in mutant.operations for model in sorted(models, key=str)]
        asked = [case for place in places for case in self._by_place.get(place, ())]
        yield from sorted(asked, key=lambda case: _far(case, mutant))


def _far(case: Case, mutant: Mutant) -> tuple[bool, bool, int]:
    """Return how far a case is from a bug: another parameter, pictures to draw, more parameters than it takes."""
    return not mutant.params & case.about, not isinstance(case.due, tuple), len(case.about)
