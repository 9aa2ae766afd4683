"""`mockserver certify` with clients: what it runs, what it says of those that it cannot run."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.cli import main

if TYPE_CHECKING:
    from collections.abc import Sequence

CLIENTS = Path(__file__).parent.parent / "clients"
RIGHT = shlex.join([sys.executable, str(CLIENTS / "right.py")])
FEW = ("--examples", "2")


def faulty(fault: str) -> str:
    """Return the command of a client with one fault."""
    return shlex.join([sys.executable, str(CLIENTS / "faulty.py"), fault])


def certify(*arguments: str | Path) -> int:
    """Run the command as a shell would."""
    return main(["certify", *map(str, arguments)])


def kept(path: Path) -> list[dict[str, Any]]:
    """Return the certificates of a document."""
    found: list[dict[str, Any]] = json.loads(path.read_text())["certificates"]
    return found


def test_a_right_client_is_told_to_be_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With status 0; progress is for terminals."""
    status = certify("--client-cmd", RIGHT, "--only", "*.generate", *FEW, "--json", tmp_path / "out.json")

    (client,) = kept(tmp_path / "out.json")
    assert [(cell["behaviour"], cell["verdict"]) for cell in client["cells"]] == [
        ("sends.generate", "pass"),
        ("returns.generate", "pass"),
    ]
    said = capsys.readouterr()
    assert status == 0
    assert said.err == ""
    assert "100 %" in said.out


def test_a_faulty_client_fails_with_a_command_that_shows_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Which is the one that was typed, for this behaviour alone."""
    status = certify("--client-cmd", faulty("drops-a-field"), "--only", "sends.generate", *FEW, "--seed", "7", "-v")

    said = capsys.readouterr().out
    again = shlex.join(["mockserver", "certify", "--client-cmd", faulty("drops-a-field")])
    assert status == 1
    assert "✗ dropped" in said
    assert f"replay    {again} --only sends.generate --seed 7" in said


def test_a_failure_of_the_catalogue_is_played(capsys: pytest.CaptureFixture[str]) -> None:
    """And judged by what passed on the wire."""
    assert certify("--client-cmd", RIGHT, "--only", "fails.503-overloaded.once") == 0

    assert "server" in capsys.readouterr().out


def test_what_is_known_can_be_allowed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With a reason, which is shown."""
    rows = tmp_path / "known.toml"
    rows.write_text('[[allowance]]\nbehaviours = "sends.*"\nrule = "dropped"\nreason = "it chooses for itself"\n')
    status = certify("--client-cmd", faulty("drops-a-field"), "--only", "sends.generate", *FEW, "--allow", rows)

    assert status == 0
    assert "it chooses for itself" in capsys.readouterr().out


def test_a_client_that_cannot_be_run_does_not_stop_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its trouble is told, and the status is 2."""
    both = ("--client-cmd", f"{sys.executable} -c pass", "--client-cmd", RIGHT)
    status = certify(*both, "--only", "sends.vary", *FEW, "--json", tmp_path / "out.json")

    assert status == 2
    assert len(kept(tmp_path / "out.json")) == 1
    assert "it ended with status 0 before it said hello" in capsys.readouterr().err


def test_what_a_client_says_cannot_move_the_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    """Its last words are shown, and nothing more."""
    says = "import sys; sys.exit('\\x1b[2Jgone')"
    certify("--client-cmd", shlex.join([sys.executable, "-c", says]), "--only", "sends.vary")

    said = capsys.readouterr().err
    assert "gone" in said
    assert "\x1b" not in said


MISTAKES: dict[str, tuple[Sequence[str], str]] = {
    "a ready-made client that there is not": (["--client", "openai-pyton"], "did you mean openai-python?"),
    "a version that is none": (["--client", "openai-python@new"], "'new' is no version: write openai-python@"),
    "a behaviour that there is not": (
        ["--client-cmd", RIGHT, "--only", "sends.generate2"],
        "did you mean sends.generate?",
    ),
    "a program that there is not": (["--client-cmd", "no-such-program x"], "no-such-program: there is no such program"),
    "a command that is none": (["--client-cmd", "'open"], "is no command: no closing quotation"),
    "a module that there is not": (["--client", "no_such_module:draw", "--only", "sends.vary"], "there is no module"),
    "allowances that are not there": (["--client-cmd", RIGHT, "--allow", "nope.toml"], "nope.toml cannot be read"),
    "an interpreter that there is not": (
        ["--client", "a:b", "--python", "no-such"],
        "no-such: there is no such program",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_what_to_write(mistake: str, capsys: pytest.CaptureFixture[str]) -> None:
    """And with status 2."""
    arguments, told = MISTAKES[mistake]

    assert certify(*arguments) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("mockserver: ")
    assert told in said.err
    assert "Traceback" not in said.err


def test_there_is_a_list_of_clients_and_behaviours(capsys: pytest.CaptureFixture[str]) -> None:
    """A line each, all or some."""
    assert certify("--list", "--only", "fails.503-overloaded") == 0

    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("  openai-python ") for line in lines)
    assert [line.split()[0] for line in lines if line.startswith("  fails.")] == [
        "fails.503-overloaded.always",
        "fails.503-overloaded.once",
    ]
