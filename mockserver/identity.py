"""Identifiers as the real API shapes them, drawn from a seed and a counter so that a run can be repeated."""

from __future__ import annotations

import hashlib
import string
import uuid
from typing import Final

ORGANIZATION: Final = "mockserver"
"""The organisation's slug, in `openai-organization`."""

_BATCH: Final = 64
"""Identifiers that are made at once: each is then a tenth of the work."""

_ALPHANUMERIC: Final = string.ascii_letters + string.digits


class Identities:
    """A stream of identifiers; the same `seed` and `salt` give the same stream."""

    def __init__(self, seed: int, salt: str = "") -> None:
        self._key = hashlib.sha256(f"{seed}/{salt}".encode()).digest()
        self._count = 0
        self._tokens: list[str] = []
        self.project = f"proj_{alphanumeric(f'project/{seed}')}"

    def token(self) -> str:
        """Return 32 new hex digits."""
        if not self._tokens:
            self._count += 1
            digits = hashlib.shake_128(self._key + self._count.to_bytes(8, "big")).hexdigest(16 * _BATCH)
            self._tokens = [digits[start : start + 32] for start in range(0, 32 * _BATCH, 32)]
        return self._tokens.pop()

    def uuid(self) -> str:
        """Return a new UUID, version 4, lower case."""
        return str(uuid.UUID(hex=self.token(), version=4))


def alphanumeric(text: str, length: int = 24) -> str:
    """Return the letters and digits that always stand for `text`."""
    number = int.from_bytes(hashlib.sha512(text.encode()).digest(), "big")
    picked = []
    for _ in range(length):
        number, index = divmod(number, len(_ALPHANUMERIC))
        picked.append(_ALPHANUMERIC[index])
    return "".join(picked)
