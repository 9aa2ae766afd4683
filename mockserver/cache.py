"""What was made before and may be asked for again, within a number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class BoundedCache(Generic[K, V]):
    """Keeps the most recently used values whose sizes add up to at most `most_bytes`. Not for several threads."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.held_bytes = 0
        self._items: OrderedDict[K, tuple[V, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._items)

    def get(self, key: K) -> V | None:
        """Return the value of `key`, or None where it is not (or no longer) kept."""
        item = self._items.get(key)
        if item is None:
            return None
        self._items.move_to_end(key)
        return item[0]

    def put(self, key: K, value: V, size: int) -> None:
        """Keep `value`, which takes `size` bytes; one that is larger than the whole cache is not kept."""
        self._forget(key)
        if size > self.most_bytes:
            return
        self._items[key] = (value, size)
        self.held_bytes += size
        while self.held_bytes > self.most_bytes:
            _, (_, freed) = self._items.popitem(last=False)
            self.held_bytes -= freed

    def _forget(self, key: K) -> None:
        item = self._items.pop(key, None)
        if item is not None:
            self.held_bytes -= item[1]
