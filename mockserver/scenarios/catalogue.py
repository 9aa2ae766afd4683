"""All scenarios that come with the program, found by id or alias."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from mockserver import datafiles
from mockserver.scenarios.load import load
from mockserver.scenarios.scenario import ScenarioError, advice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mockserver.scenarios.scenario import Scenario


@cache
def scenarios() -> tuple[Scenario, ...]:
    """Return every scenario, topic by topic."""
    return tuple(load(datafiles.path("fixtures", "scenarios")))


def find(name: str) -> Scenario:
    """Return the scenario of an id or alias, in any case, with `_` or `-`.

    Raises:
        ScenarioError: there is none; the text names the nearest.
    """
    found = _names().get(_plain(name))
    if found is None:
        msg = f"no scenario {name!r}: {near(name)}"
        raise ScenarioError(msg)
    return found


def near(name: str) -> str:
    """Return which scenario may have been meant."""
    told = advice(name.strip().lower(), [each for one in scenarios() for each in (one.id, *one.aliases)])
    return told if told.startswith("did") else "`mockserver scenarios` lists them"


@cache
def _names() -> Mapping[str, Scenario]:
    return index(scenarios())


def index(every: Iterable[Scenario]) -> Mapping[str, Scenario]:
    """Return each scenario under its id and its aliases.

    Raises:
        ScenarioError: two have the same name.
    """
    names: dict[str, Scenario] = {}
    for scenario in every:
        for name in map(_plain, (scenario.id, *scenario.aliases)):
            if name in names:
                msg = f"{scenario.topic}.toml: {name!r} is the name of {names[name].id} and of {scenario.id}"
                raise ScenarioError(msg)
            names[name] = scenario
    return names


def _plain(name: str) -> str:
    return name.strip().lower().replace("_", "-")
