"""Where something stands that a person wrote, so that what is wrong with it can be found."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NoReturn

from mockserver.scenarios.positions import positions
from mockserver.scenarios.scenario import ScenarioError, advice

if TYPE_CHECKING:
    from collections.abc import Collection

_AT: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(frozen=True, slots=True)
class Origin:
    """A part of a TOML file, or of what came by another way."""

    file: str = ""
    """Name of the file; empty where there is none."""

    text: str = ""
    """All of the file."""

    anchor: str = ""
    """Whom a sentence about this part begins with; empty for nobody."""

    path: tuple[str | int, ...] = ()
    """Keys and places in arrays that lead here from the top."""

    def at(self, *steps: str | int) -> Origin:
        """Return what lies further in: keys of tables, places in arrays."""
        return replace(self, path=(*self.path, *steps))

    def refuse(self, message: str) -> NoReturn:
        """Say what is wrong here, with file and line.

        Raises:
            ScenarioError: always.
        """
        named = f"{self.anchor}: " if self.anchor else ""
        place = f"{self.file}:{self._line()}: " if self.file else ""
        told = message.replace("\n", "\\n")  # a pattern of several lines is told in one
        msg = f"{place}{named}{told}"
        raise ScenarioError(msg)

    def known(self, words: Collection[Any], right: Collection[str], what: str = "key") -> None:
        """Return when all keys of a table, or members of an array, are among the right ones.

        Raises:
            ScenarioError: one is not.
        """
        for number, word in enumerate(words):
            if word not in right:
                step = word if isinstance(words, Mapping) else number
                self.at(step).refuse(f"unknown {what} {word!r}: {advice(str(word), right)}")

    def _line(self) -> int:
        """Return the line of this part, or of what it is missing from."""
        lines = positions(self.text)
        ways = (self.path[:length] for length in range(len(self.path), 0, -1))
        return next((lines[way] for way in ways if way in lines), 1)


def parse(file: str, text: bytes) -> tuple[dict[str, Any], str]:
    """Return what a TOML file holds, and its text.

    Raises:
        ScenarioError: it is not TOML in UTF-8.
    """
    try:
        read = text.decode()
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        msg = f"{file}:{line}: not UTF-8: the byte 0x{text[error.start]:02x} begins no character"
        raise ScenarioError(msg) from None
    try:
        return tomllib.loads(read), read
    except tomllib.TOMLDecodeError as error:
        found = _AT.search(str(error))
        line = int(found[1]) if found and found[1] else read.rstrip("\n").count("\n") + 1
        msg = f"{file}:{line}: not TOML: {_AT.sub('', str(error))}"
        raise ScenarioError(msg) from None
    except (RecursionError, ValueError) as error:  # too deep, or an integer of too many digits
        msg = f"{file}: not TOML that can be read: {error}"
        raise ScenarioError(msg) from None
