"""Where each key and value of a TOML text stands: the standard parser reads them, and tells no lines."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    Path = tuple[str | int, ...]
    """Keys and places in arrays, from the top: `("line", 0, "match", "model")`."""

_GAP: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_PART: Final = re.compile(r"""[ \t]*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[\w-]+)[ \t]*""", re.ASCII)
_PLAIN: Final = re.compile(
    r'''"""(?:\\.|[^\\])*?"{3,5}'''
    r"""|'''.*?'{3,5}"""
    r"""|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'"""
    r"""|[^,\[\]{}#\r\n]+""",
    re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))")
_ESCAPED: Final = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


def positions(text: str) -> Mapping[Path, int]:
    """Return the line, counted from 1, of every key, table, and member of an array.

    Args:
        text: what the standard parser has read without complaint; of anything else, what can be made out.
    """
    scanner = _Scanner(text)
    with contextlib.suppress(IndexError, RecursionError):  # what was found before still holds
        scanner.whole()
    return {path: text.count("\n", 0, place) + 1 for path, place in scanner.found.items()}


class _Scanner:
    """Walks through a text from beginning to end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.found: dict[Path, int] = {}
        self._members: dict[Path, int] = {}  # how many tables an array of tables has so far

    def whole(self) -> None:
        """Note everything."""
        table: Path = ()
        while self._after_gap():
            if self.text[self.place] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _after_gap(self) -> bool:
        """Go over blanks, line ends and comments; return whether something follows."""
        return self._over(_GAP) and self.place < len(self.text)

    def _over(self, pattern: re.Pattern[str]) -> bool:
        found = pattern.match(self.text, self.place)
        if found is None:
            raise IndexError
        self.place = found.end()
        return True

    def _key(self) -> list[tuple[str, int]]:
        """Go over a dotted key; return its parts and their places."""
        parts = []
        while True:
            found = _PART.match(self.text, self.place)
            if found is None:
                raise IndexError
            parts.append((_bare(found[1]), found.start(1)))
            self.place = found.end()
            if self.text[self.place] != ".":
                return parts
            self.place += 1

    def _header(self) -> Path:
        start = self.place
        array = self.text.startswith("[[", start)
        self.place += 1 + array
        path: Path = ()
        parts = self._key()
        for number, (part, _) in enumerate(parts, 1):
            path = (*path, part)
            last = number == len(parts)
            self.found.setdefault(path, start)
            if last and array:
                self._members[path] = self._members.get(path, 0) + 1
            if path in self._members:
                path = (*path, self._members[path] - 1)
                self.found.setdefault(path, start)
        self.place += 1 + array
        return path

    def _pair(self, table: Path) -> None:
        path = table
        for part, place in self._key():
            path = (*path, part)
            self.found.setdefault(path, place)
        self.place += 1  # the equals sign
        self._value(path)

    def _value(self, path: Path) -> None:
        self._after_gap()
        first = self.text[self.place]
        if first in "[{":
            self.place += 1
            self._several(path, "]" if first == "[" else "}")
        else:
            self._over(_PLAIN)

    def _several(self, path: Path, end: str) -> None:
        """Go over the members of an array, or the pairs of an inline table."""
        number = 0
        while self._after_gap() and self.text[self.place] != end:
            if self.text[self.place] == ",":
                self.place += 1
            elif end == "}":
                self._pair(path)
            else:
                self.found[*path, number] = self.place
                self._value((*path, number))
                number += 1
        self.place += 1


def _bare(part: str) -> str:
    """Return a part of a key without its quotes and escapes."""
    if part.startswith('"'):
        return _ESCAPE.sub(_character, part[1:-1])
    return part[1:-1] if part.startswith("'") else part


def _character(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(found[3], found[3])
