"""The lines of a script: a play, and which requests it is meant for."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mockserver.match import Match, read_match
from mockserver.scenarios.options import OPTIONS, read_words
from mockserver.scenarios.origin import Origin, parse
from mockserver.scenarios.play import Act, Play, named
from mockserver.scenarios.scenario import ScenarioError
from mockserver.scenarios.steps import read_step

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mockserver.scenarios.options import Options

KEYS: Final = ("scenario", "steps", "repeat", "options", "match")
"""What a line may hold."""

_MOST_ROUNDS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """One play of a script, with the requests that it is meant for."""

    play: Play
    match: Match

    wanted: Mapping[str, Any]
    """As it was asked for."""

    @property
    def text(self) -> str:
        """The same in one spelling, by which two versions of a line are told apart."""
        return json.dumps(self.wanted, sort_keys=True)


def read_line(wanted: Mapping[str, Any], origin: Origin | None = None) -> Line:
    """Return what a table asks for: `scenario`, or `steps` with `repeat`, and `options` and `match`.

    Args:
        wanted: as it stands in a file, in JSON or in the arguments of a method.
        origin: where it stands; None for nowhere that has lines.

    Raises:
        ScenarioError: it is not understood.
    """
    place = origin or Origin()
    place.known(wanted, KEYS)
    if ("scenario" in wanted) == ("steps" in wanted):
        place.refuse('one of scenario and steps must say what goes wrong, such as scenario = "429-slow-down; times=1"')
    play = _scenario(wanted, place) if "scenario" in wanted else _steps(wanted, place)
    return Line(play, read_match(wanted.get("match", {}), place.at("match")), wanted)


def read_script(file: Path) -> list[Line]:
    """Return the lines of a script file, its TOML tables `[[line]]`.

    Raises:
        ScenarioError: something in it is not understood; the text names file, line and the right spelling.
        OSError: it cannot be read.
    """
    whole, text = parse(str(file), file.read_bytes())
    origin = Origin(str(file), text)
    origin.known(whole, ("line",), "table")
    tables = whole.get("line", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        origin.at("line").refuse("line must be tables, each headed [[line]]")
    return [read_line(table, origin.at("line", number)) for number, table in enumerate(tables)]


def _scenario(wanted: Mapping[str, Any], origin: Origin) -> Play:
    if "repeat" in wanted:
        origin.at("repeat").refuse("repeat belongs to steps; how often a scenario plays is told by options.times")
    place = origin.at("scenario")
    if not isinstance(wanted["scenario"], str):
        place.refuse("scenario must name one, such as 429-slow-down; times=1")
    try:
        scenario, words = named(wanted["scenario"])
        read_words(words)
    except ScenarioError as error:
        place.refuse(str(error))
    return Play.of(scenario, _options(wanted, origin.at("options"), words))


def _steps(wanted: Mapping[str, Any], origin: Origin) -> Play:
    steps, place = wanted["steps"], origin.at("steps")
    if not isinstance(steps, list) or not steps:
        place.refuse(
            'steps must be a list, such as ["503-overloaded", [], "conn-reset"]: a scenario, or faults, for each'
        )
    acts = [act for number, step in enumerate(steps) for act in _acts(step, place.at(number))]
    options = _options(wanted, origin.at("options"), [])
    return Play(tuple(acts), options, *_rounds(wanted.get("repeat", 1), len(acts), origin.at("repeat")))


def _acts(step: object, origin: Origin) -> list[Act]:
    """Return the acts of one step: those of a scenario, or faults that work together."""
    if isinstance(step, list | dict):
        tables = step if isinstance(step, list) else [step]
        return [Act(None, read_step(tables, origin))]
    if not isinstance(step, str):
        origin.refuse("a step is the name of a scenario, a list of faults, or [] for a success")
    try:
        scenario, words = named(step)
    except ScenarioError as error:
        origin.refuse(str(error))
    if words:
        origin.refuse(f"a step names a scenario alone: {' '.join(words)} belongs to the options of the line")
    return [Act(scenario, faults) for faults in scenario.steps]


def _rounds(value: object, count: int, origin: Origin) -> tuple[int, int]:
    """Return how often all acts are played, and how many of the last are then repeated for ever."""
    if isinstance(value, str) and value in {"forever", "last"}:
        return 1, count if value == "forever" else 1
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _MOST_ROUNDS:
        origin.refuse(
            'repeat must be how often the steps are played, from 1, or "forever", or "last" for the last step'
        )
    return value, 0


def _options(wanted: Mapping[str, Any], origin: Origin, words: list[str]) -> Options:
    """Return the options of a table, and of the words behind a scenario's name."""
    table = wanted.get("options", {})
    if not isinstance(table, dict):
        origin.refuse("options must be a table, such as { times = 1 }")
    origin.known(table, OPTIONS, "option")
    for name, value in table.items():
        try:
            read_words([*words, f"{name}={value}"])
        except ScenarioError as error:
            origin.at(name).refuse(str(error))
    return read_words([*words, *(f"{name}={value}" for name, value in table.items())])


def endpoint_of(path: str) -> str:
    """Return the endpoint that a path belongs to, in the words of the scenarios."""
    found = re.search(r"/(generations|edits|variations|models|files|private)(?=/|$)", path)
    return {"private": "pictures"}.get(found[1], found[1]) if found else "*"
