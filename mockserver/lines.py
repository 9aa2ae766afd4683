"""The lines of a script: a play, and which requests it is meant for."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from mockserver.scenarios.origin import Origin
from mockserver.scenarios.play import Play, read, read_options
from mockserver.scenarios.scenario import ScenarioError, advice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_KEYS: Final = ("scenario", "options", "match")
_MATCHES: Final = ("endpoint", "model", "prompt", "parameters")


@dataclass(frozen=True, slots=True)
class Match:
    """Which requests a play is meant for; an empty one is meant for all."""

    endpoint: str | None = None
    """`generations`, `edits`, `variations`, `models` or `files`."""

    model: str | None = None
    prompt: str | None = None
    """Text that the prompt contains."""

    parameters: Mapping[str, object] = field(default_factory=dict)
    """Parameters and their values."""

    def fits(self, endpoint: str, parameters: Mapping[str, Any]) -> bool:
        """Return whether a request is meant."""
        return (
            self.endpoint in {None, endpoint}
            and self.model in {None, parameters.get("model")}
            and (self.prompt is None or self.prompt in str(parameters.get("prompt", "")))
            and all(_same(parameters.get(name), value) for name, value in self.parameters.items())
        )


def _same(sent: object, wanted: object) -> bool:
    """Return whether a parameter has a value; a form sends everything as text."""
    return sent == wanted or (isinstance(sent, str) and sent == str(wanted))


@dataclass(frozen=True, slots=True)
class Line:
    """One play of a script, with the requests that it is meant for."""

    number: int
    play: Play
    match: Match
    text: str
    """As it was asked for."""


def read_line(wanted: Mapping[str, Any]) -> tuple[Play, Match, str]:
    """Return what `{"scenario": …, "options": {…}, "match": {…}}` asks for: play, match, and its own words.

    Raises:
        ScenarioError: it is not understood.
    """
    _known(wanted, _KEYS, "key")
    text = wanted.get("scenario")
    if not isinstance(text, str):
        message = "scenario must name one, such as 429-slow-down; times=1"
        raise ScenarioError(message)
    play = read(text)
    options = wanted.get("options", {})
    if not isinstance(options, dict):
        message = "options must be an object, such as {times = 1}"
        raise ScenarioError(message)
    if options:
        play = Play(play.scenario, read_options(options))
    return play, _match(wanted.get("match", {})), text


def read_script(file: Path) -> list[tuple[Play, Match, str]]:
    """Return the lines of a script file: TOML tables `[[line]]` with scenario, options and match.

    Raises:
        ScenarioError: something in it is not understood; the text names file, line and the right spelling.
        OSError: it cannot be read.
    """
    try:
        text = file.read_text(encoding="utf-8")
        whole = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        message = f"{file}: {error}"
        raise ScenarioError(message) from None
    Origin(str(file), text).known(whole, ("line",), "table")
    tables = whole.get("line", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        Origin(str(file), text).refuse("line must be tables, each headed [[line]]", "line")
    found = []
    for table in tables:
        name = table.get("scenario")
        try:
            found.append(read_line(table))
        except ScenarioError as error:
            Origin(str(file), text, name if isinstance(name, str) else "").refuse(str(error))
    return found


def _match(wanted: object) -> Match:
    if not isinstance(wanted, dict):
        message = "match must be an object"
        raise ScenarioError(message)
    _known(wanted, _MATCHES, "match")
    for name in ("endpoint", "model", "prompt"):
        if not isinstance(wanted.get(name), str | None):
            message = f"match.{name} must be a string"
            raise ScenarioError(message)
    if not isinstance(wanted.get("parameters", {}), dict):
        message = "match.parameters must be an object"
        raise ScenarioError(message)
    return Match(**wanted)


def _known(table: Mapping[str, Any], names: tuple[str, ...], what: str) -> None:
    for name in table:
        if name not in names:
            message = f"unknown {what} {name!r}: {advice(name, names)}"
            raise ScenarioError(message)


def endpoint_of(path: str) -> str:
    """Return the endpoint that a path belongs to, in the words of the scenarios."""
    found = re.search(r"/(generations|edits|variations|models|files|private)(?=/|$)", path)
    return {"private": "pictures"}.get(found[1], found[1]) if found else "*"
