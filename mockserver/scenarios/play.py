"""Asking for a scenario: one spelling for every door, and whether it plays at an attempt."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from mockserver.faults.delay import Delay
from mockserver.scenarios.catalogue import find
from mockserver.scenarios.scenario import ScenarioError, advice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mockserver.scenarios.scenario import Scenario, Step

KEY_PREFIX: Final = "sk-mock-"
"""What an API key begins with that names a scenario."""

_TAG: Final = re.compile(r"\[mock:([^\]\n]{1,200})\]")
_BETWEEN: Final = re.compile(r"[;,\s]+")


@dataclass(frozen=True, slots=True)
class Options:
    """At which attempts a scenario plays."""

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


@dataclass(frozen=True, slots=True)
class Play:
    """A scenario, and at which attempts it plays."""

    scenario: Scenario
    options: Options = field(default_factory=Options)

    def faults(self, attempt: int, seed: int = 0) -> Step | None:
        """Return what goes wrong at the `attempt`th attempt, counted from 1; None where it does not play.

        An attempt at which it plays may still be one that succeeds, as the third of a scenario that fails twice.
        """
        if not plays(self.options, attempt, seed):
            return None
        step = self.scenario.step(_played(self.options, attempt, seed))
        return (Delay(self.options.delay), *step) if self.options.delay else step


def plays(options: Options, attempt: int, seed: int = 0) -> bool:
    """Return whether a scenario plays at the `attempt`th attempt, counted from 1; same arguments, same answer."""
    if not _drawn(options, attempt, seed):
        return False
    return options.times is None or _played(options, attempt, seed) <= options.times


def _drawn(options: Options, attempt: int, seed: int) -> bool:
    """Return whether an attempt's turn has come, however often it came before."""
    turn = attempt - options.after
    if turn < 1 or turn % options.every:
        return False
    return options.probability >= 1 or _chance(seed if options.seed is None else options.seed, attempt) < (
        options.probability
    )


def _played(options: Options, attempt: int, seed: int) -> int:
    """Return at how many attempts its turn came, this one included."""
    if options.probability >= 1:
        return (attempt - options.after) // options.every
    return sum(_drawn(options, each, seed) for each in range(options.after + 1, attempt + 1))


def _chance(seed: int, attempt: int) -> float:
    """Return a number from 0 up to 1 that always belongs to a seed and an attempt."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{attempt}".encode()).digest()[:7], "big") / (1 << 56)


def read(text: str) -> Play:
    """Return what a door was told: `429-slow-down; times=1`, also as `[mock:…]` or as a key `sk-mock-…`.

    Raises:
        ScenarioError: the scenario or an option is unknown, or a value makes no sense.
    """
    bare = text.strip().removeprefix("[mock:").removesuffix("]").removeprefix(KEY_PREFIX)
    name, *words = _BETWEEN.split(bare.strip(" ;,"))
    if not name:
        msg = "no scenario is named: write its id, and options behind it, such as 429-slow-down; times=1"
        raise ScenarioError(msg)
    return Play(find(name), _options(words))


def in_prompt(prompt: str) -> Play | None:
    """Return what a tag `[mock:…]` in a prompt asks for; None where there is no tag.

    Raises:
        ScenarioError: there is one that cannot be understood.
    """
    found = _TAG.search(prompt)
    return read(found[1]) if found else None


def in_key(key: str) -> Play | None:
    """Return what an API key `sk-mock-…` asks for; None for other keys.

    Raises:
        ScenarioError: it names no scenario.
    """
    return read(key) if key.startswith(KEY_PREFIX) else None


def read_options(table: Mapping[str, object]) -> Options:
    """Return the options that a table of a script or of the control API holds.

    Raises:
        ScenarioError: one is unknown, or its value makes no sense.
    """
    return _options([f"{name}={value}" for name, value in table.items()])


def _options(words: list[str]) -> Options:
    read_values: dict[str, int | float] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if name not in _READERS:
            msg = f"unknown option {name!r}: {advice(name, _READERS)}"
            raise ScenarioError(msg)
        if name in read_values:
            msg = f"the option {name} is given twice"
            raise ScenarioError(msg)
        reader, needed = _READERS[name]
        try:
            read_values[name] = reader(value if equals else "")
        except ValueError as error:
            msg = f"{word}: {name} must be {needed}, such as {name}={_EXAMPLES[name]}"
            raise ScenarioError(msg) from error
    return Options(**read_values)  # type: ignore[arg-type]  # each reader gives what its field holds


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

_READERS: Final[Mapping[str, tuple[Callable[[str], int | float], str]]] = {
    "times": (_whole(1), "a whole number from 1"),
    "after": (_whole(0), "a whole number from 0"),
    "every": (_whole(1), "a whole number from 1"),
    "delay": (_number(_DAY), "seconds, from 0 to a day"),
    "probability": (_number(1.0), "a number from 0 to 1"),
    "seed": (int, "a whole number"),
}
_EXAMPLES: Final = {"times": "2", "after": "1", "every": "3", "delay": "0.5", "probability": "0.2", "seed": "7"}
