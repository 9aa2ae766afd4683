"""One thing in which a reply differs from what was expected, said so that a person sees it at once."""

from __future__ import annotations

import json
from dataclasses import dataclass

_WIDTH = 96
"""Characters shown of one value: a line of a terminal beside the labels."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What was expected at one place, and what stood there."""

    place: str
    expected: str
    actual: str
    note: str = ""

    def lines(self) -> list[str]:
        """Return the place, the two values under each other, and a mark under the first difference."""
        at = self._first()
        start = max(0, at - _WIDTH // 2) if max(len(self.expected), len(self.actual)) > _WIDTH else 0
        lines = [
            self.place,
            f"  expected  {_window(self.expected, start)}",
            f"  actual    {_window(self.actual, start)}",
        ]
        mark = " " * (at - start + (1 if start else 0)) + "^"
        if self.note:
            lines.append(f"  {self.note}")
        elif at:
            lines.append(f"            {mark} from character {at + 1} on")
        return lines

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def _first(self) -> int:
        pairs = enumerate(zip(self.expected, self.actual, strict=False))
        shorter = min(len(self.expected), len(self.actual))
        return next((at for at, (one, other) in pairs if one != other), shorter)


def shown(value: object) -> str:
    """Return `value` on one line, as JSON where it can be."""
    return json.dumps(value, ensure_ascii=False, default=repr)


def bytes_differ(place: str, expected: bytes, actual: bytes) -> Difference:
    """Return the difference of two byte strings with the offset of the first byte that differs."""
    shorter = min(len(expected), len(actual))
    at = next((n for n in range(shorter) if expected[n] != actual[n]), shorter)
    start = max(0, at - 30)
    cut = slice(start, start + 60)
    note = f"first difference at byte {at}; {len(expected)} bytes expected, {len(actual)} came"
    before, after = ("… " if start else ""), " …"
    return Difference(
        f"{place}, from byte {start} on",
        before + _escaped(expected[cut]) + (after if len(expected) > cut.stop else ""),
        before + _escaped(actual[cut]) + (after if len(actual) > cut.stop else ""),
        note,
    )


def _escaped(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace").encode("unicode_escape").decode("ascii")


def _window(text: str, start: int) -> str:
    before = "…" if start else ""
    return before + text[start : start + _WIDTH] + ("…" if len(text) > start + _WIDTH else "")
