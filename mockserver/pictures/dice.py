"""Choices drawn from a digest: the same digest always chooses the same."""

from __future__ import annotations

from hashlib import sha512


class Dice:
    """Whole numbers from a text; every draw uses up a part of it."""

    def __init__(self, seed: str) -> None:
        self._left = int.from_bytes(sha512(seed.encode("utf-8", "surrogatepass")).digest(), "big")

    def upto(self, count: int) -> int:
        """Return a number from 0 to before `count`."""
        self._left, drawn = divmod(self._left, count)
        return drawn

    def between(self, low: int, high: int) -> int:
        """Return a number from `low` to `high`, both included."""
        return low + self.upto(high - low + 1)

    def shuffled(self, count: int) -> list[int]:
        """Return the numbers from 0 to before `count` in a drawn order."""
        numbers = list(range(count))
        return [numbers.pop(self.upto(len(numbers))) for _ in range(count)]
