"""Sizes on and just beyond each edge of a pixel budget."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockserver.rules import PixelBudget


@cache
def _sizes(budget: PixelBudget) -> tuple[tuple[int, int], ...]:
    """Return (width, height) of everything that keeps to multiple, ratio and edge, whatever its area."""
    sides = range(budget.multiple, budget.edge + 1, budget.multiple)
    return tuple(
        (width, height)
        for width in sides
        for height in sides
        if max(width, height) <= budget.ratio * min(width, height)
    )


def _named(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


def _area(size: tuple[int, int]) -> int:
    return size[0] * size[1]


@cache
def right_sizes(budget: PixelBudget) -> tuple[str, ...]:
    """Return sizes at the very edges: least and most pixels, widest and highest, longest, an odd multiple."""
    within = [size for size in _sizes(budget) if budget.least <= _area(size) <= budget.most]
    step, edge = budget.multiple, budget.edge
    chosen = [
        min(within, key=_area),
        max(within, key=_area),
        min((size for size in within if size[0] == budget.ratio * size[1]), key=_area),
        min((size for size in within if size[1] == budget.ratio * size[0]), key=_area),
        min((size for size in within if size[0] == edge), key=_area),
        min((size for size in within if size[1] == edge), key=_area),
        min((size for size in within if size[0] // step % 2 and size[1] // step % 2), key=_area),
    ]
    return tuple(dict.fromkeys(map(_named, chosen)))


@cache
def wrong_sizes(budget: PixelBudget) -> tuple[str, ...]:
    """Return sizes just beyond each edge, and texts that are none."""
    all_areas, step, edge = _sizes(budget), budget.multiple, budget.edge
    side = 2 * step * (round((budget.least * budget.most) ** 0.25) // step // 2)
    low = -(-side // budget.ratio // step) * step
    beyond = [
        max((size for size in all_areas if _area(size) < budget.least), key=_area),
        min((size for size in all_areas if _area(size) > budget.most), key=_area),
        (side + 1, side),
        (side, side + step // 2),
        (low * budget.ratio + step, low),
        (low, low * budget.ratio + step),
        (edge + step, edge // 2 // step * step),
        (edge // 2 // step * step, edge + step),
    ]
    return tuple(dict.fromkeys([*map(_named, beyond), *_NO_SIZES]))


_NO_SIZES = (
    "",
    "square",
    "AUTO",
    "1024",
    "1024x",
    "x1024",
    "0x0",
    "-1024x1024",
    "1024X1024",
    "1024x1024x1024",
    "1024*1024",
    " 1024x1024",
    "1024x1024 ",
    "1024.0x1024",
    "1e3x1e3",
    "\uff11024x1024",
)
