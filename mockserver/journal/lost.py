"""Requests whose reply was lost or spoilt: the next one like it may be paid for again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mockserver.journal.logical import identity

if TYPE_CHECKING:
    from mockserver.journal.entry import Entry

_MOST_ALIKE: Final = 64
"""Requests asked in the same words, as long prompts may be, that are remembered."""


class Lost:
    """Remembers requests until the same request gets a good reply; the oldest are forgotten first."""

    def __init__(self, most: int) -> None:
        """Remember `most` wordings."""
        self._most = most
        self.identities: dict[str, dict[str, None]] = {}
        """By what was asked, which is told without any work."""

    def __contains__(self, entry: Entry) -> bool:
        """Whether the same request is among them."""
        alike = self.identities.get(entry.asked)
        return alike is not None and identity(entry) in alike

    def add(self, entry: Entry) -> None:
        """Remember a request."""
        if entry.asked not in self.identities and len(self.identities) >= self._most:
            del self.identities[next(iter(self.identities))]
        alike = self.identities.setdefault(entry.asked, {})
        alike[identity(entry)] = None
        if len(alike) > _MOST_ALIKE:
            del alike[next(iter(alike))]

    def discard(self, entry: Entry) -> None:
        """Forget the same request, which got a good reply."""
        alike = self.identities.get(entry.asked)
        if alike is not None:
            alike.pop(identity(entry), None)
            if not alike:
                del self.identities[entry.asked]

    def clear(self) -> None:
        """Forget all."""
        self.identities.clear()
