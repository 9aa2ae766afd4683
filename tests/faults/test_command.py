"""`mockserver scenarios`: the catalogue as people see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from mockserver.cli.scenarios import command
from mockserver.scenarios.catalogue import scenarios

if TYPE_CHECKING:
    from mockserver.scenarios.scenario import Scenario


def shown(*arguments: str) -> str:
    """Return what the command prints."""
    done = CliRunner().invoke(command, arguments)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_command_lists_all_by_topic() -> None:
    """Each on one line, with its short names."""
    told = shown()
    for each in scenarios():
        assert f"  {each.id} " in told
    assert "rate_limit" in told
    assert f"{len(scenarios())} scenarios." in told


def test_the_list_can_be_narrowed() -> None:
    """By a word; none found is said."""
    assert "\n2 scenarios." in shown("-k", "completed event comes")
    assert "no scenario holds 'xyzzy'" in CliRunner().invoke(command, ["-k", "xyzzy"]).output


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda each: each.id)
def test_one_scenario_is_explained(scenario: Scenario) -> None:
    """What it is, where it was seen, what a client does, and a curl line that meets it."""
    told = shown("show", scenario.id)
    line = told.rstrip().splitlines()[-1]
    assert scenario.client.advice.split()[0] in told
    assert scenario.seen.sources[-1] in " ".join(told.split())
    assert line.startswith(f'curl -siN -H "X-Mock-Scenario: {scenario.id}" ')
    assert "http://127.0.0.1:8080/" in line
    assert ('"stream": true' in line) is (scenario.streams is True)


def test_an_unknown_scenario_is_a_mistake_of_the_line() -> None:
    """With the nearest."""
    done = CliRunner().invoke(command, ["show", "rate_limt"])
    assert done.exit_code == 2
    assert "did you mean 'rate_limit'?" in done.output
