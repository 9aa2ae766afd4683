"""What is to go wrong, act by act, and one spelling to ask for it through every door."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from mockserver.faults.delay import Delay
from mockserver.request_head import SCENARIO_KEY
from mockserver.scenarios.catalogue import find
from mockserver.scenarios.options import Options, read_words
from mockserver.scenarios.scenario import ScenarioError

if TYPE_CHECKING:
    from mockserver.scenarios.scenario import Scenario, Step

KEY_PREFIX: Final = SCENARIO_KEY.decode()
"""What an API key begins with that names a scenario."""

_TAG: Final = re.compile(r"\[mock:([^\]\n]{1,200})\]")
_BETWEEN: Final = re.compile(r"[;,\s]+")


@dataclass(slots=True)
class Count:
    """How often one request was attempted, and at how many attempts something was played."""

    attempts: int = 0
    played: int = 0


@dataclass(frozen=True, slots=True)
class Act:
    """What happens at one attempt."""

    scenario: Scenario | None
    """Whose step it is; None for faults that belong to none."""

    faults: Step
    """Empty where the request succeeds."""

    def happens(self, endpoint: str, *, streams: bool) -> bool:
        """Return whether it can be seen in a reply of `endpoint`."""
        return self.scenario is None or self.scenario.happens(endpoint, streams=streams)


@dataclass(frozen=True, slots=True)
class Play:
    """Acts in their order, and the attempts at which they are played."""

    acts: tuple[Act, ...]
    options: Options = field(default_factory=Options)

    rounds: int = 1
    """How often all acts are played, one after another."""

    lasting: int = 0
    """How many of the last acts are then repeated for ever."""

    @classmethod
    def of(cls, scenario: Scenario, options: Options | None = None) -> Play:
        """Return the play of a scenario, whose last step is repeated."""
        return cls(tuple(Act(scenario, step) for step in scenario.steps), options or Options(), lasting=1)

    @property
    def name(self) -> str:
        """What is played, in a few words."""
        names = (each.scenario.id if each.scenario else "faults" if each.faults else "success" for each in self.acts)
        return ", ".join(dict.fromkeys(names))

    def act(self, count: Count, request: str = "", seed: int = 0) -> Act | None:
        """Count an attempt, and return what happens at it; None where nothing is played.

        Args:
            count: that of the request.
            request: what tells the request from others.
            seed: that of the server.
        """
        count.attempts += 1
        if not self.options.comes(count.attempts, count.played, request, seed):
            return None
        act = self._act(count.played)
        if act is None:
            return None
        count.played += 1
        return Act(act.scenario, (Delay(self.options.delay), *act.faults)) if self.options.delay else act

    def _act(self, turn: int) -> Act | None:
        """Return the act of a turn, counted from 0; None after the last one."""
        beyond = turn - len(self.acts) * self.rounds
        if beyond < 0:
            return self.acts[turn % len(self.acts)]
        return self.acts[beyond % self.lasting - self.lasting] if self.lasting else None


def read(text: str) -> Play:
    """Return what a door was told: `429-slow-down; times=1`, also as `[mock:…]` or as a key `sk-mock-…`.

    Raises:
        ScenarioError: the scenario or an option is unknown, or a value makes no sense.
    """
    scenario, words = named(text)
    return Play.of(scenario, read_words(words))


def named(text: str) -> tuple[Scenario, list[str]]:
    """Return the scenario that a text names, and the words behind it.

    Raises:
        ScenarioError: it names none.
    """
    bare = text.strip().removeprefix("[mock:").removesuffix("]").removeprefix(KEY_PREFIX)
    name, *words = _BETWEEN.split(bare.strip(" ;,"))
    if not name:
        msg = "no scenario is named: write its id, and options behind it, such as 429-slow-down; times=1"
        raise ScenarioError(msg)
    return find(name), words


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
