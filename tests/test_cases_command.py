"""`mockserver cases`: what it plays, what it leaves out and what it says of both."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from mockserver.contract.cases import command
from mockserver.server import ServerThread
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

KEY = "sk-mock"


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    """Serve one server that knows its key."""
    with ServerThread(Settings(api_keys=(KEY,))) as server:
        yield server.base_url


def run(*arguments: str, **environment: str | None) -> Result:
    """Run the command as a shell would, without the user's own key."""
    return CliRunner().invoke(command, arguments, env={"OPENAI_API_KEY": None, **environment})


def one(tmp_path: Path, **fields: Any) -> str:  # noqa: ANN401 - whatever TOML can hold
    """Write a file of one case and return its path."""
    case = {
        "id": "mine",
        "about": "something",
        "source": ["me"],
        "observed": "2026",
        "confidence": "paraphrase",
        "path": "/images/generations",
        "status": 400,
        **fields,
    }
    file = tmp_path / "mine.toml"
    file.write_text("[[case]]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in case.items()))
    return str(file)


def test_agreement_ends_in_status_0_and_a_summary(base_url: str) -> None:
    """The last line counts what was played and what was left out."""
    result = run("--base-url", base_url, "-k", "output-compression*")

    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "9 cases: 9 agree, 0 differ"


def test_a_difference_ends_in_status_1_and_shows_both_values(base_url: str, tmp_path: Path) -> None:
    """The failing case is told with its file and what differs."""
    result = run("--base-url", base_url, "--cases", one(tmp_path, body="{}", status=418))

    assert result.exit_code == 1
    assert "✗ mine  mine.toml, paraphrase, 2026" in result.stdout
    assert "expected  418" in result.stdout
    assert "actual    400" in result.stdout
    assert result.stdout.splitlines()[-1] == "1 case: 0 agree, 1 differs"


def test_cases_that_need_more_than_a_request_are_counted_apart(base_url: str) -> None:
    """Superseded, contradicted and impossible cases are named in the summary."""
    last = run("--base-url", base_url, "-k", "background*").stdout.splitlines()[-1]

    assert last.endswith(", 1 contradicted")


def test_what_is_left_out_is_summed_up_with_each_reason(base_url: str) -> None:
    """One bracket holds them all."""
    last = run("--base-url", base_url, "-k", "*e*").stdout.splitlines()[-1]

    assert last.endswith(
        "7 left out (3 need luck, 2 need a server that fetches addresses, "
        "1 needs a picture store that is not the API's own origin, 1 needs an hour to pass)"
    ), last


def test_a_server_that_takes_any_key_is_not_asked_to_refuse_one() -> None:
    """The cases on wrong keys are left out, and the reason is said."""
    with ServerThread(Settings()) as server:
        result = run("--base-url", server.base_url, "-k", "401-*")

    assert result.exit_code == 0
    assert "left out (need a server that knows its keys)" in result.stdout


def test_a_server_that_knows_its_keys_is_asked_to_refuse_others(base_url: str) -> None:
    """Nothing on keys is left out then."""
    assert run("--base-url", base_url, "-k", "401-*").stdout.splitlines()[-1] == "11 cases: 11 agree, 0 differ"


def test_json_holds_every_case_with_its_verdict(base_url: str) -> None:
    """The document is made for programs."""
    document = json.loads(run("--base-url", base_url, "-k", "n-0*", "--json").stdout)

    assert document["counts"] == {"agrees": 2}
    assert document["cases"][0]["id"] == "n-0"
    assert document["cases"][0]["differences"] == []


def test_a_terminal_sees_how_far_it_is(base_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last line of a terminal is replaced by the running count, and cleared at the end."""
    terminal = SimpleNamespace(stderr=SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("mockserver.contract.target.sys", terminal)

    result = run("--base-url", base_url, "-k", "n-0*")

    assert result.stderr.endswith("\r\x1b[K1/2  n-0\r\x1b[K2/2  n-0-gpt-image-1-mini\r\x1b[K")


def test_list_needs_no_server() -> None:
    """Each case is listed with where it stands, its confidence and its day."""
    lines = run("--list", "-k", "n-above-legacy").stdout.splitlines()

    assert lines[1].split() == ["n-above-legacy", "superseded", "verbatim-body", "2023"]


def test_list_as_json() -> None:
    """The reason why a case is not played goes along."""
    [entry] = json.loads(run("--list", "--json", "-k", "n-dalle3-gt1-legacy").stdout)

    assert entry["reason"] == "n-dalle3-gt1-new"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--base-url", "http://127.0.0.1:1/v1"), "cannot reach http://127.0.0.1:1/v1"),
        (("--base-url", "http://localhost:1/v1"), "`mockserver` starts one"),
        (("--base-url", "http://127.0.0.1:1"), "did you mean http://127.0.0.1:1/v1?"),
        (("--base-url", "ftp://127.0.0.1/v1"), "is no http:// or https:// URL"),
        (
            ("--base-url", "https://api.example/v1"),
            "api.example wants a key: --api-key KEY or OPENAI_API_KEY",
        ),
        (("--cases", "nowhere.toml"), "no cases at nowhere.toml: no such file or folder"),
        (("-k", "no-such-case"), "no case matches -k no-such-case"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_tried_ends_in_status_2_and_one_line(arguments: tuple[str, ...], line: str) -> None:
    """The line says what to do about it."""
    result = run(*arguments)

    assert result.exit_code == 2
    assert line in result.stderr


def test_a_case_with_an_unknown_key_is_refused_with_file_and_id(tmp_path: Path) -> None:
    """A typing error never passes for a case that judges nothing."""
    result = run("--cases", one(tmp_path, statsu=400))

    assert result.exit_code == 2
    assert "mine.toml: mine: unknown key 'statsu'" in result.stderr


def test_money_is_not_spent_unasked(monkeypatch: pytest.MonkeyPatch, base_url: str) -> None:
    """Towards another host, cases that cost money are left out, and counted."""
    monkeypatch.setattr("mockserver.contract.cases.is_loopback", lambda _: False)

    thrifty = run("--base-url", base_url, "--api-key", KEY, "-k", "reply-gpt-image-2-a-cat")
    lavish = run("--base-url", base_url, "--api-key", KEY, "-k", "reply-gpt-image-2-a-cat", "--spend")

    assert thrifty.stdout.splitlines()[-1] == "0 cases: 0 agree, 0 differ, 1 left out (costs money)"
    assert lavish.stdout.splitlines()[-1] == "1 case: 1 agree, 0 differ"
