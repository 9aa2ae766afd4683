"""Where in a JSON document: `usage.output_tokens`, `data[0].url`, `data[].b64_json` for every member."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Nothing:
    """What stands where nothing stands."""

    def __repr__(self) -> str:
        return "nothing"


NOTHING: Final = _Nothing()
_STEP = re.compile(r"([^.\[\]]+)|\[(\d*)\]")


def find(document: object, place: str) -> list[tuple[str, object]]:
    """Return every (exact place, value) that `place` names; NOTHING is the value where the way ends early."""
    found: list[tuple[str, object]] = [("", document)]
    for name, index in _STEP.findall(place):
        found = [step for at, value in found for step in _down(at, value, name, index)]
    return found


def _down(at: str, value: object, name: str, index: str) -> Iterator[tuple[str, object]]:
    if name:
        known = isinstance(value, dict) and name in value
        yield f"{at}.{name}".lstrip("."), value[name] if known and isinstance(value, dict) else NOTHING
    elif not isinstance(value, list):
        yield f"{at}[{index}]", NOTHING
    elif index:
        yield f"{at}[{index}]", value[int(index)] if int(index) < len(value) else NOTHING
    else:
        yield from ((f"{at}[{number}]", member) for number, member in enumerate(value))
