"""Where in a file something stands, so that what is wrong with it can be found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from mockserver.scenarios.scenario import ScenarioError, advice

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True, slots=True)
class Origin:
    """A part of a TOML file; the parser tells no lines, so they are looked up in the text."""

    file: str
    text: str

    anchor: str = ""
    """A string, as the value of a key, near which the part begins; empty for the top of the file."""

    def refuse(self, message: str, word: str = "") -> NoReturn:
        """Say what is wrong with `word`, a key or a value of this part.

        Raises:
            ScenarioError: always.
        """
        line = self._line(word)
        where = f"{self.file}:{line}" if line else self.file
        named = f"{self.anchor}: " if self.anchor else ""
        msg = f"{where}: {named}{message}"
        raise ScenarioError(msg)

    def known(self, words: Collection[str], right: Collection[str], what: str = "key") -> None:
        """Return when all words are among the right ones.

        Raises:
            ScenarioError: one is not.
        """
        for word in words:
            if word not in right:
                self.refuse(f"unknown {what} {word!r}: {advice(word, right)}", word)

    def _line(self, word: str) -> int:
        """Return the line of `word` behind the anchor, else that of the anchor; 0 where neither is found."""
        start = self._find(re.compile(rf"""=\s*["']{re.escape(self.anchor)}["']"""), 0) if self.anchor else 0
        spelled = re.compile(rf"""(?<![\w-])["']?{re.escape(word)}["']?(?![\w-])""")
        place = self._find(spelled, max(start, 0)) if word else start
        found = max(place, start)
        return self.text.count("\n", 0, found) + 1 if found >= 0 and (word or self.anchor) else 0

    def _find(self, pattern: re.Pattern[str], start: int) -> int:
        found = pattern.search(self.text, start)
        return found.start() if found else -1
