"""`mockserver scenarios`: the catalogue of edge cases, as a person wants to see it."""

from __future__ import annotations

import textwrap
from dataclasses import fields
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, cast

import click

from mockserver import datafiles
from mockserver.cli.help import HELP_OPTION
from mockserver.faults.places import Place
from mockserver.faults.refuse import Refuse
from mockserver.faults.scene import Scene
from mockserver.faults.table import FAULTS
from mockserver.models import MODELS
from mockserver.scenarios.catalogue import find, scenarios
from mockserver.scenarios.scenario import Scenario, ScenarioError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.faults.fault import Fault
    from mockserver.scenarios.scenario import Client, Step

SERVER: Final = "http://127.0.0.1:8080"
"""Where the server listens unless told otherwise."""

_NAMES: Final = {kind: name for name, kind in FAULTS.items()}
_MARGIN: Final = 16
_WIDTH: Final = 100


@click.group("scenarios", invoke_without_command=True, context_settings=HELP_OPTION)
@click.option("-k", "word", metavar="WORD", default="", help="Only those whose name or description holds the word.")
@click.pass_context
def command(context: click.Context, word: str) -> None:
    """List the edge cases that can be had by name; `show ID` explains one, `script` shows how a file plays several."""
    if context.invoked_subcommand is None:
        chosen = [each for each in scenarios() if word.lower() in _searched(each)]
        if not chosen:
            msg = f"no scenario holds {word!r}: without -k all are listed"
            raise click.UsageError(msg)
        for line in table(chosen):
            click.echo(line)


@command.command("show", context_settings=HELP_OPTION)
@click.argument("name", metavar="ID")
def show(name: str) -> None:
    """Explain one scenario: what it is, who saw it, what a client should do, and how to have it."""
    try:
        scenario = find(name)
    except ScenarioError as error:
        raise click.UsageError(str(error)) from error
    for line in explained(scenario):
        click.echo(line)


@command.command("script", context_settings=HELP_OPTION)
def script() -> None:
    """Write a script file to begin with.

    It shows every key that there is, and works with `mockserver --script FILE --watch`.
    """
    click.echo(datafiles.path("fixtures", "script.toml").read_text("utf-8"), nl=False)


def _searched(scenario: Scenario) -> str:
    return " ".join((scenario.id, *scenario.aliases, scenario.about, scenario.topic)).lower()


def table(chosen: list[Scenario]) -> Iterator[str]:
    """Give the lines of a list, topic by topic."""
    column = max(len(each.id) for each in chosen) + 2
    for topic, group in groupby(chosen, lambda each: each.topic):
        yield topic
        for each in group:
            names = f"  [{', '.join(each.aliases)}]" if each.aliases else ""
            yield f"  {each.id:<{column}}{each.about}{names}"
    yield ""
    yield f"{len(chosen)} scenarios. One in full: mockserver scenarios show {chosen[0].id}"


def explained(scenario: Scenario) -> Iterator[str]:
    """Give the lines that explain one scenario."""
    yield scenario.id
    yield from _row("", scenario.about)
    yield ""
    if scenario.aliases:
        yield from _row("also", ", ".join(scenario.aliases))
    yield from _row("where", _places(scenario))
    yield from _row("seen", f"{scenario.seen.observed or 'no date'}, {scenario.seen.confidence}")
    for source in scenario.seen.sources:
        yield from _row("", source)
    for number, step in enumerate(scenario.steps, 1):
        yield from _row(f"attempt {number}" if len(scenario.steps) > 1 else "happens", _told(step))
    yield from _client(scenario.client)
    yield ""
    yield from _reply(scenario)
    yield curl(scenario)


def _row(label: str, text: str) -> Iterator[str]:
    lines = textwrap.wrap(text, _WIDTH - _MARGIN, break_long_words=False, break_on_hyphens=False) or [""]
    for number, line in enumerate(lines):
        yield f"{'' if number else label:<{_MARGIN}}{line}".rstrip()


def _places(scenario: Scenario) -> str:
    places = "anywhere" if "*" in scenario.endpoints else ", ".join(scenario.endpoints)
    models = f"; seen with {', '.join(scenario.models)}" if scenario.models else ""
    return f"{places}{_STREAMS[scenario.streams]}{models}"


_STREAMS: Final = {None: "", True: ", streams only", False: ", but not streams"}


def _told(step: Step) -> str:
    return ", then inside it ".join(map(_fault, step)) or "nothing: it succeeds"


def _fault(fault: Fault) -> str:
    """Return a fault as it stands in TOML, without what is too long to show here."""
    settings = [
        f"{field.name} = {_value(getattr(fault, field.name))}"
        for field in fields(cast("Any", fault))
        if getattr(fault, field.name) != field.default and field.name not in {"body", "frame", "headers"}
    ]
    return " ".join([_NAMES[type(fault)], *settings])


def _value(value: object) -> str:
    if isinstance(value, Place):
        return value.where if value.count is None else f"{value.where} {value.count}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _client(client: Client) -> Iterator[str]:
    yield ""
    yield from _row("a good client", client.advice)
    yield from _row("", f"retry: {'may help' if client.may_retry else 'no'}{_pause(client)}")
    yield from _row("openai-python", _outcome(client.python, client.attempts))
    yield from _row("openai-node", _outcome(client.node, client.node_attempts))


def _pause(client: Client) -> str:
    return "" if client.waits is None else f", {client.waits:g} s are asked for"


def _outcome(error: str | None, attempts: int) -> str:
    return f"{error or 'no error'}, {attempts} request{'s' if attempts > 1 else ''}"


def _reply(scenario: Scenario) -> Iterator[str]:
    """Give the reply as it would come, where the scenario sends one of its own."""
    refusal = next((fault for fault in scenario.steps[0] if isinstance(fault, Refuse)), None)
    if refusal is not None:
        reply = refusal.reply(Scene(model=_model(scenario)))
        yield f"HTTP/1.1 {reply.status} {refusal.reason}".rstrip()
        yield from (f"{name}: {value}" for name, value in refusal.headers if value)
        yield ""
        yield from reply.body.decode().removeprefix("\ufeff").splitlines()
        yield ""


def curl(scenario: Scenario) -> str:
    """Return a command that meets the scenario on a server with the default settings."""
    asked = ("generations", *scenario.endpoints) if "*" in scenario.endpoints else scenario.endpoints
    endpoint = next(name for name in _REQUESTS if name in asked)
    head = f'curl -siN -H "X-Mock-Scenario: {scenario.id}" -H "Authorization: Bearer sk-mock"'
    return f"{head} {_REQUESTS[endpoint].format(server=SERVER, model=_model(scenario), more=_MORE[scenario.streams])}"


_MORE: Final = {None: "", False: "", True: ', "stream": true, "partial_images": 2'}
_JSON: Final = """ -H "Content-Type: application/json" -d '{{"model": "{model}", "prompt": "a dot"{more}}}'"""
_REQUESTS: Final = {
    "generations": "{server}/v1/images/generations" + _JSON,
    "edits": '{server}/v1/images/edits -F model={model} -F prompt="a hat" -F image=@picture.png',
    "variations": "{server}/v1/images/variations -F model=dall-e-2 -F image=@picture.png",
    "models": "{server}/v1/models/fake_id",
    "files": "{server}/v1/files/fake_id",
    "pictures": "{server}/private/org-a/user-b/img-c.png",
}
"""What is asked of each endpoint."""


def _model(scenario: Scenario) -> str:
    return next((name for name in scenario.models if name in MODELS), "gpt-image-1")
