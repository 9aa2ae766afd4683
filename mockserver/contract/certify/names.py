"""Which parameters arrived under another name: told by their value, or by the letters of the name."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mockserver.contract.certify.values import Spelling


def renamings(dropped: Mapping[str, Any], added: Mapping[str, Any], spelling: Spelling) -> dict[str, str]:
    """Return the new name of each parameter that has one, each new name once."""
    left = dict(added)
    found: dict[str, str] = {}
    for name, value in dropped.items():
        alike = [
            other for other, came in left.items() if _letters(other) == _letters(name) or spelling.same(value, came)
        ]
        if alike:
            found[name] = max(alike, key=lambda other: SequenceMatcher(None, name, other).ratio())
            del left[found[name]]
    return found


def _letters(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
