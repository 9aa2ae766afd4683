r"""Patterns of texts: a plain one is found as it stands, one between slashes is a regular expression.

An expression can take for ever on a text that somebody else wrote. So its worst case is worked out before it is
tried, by counting the ways in which it could match, and one that is too slow is refused: `/(a+)+$/` always is,
`/\d+ cats/` only on very long texts.
"""

from __future__ import annotations

import importlib
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

LONGEST: Final = 500
"""Characters of a pattern at most."""

MOST_STEPS: Final = 1e9
"""Steps of the worst case of one search over all its texts; a few seconds, which only a hostile text makes it take."""


class QueryError(ValueError):
    """A question that cannot be asked; its text is made for the person who asked."""


@dataclass(slots=True)
class Steps:
    """What is left of the worst case that one search may have."""

    left: float = MOST_STEPS


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text to look for."""

    text: str
    pieces: tuple[re.Pattern[str], ...] = ()
    """What must be found one after the other; empty for a plain text."""

    trees: tuple[Any, ...] = ()
    """The same, parsed."""

    def found_in(self, text: str, steps: Steps, *, whole: bool) -> bool:
        """Return whether it is found.

        Args:
            text: any text, of any length.
            steps: what the search may still cost.
            whole: whether a plain text must be all of `text`, instead of a part.

        Raises:
            QueryError: finding out may take too long.
        """
        if not self.pieces:
            return self.text == text if whole else self.text in text
        steps.left -= self.worst(len(text))
        if steps.left < 0:
            message = f"/{self.text}/ may take too long here: use fewer open repeats, or other filters beside it"
            raise QueryError(message)
        place = 0
        for piece in self.pieces:
            found = piece.search(text, place)
            if found is None:
                return False
            place = found.end()
        return True

    def worst(self, length: int) -> float:
        """Return the steps that a text of so many characters takes at most; 0 for a plain text."""
        return sum(length * _ways(tree, max(length, 1)) for tree in self.trees)


def pattern(text: str) -> Pattern:
    """Read a pattern: `/…/` is a regular expression in which `.` also matches line breaks.

    Raises:
        QueryError: it is too long, or no regular expression.
    """
    if len(text) > LONGEST:
        message = f"a pattern has {LONGEST} characters at most, this one has {len(text)}"
        raise QueryError(message)
    if len(text) < 3 or not (text.startswith("/") and text.endswith("/")):  # noqa: PLR2004 - two slashes and something
        return Pattern(text)
    inner = text[1:-1]
    sources = _apart(inner)
    try:
        pieces = tuple(re.compile(source, re.DOTALL) for source in sources)
        parser = importlib.import_module("re._parser")  # the only place where Python shows how it reads a pattern
        trees = tuple(parser.parse(source, re.DOTALL) for source in sources)
    except (re.error, OverflowError, RecursionError) as error:
        message = f"{text} is no regular expression: {error}"
        raise QueryError(message) from None
    return Pattern(inner, pieces, trees)


def _apart(source: str) -> list[str]:
    """Return what stands between the `.*` of a pattern: each search for the next piece is then quick."""
    if re.search(r"[(|\[\\^$]|\.\*[+*{?]", source):
        return [source]
    return [piece for piece in source.split(".*") if piece] or [source]


def _ways(tree: Any, length: int) -> float:  # noqa: ANN401 - the parser's own tree, which has no public type
    """Return in how many ways a pattern could be tried at one place of a text, at most."""
    return math.prod(max(_ways_of(str(operation), argument, length), 1.0) for operation, argument in tree)


def _ways_of(operation: str, argument: Any, length: int) -> float:  # noqa: ANN401 - as above
    if operation.endswith("_REPEAT"):
        least, most, inside = argument
        return _repeated(_ways(inside, length), int(least), min(int(most), length))
    if operation in _BRANCHES:
        return sum(_ways(branch, length) for branch in _BRANCHES[operation](argument) if branch is not None)
    return float(length) if operation == "GROUPREF" else 1.0


_BRANCHES: Final[Mapping[str, Callable[[Any], Sequence[Any]]]] = {
    "BRANCH": lambda argument: argument[1],
    "SUBPATTERN": lambda argument: argument[-1:],
    "ATOMIC_GROUP": lambda argument: (argument,),
    "ASSERT": lambda argument: argument[1:],
    "ASSERT_NOT": lambda argument: argument[1:],
    "GROUPREF_EXISTS": lambda argument: argument[1:],
}
"""What has patterns inside, and where the parser keeps them."""


def _repeated(inside: float, least: int, most: int) -> float:
    """Return the ways of a repeat: one for each count, times those of what is repeated as often."""
    if inside <= 1.0:
        return most - least + 1.0
    steps = most * math.log10(inside)
    return math.inf if steps > 30 else (most - least + 1.0) * inside**most  # noqa: PLR2004 - more than any budget
