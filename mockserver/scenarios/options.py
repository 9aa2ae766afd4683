"""At which attempts of a request something is played: the same options through every door."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mockserver.scenarios.scenario import ScenarioError, advice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Options:
    """At which attempts it is played."""

    times: int | None = None
    """How often at most; None for always."""

    after: int = 0
    """Attempts that pass before it begins."""

    every: int = 1
    """It plays at every so-manieth attempt after those."""

    delay: float = 0.0
    """Seconds before whatever goes wrong."""

    probability: float = 1.0
    """Chance of each attempt, from 0 to 1."""

    seed: int | None = None
    """What chance is drawn from; None for the seed of whoever plays."""

    def seed_of(self, server: int) -> int:
        """Return what chance is drawn from on a server of that seed."""
        return server if self.seed is None else self.seed

    def comes(self, attempt: int, played: int = 0, request: str = "", seed: int = 0) -> bool:
        """Return whether its turn has come; same arguments, same answer.

        Args:
            attempt: how many attempts there were of the request, this one included.
            played: at how many of them it was played before.
            request: what tells the request from others; each draws its own luck.
            seed: that of the server.
        """
        turn = attempt - self.after
        if turn < 1 or turn % self.every or (self.times is not None and played >= self.times):
            return False
        return self.probability >= 1 or _chance(f"{self.seed_of(seed)}/{request}/{attempt}") < self.probability


def _chance(drawn_from: str) -> float:
    """Return a number from 0 up to 1 that always belongs to a text."""
    return int.from_bytes(hashlib.sha256(drawn_from.encode()).digest()[:7], "big") / (1 << 56)


def read_options(table: Mapping[str, object]) -> Options:
    """Return the options that a table holds.

    Raises:
        ScenarioError: one is unknown, or its value makes no sense.
    """
    return read_words(f"{name}={value}" for name, value in table.items())


def read_words(words: Iterable[str]) -> Options:
    """Return the options that words such as `times=2` ask for.

    Raises:
        ScenarioError: one is unknown or given twice, or its value makes no sense.
    """
    read: dict[str, int | float] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if name not in _READERS:
            msg = f"unknown option {name!r}: {advice(name, _READERS)}"
            raise ScenarioError(msg)
        if name in read:
            msg = f"the option {name} is given twice"
            raise ScenarioError(msg)
        reader, needed, example = _READERS[name]
        try:
            read[name] = reader(value if equals else "")
        except ValueError as error:
            msg = f"{word}: {name} must be {needed}, such as {name}={example}"
            raise ScenarioError(msg) from error
    return Options(**read)  # type: ignore[arg-type]  # each reader gives what its field holds


def _whole(least: int) -> Callable[[str], int]:
    def reader(text: str) -> int:
        number = int(text)
        if number < least:
            raise ValueError(text)
        return number

    return reader


def _number(most: float) -> Callable[[str], float]:
    def reader(text: str) -> float:
        number = float(text)
        if not 0 <= number <= most:
            raise ValueError(text)
        return number

    return reader


_DAY: Final = 86_400.0

_READERS: Final[Mapping[str, tuple[Callable[[str], int | float], str, str]]] = {
    "times": (_whole(1), "a whole number from 1", "2"),
    "after": (_whole(0), "a whole number from 0", "1"),
    "every": (_whole(1), "a whole number from 1", "3"),
    "delay": (_number(_DAY), "seconds, from 0 to a day", "0.5"),
    "probability": (_number(1.0), "a number from 0 to 1", "0.2"),
    "seed": (int, "a whole number", "7"),
}
"""Each option's reader, what it takes in words, and an example."""

OPTIONS: Final = tuple(_READERS)
"""What may be asked for."""
