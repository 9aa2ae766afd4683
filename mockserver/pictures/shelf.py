"""A cache bounded by the bytes it holds: ten thousand different pictures must not make the server grow."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Value = TypeVar("Value")


class Shelf(Generic[Value]):
    """Values by key; the least recently used leave when the shelf is full. Safe in threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0
        self._values: OrderedDict[Hashable, tuple[int, Value]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], tuple[int, Value]]) -> Value:
        """Return the value of `key`; `make` gives its size in bytes and the value when it is not there."""
        with self._lock:
            if (found := self._values.get(key)) is not None:
                self._values.move_to_end(key)
                return found[1]
        size, value = make()
        with self._lock:
            if key not in self._values:
                self._values[key] = size, value
                self._held += size
            while self._held > self._limit:
                self._held -= self._values.popitem(last=False)[1][0]
        return value
