"""What was exchanged in one session, within bounds: one thread writes, any thread waits and reads."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mockserver.contract.certify.exchange import Exchange

MOST_EXCHANGES: Final = 200
"""Exchanges that are kept of a session; a client that never stops trying has shown it by then."""

MOST_BYTES: Final = 64 * 1024 * 1024
"""Bytes of bodies that are kept of a session."""


class Tape:
    """Owns the exchanges of a session."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        """In order of arrival."""

        self.dropped = 0
        """How many more arrived than are kept."""

        self._room = MOST_BYTES
        self._open = 0
        self._changed = threading.Condition()

    def open(self, exchange: Exchange) -> None:
        """Take in an exchange that begins, and number it."""
        with self._changed:
            exchange.number = len(self.exchanges) + self.dropped + 1
            if exchange.number > MOST_EXCHANGES:
                self.dropped += 1
            else:
                self.exchanges.append(exchange)
            self._open += 1

    def close(self) -> None:
        """Take note that an exchange is over."""
        with self._changed:
            self._open -= 1
            self._changed.notify_all()

    def room(self, wanted: int) -> int:
        """Return how many of so many bytes may be kept, and count them as kept."""
        given = min(wanted, self._room)
        self._room -= given
        return given

    def settle(self, deadline: float) -> bool:
        """Return whether every exchange is over, waiting for it `deadline` seconds at most."""
        end = time.monotonic() + deadline
        with self._changed:
            while self._open:
                left = end - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(left)
            return True
