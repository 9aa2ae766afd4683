"""Every observed exchange, played against our server through a real socket, and the command that does it."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from mockserver.contract.cases import command, stored
from mockserver.contract.load import load
from mockserver.contract.play import Player
from mockserver.contract.run import difference
from mockserver.server import ServerThread
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

    from mockserver.contract.case import Case

KEY = "sk-mock"
CASES = load(stored())
PLAYED = [case for case in CASES if case.standing in ("played", "needs keys")]

OBSERVED = """
401-invalid-key-masked-16 401-invalid-key-masked-long 401-invalid-key-short-unmasked 401-no-key 404-bare
404-invalid-url background-transparent-gptimage2 background-transparent-jpeg background-transparent-jpeg-alt
blob-403-authorization-header-sent blob-403-clock-skew blob-403-expired body-too-large-413 headers-200-2023
headers-200-2025 headers-200-2026 input-fidelity-generations json-unparsable-2023 json-unparsable-2024
method-405-2023 method-405-2025 model-dalle2-retired model-empty-string model-missing model-type-array
model-type-integer model-type-null model-unknown-2025-08 model-unknown-2025-10 model-unknown-2026
model-unknown-legacy moderation-bad n-0 n-11 n-above-legacy n-below-legacy n-dalle3-gt1-legacy
n-dalle3-gt1-new n-type-string null-message-dalle3 output-compression--1 output-compression-101
output-compression-50 output-compression-png output-format-azure-webp partial-images-4
partial-images-without-stream prompt-empty prompt-empty-legacy prompt-missing prompt-null
prompt-too-long-dalle2-legacy prompt-too-long-dalle3-azure prompt-too-long-gptimage quality-dalle2
quality-dalle3-bad quality-gptimage-empty quality-gptimage-ultra quality-legacy quality-type-array
quality-type-integer response-format-gptimage response-format-legacy size-dalle3-legacy size-dalle3-new
size-gptimage1-512x512 size-gptimage1-empty size-gptimage1-integer size-gptimage2-bogus
size-gptimage2-div16-9x9 size-gptimage2-edge size-gptimage2-floor size-gptimage2-integer
size-gptimage2-ratio-1024x256 size-unknown-legacy-2022 size-unknown-legacy-2023 stream-dalle stream-type
unknown-legacy unknown-parameter-any url-unknown-envelope
""".split()  # noqa: SIM905 - eighty strings in quotes read worse
"""Facts of generations that were collected from public sources; none of them may get lost."""


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    """Serve one server that knows its key."""
    with ServerThread(Settings(api_keys=(KEY,))) as server:
        yield server.base_url


@pytest.fixture(scope="module")
def player(base_url: str) -> Iterator[Player]:
    """Keep one connection to it."""
    with Player(base_url, KEY) as player:
        yield player


@pytest.mark.parametrize("case", PLAYED, ids=lambda case: case.id)
def test_the_server_answers_as_the_real_api_did(case: Case, player: Player) -> None:
    """No difference between the reply on record and ours."""
    if found := difference(case, player):
        pytest.fail("\n".join(map(str, found)), pytrace=False)


def test_no_observed_fact_is_lost() -> None:
    """Every fact on the list is a case, whether it is played or only kept."""
    assert set(OBSERVED) <= {case.id for case in CASES}


def test_whatever_is_billed_says_so() -> None:
    """A case that ends in pictures spends money on the real API."""
    assert [case.id for case in CASES if case.expect.status == 200 and not case.spends] == []


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

    reasons = "1 needs an Azure deployment, 2 need luck, 1 needs a picture store that is not the API's own origin"
    assert last.endswith(f"5 left out ({reasons}, 1 needs an hour to pass)"), last


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
    document = json.loads(run("--base-url", base_url, "-k", "n-0", "--json").stdout)

    assert document["counts"] == {"agrees": 2}
    assert document["cases"][0]["id"] == "n-0"
    assert document["cases"][0]["differences"] == []


def test_a_terminal_sees_how_far_it_is(base_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last line of a terminal is replaced by the running count, and cleared at the end."""
    terminal = SimpleNamespace(stderr=SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("mockserver.contract.cases.sys", terminal)

    result = run("--base-url", base_url, "-k", "n-0")

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
    monkeypatch.setattr("mockserver.contract.cases._is_loopback", lambda _: False)

    thrifty = run("--base-url", base_url, "--api-key", KEY, "-k", "reply-gpt-image-2-a-cat")
    lavish = run("--base-url", base_url, "--api-key", KEY, "-k", "reply-gpt-image-2-a-cat", "--spend")

    assert thrifty.stdout.splitlines()[-1] == "0 cases: 0 agree, 0 differ, 1 left out (costs money)"
    assert lavish.stdout.splitlines()[-1] == "1 case: 1 agree, 0 differ"
