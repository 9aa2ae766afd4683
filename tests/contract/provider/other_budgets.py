"""Pixel budgets with one bound moved to the next one that makes a difference."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.rules import PixelBudget


def other_budgets(budget: PixelBudget) -> Iterator[tuple[str, PixelBudget]]:
    """Yield budgets that grant one size too many or too few, with a word for each.

    Areas move to the next one that there is: between two of them, no request tells one bound from another.
    """
    areas = sorted(set(_areas(budget)))
    least, most = areas.index(budget.least), areas.index(budget.most)
    yield "multiple halved", replace(budget, multiple=budget.multiple // 2)
    yield "multiple doubled", replace(budget, multiple=budget.multiple * 2)
    yield "wider", replace(budget, ratio=budget.ratio + 1)
    yield "less wide", replace(budget, ratio=budget.ratio - 1)
    yield "longer", replace(budget, edge=budget.edge + budget.multiple)
    yield "less long", replace(budget, edge=budget.edge - budget.multiple)
    yield "smaller", replace(budget, least=areas[least - 1])
    yield "less small", replace(budget, least=areas[least + 1])
    yield "larger", replace(budget, most=areas[most + 1])
    yield "less large", replace(budget, most=areas[most - 1])


def _areas(budget: PixelBudget) -> Iterator[int]:
    sides = range(budget.multiple, budget.edge + 1, budget.multiple)
    for width in sides:
        yield from (width * height for height in sides if max(width, height) <= budget.ratio * min(width, height))
