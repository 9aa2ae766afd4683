"""`mockserver contract check` from outside, against servers that keep the contract and such as do not."""

from __future__ import annotations

import json
import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest

from mockserver.cli import main
from mockserver.contract.provider import told
from mockserver.contract.provider.suite import suite
from mockserver.server import ServerThread
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

FEW = ("-k", "reject/generations/dall-e-3/quality")


@pytest.fixture(scope="module")
def lenient() -> Iterator[ServerThread]:
    """A server that judges as leniently as the published document."""
    with ServerThread(Settings(checks="schema")) as running:
        yield running


def check(*arguments: str, base_url: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Return the status of the command, and what it wrote to stdout and stderr."""
    status = main(["contract", "check", "--base-url", base_url, *arguments])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_a_server_that_keeps_the_contract(server: ServerThread, capsys: pytest.CaptureFixture[str]) -> None:
    """Status 0, how many cases there were, and that all is well."""
    status, out, err = check(*FEW, base_url=server.base_url, capsys=capsys)
    assert (status, err) == (0, "")
    assert "all as the contract says" in out
    assert "facets" in out


def test_a_server_that_does_not(lenient: ServerThread, capsys: pytest.CaptureFixture[str]) -> None:
    """Status 1, and of each case what was asked, what was due, what came, and a command that asks again."""
    status, out, _ = check(*FEW, base_url=lenient.base_url, capsys=capsys)
    assert status == 1
    assert "✗ reject/generations/dall-e-3/quality:enum" in out
    assert '"quality": "low"' in out
    assert "param quality, code invalid_value" in out
    assert f"curl -sS {lenient.base_url}/images/generations" in out
    assert "most often:" in out


def test_as_one_document(lenient: ServerThread, capsys: pytest.CaptureFixture[str]) -> None:
    """The same for a program."""
    status, out, _ = check(*FEW, "--json", base_url=lenient.base_url, capsys=capsys)
    document = json.loads(out)
    assert status == 1
    assert document["cases"] > len(document["differ"]) > 0
    assert {"id", "asked", "faults", "curl"} == document["differ"][0].keys()


def test_the_cases_are_listed(server: ServerThread, capsys: pytest.CaptureFixture[str]) -> None:
    """Their ids alone, and nobody is asked."""
    status, out, _ = check("--list", *FEW, base_url=server.base_url, capsys=capsys)
    assert status == 0
    assert "reject/generations/dall-e-3/quality:type#0" in out.splitlines()


MISTAKES = {
    "no server": (
        ["--base-url", "http://127.0.0.1:9/v1", "-k", "reject/generations/dall-e-3/n"],
        "cannot reach http://127.0.0.1:9/v1",
    ),
    "no URL": (["--base-url", "localhost:8080"], "is no http:// or https:// URL"),
    "no path": (["--base-url", "http://localhost:8080"], "did you mean http://localhost:8080/v1?"),
    "no case": (["-k", "reject/gpt-4o"], "no case matches -k reject/gpt-4o"),
    "no key": (["--base-url", "https://api.example.com/v1"], "another host wants a key"),
    "no number": (["--seed", "x"], "--seed"),
    "less than none": (["--examples", "-1"], "--examples"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told(name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """One line and status 2."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    arguments, said = MISTAKES[name]
    assert main(["contract", "check", *arguments]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


PASTED = (
    "reject/generations/gpt-image-1/prompt:minLength",
    "accept/generations/dall-e-2/prompt=controls",
    "reject/edits-form/gpt-image-1/image:second-is-text",
    "accept/edits-form/gpt-image-1/mask=mask",
    "accept/edits-form/gpt-image-1/prompt=quotes",
    "hostile/json:utf-16",
    "hostile/json:nan",
    "hostile/edits-form:cut-in-a-head",
)


@pytest.mark.parametrize("name", PASTED)
def test_a_command_asks_the_same_again(name: str, server: ServerThread) -> None:
    """The command of a case gets the status that was due, whatever is quoted in it."""
    case = next(suite(pattern=name))
    words = told.curl(case, server.base_url)
    done = subprocess.run(  # noqa: S603 - our own command
        ["bash", "-c", f"{words} -o /dev/null -w {shlex.quote('%{http_code}')}"],  # noqa: S607 - as a reader would
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "OPENAI_API_KEY": "sk-test"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    due = 400 if isinstance(case.due, tuple) else 200
    assert done.stdout == str(due), done.stderr


def test_another_host_is_not_asked_for_pictures(
    server: ServerThread, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They cost money there; refusals do not."""
    monkeypatch.setattr("mockserver.contract.provider.command.is_loopback", lambda _: False)
    status, out, _ = check(
        "-k", "dall-e-3/quality", "--examples", "0", "--api-key", "sk-x", base_url=server.base_url, capsys=capsys
    )
    assert status == 0
    assert "0 to be granted" in out
    assert "--spend asks them too" in out
