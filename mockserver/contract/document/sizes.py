"""A free WIDTHxHEIGHT as a regular expression: exactly the sizes of a pixel budget, in their plain spelling.

No bound on a product can be said in JSON Schema, but the sizes are finite: 29,146 of them, which rectangles of widths
and heights cover in ten kilobytes. The server reads leading zeros too; the contract leaves them out.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from mockserver.rules import PixelBudget


@cache
def pattern(budget: PixelBudget, *words: str) -> str:
    """Return the expression of all sizes within a budget, and of `words` that stand for one, such as `auto`."""
    widths = {width: _heights(budget, width) for width in range(budget.multiple, budget.edge + 1, budget.multiple)}
    sizes = [f"{_one_of(wide)}x{_one_of(high)}" for wide, high in _rectangles(widths)]
    return f"^(?:{'|'.join([*words, *sizes])})$"


def words(budget: PixelBudget) -> str:
    """Say which sizes a budget has."""
    return (
        f"WIDTHxHEIGHT in multiples of {budget.multiple}, at most {budget.ratio}:1 and {budget.edge} pixels long, "
        f"of {budget.least:,} to {budget.most:,} pixels"
    )


def _heights(budget: PixelBudget, width: int) -> frozenset[int]:
    low = max(-(-width // budget.ratio), -(-budget.least // width))
    high = min(width * budget.ratio, budget.edge, budget.most // width)
    return frozenset(range(-(-low // budget.multiple) * budget.multiple, high + 1, budget.multiple))


def _rectangles(heights: Mapping[int, frozenset[int]]) -> Iterator[tuple[Collection[int], Collection[int]]]:
    """Cover a set of sizes: what all widths have in common first, then the rest of each half."""
    common = frozenset[int].intersection(*heights.values())
    if common:
        yield list(heights), sorted(common)
    rest = [(width, more) for width, high in heights.items() if (more := high - common)]
    middle = (len(rest) + 1) // 2
    for half in (rest[:middle], rest[middle:]):
        if half:
            yield from _rectangles(dict(half))


def _one_of(numbers: Collection[int]) -> str:
    """Return an expression of numbers, those of equal last two digits together."""
    endings: dict[str, list[str]] = defaultdict(list)
    for number in numbers:
        endings[str(number)[:-2]].append(str(number)[-2:])
    heads: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for head, tails in endings.items():
        heads[tuple(tails)].append(head)
    return _either([_either(same) + _either(tails) for tails, same in heads.items()])


def _either(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"(?:{'|'.join(texts)})"
