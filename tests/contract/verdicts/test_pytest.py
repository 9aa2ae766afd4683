"""`certify_images_client`, tried as a suite of a user: one item for each behaviour, ended as the cell says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

SUITE = """
import json
import urllib.request

import pytest


def generate(*, base_url, api_key, **parameters):
    headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}
    body = json.dumps(parameters).encode()
    request = urllib.request.Request(f"{base_url}/images/generations", body, headers)
    with urllib.request.urlopen(request, timeout=20) as reply:
        return json.load(reply)


def forgetful(*, base_url, api_key, size=None, **parameters):
    return generate(base_url=base_url, api_key=api_key, **parameters)


@pytest.mark.images_behaviours("sends.generate", "sends.vary", "fails.503-overloaded.once")
def test_right(certify_images_client):
    certify_images_client(generate, examples=2)


@pytest.mark.images_behaviours("sends.generate")
def test_forgetful(certify_images_client):
    certify_images_client(forgetful, examples=2)


@pytest.mark.images_behaviours("sends.generate")
def test_forgiven(certify_images_client):
    certify_images_client(forgetful, examples=2, allow="known.toml")


@pytest.mark.images_behaviours("sends.generate2")
def test_misspelt(certify_images_client):
    certify_images_client(generate)


@pytest.mark.images_behaviours("sends.generate")
def test_no_such_file(certify_images_client):
    certify_images_client(generate, allow="nope.toml")


@pytest.mark.images_behaviours("sends.generate")
def test_no_such_module(certify_images_client):
    certify_images_client("no_such_module:generate")


@pytest.mark.images_behaviours("sends.nulls", "returns.nulls")
def test_shared(certify_images_client):
    certify_images_client(generate, examples=2)
"""

ALLOWED = '[[allowance]]\nbehaviours = "sends.*"\nrule = "dropped"\nreason = "sizes are chosen elsewhere"\n'


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the suite."""
    folder = tmp_path_factory.mktemp("suite")
    (folder / "test_clients.py").write_text(SUITE)
    (folder / "known.toml").write_text(ALLOWED)
    return folder


def run(suite: Path, *options: str) -> str:
    """Run the suite as a user would, and return what is said."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rA", f"--rootdir={suite}", *options]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(  # noqa: S603 - a fixed command
        command,
        cwd=suite,
        env={**environment, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def said(suite: Path) -> str:
    """What a run of the suite says."""
    return run(suite, "-k", "not shared")


def test_each_behaviour_is_an_item(suite: Path) -> None:
    """Named by its id, so that -k chooses; without the marker there is one for all."""
    items = run(suite, "--collect-only", "-q", "-k", "test_right and sends").splitlines()

    assert [item for item in items if "::" in item] == [
        "test_clients.py::test_right[sends.generate]",
        "test_clients.py::test_right[sends.vary]",
    ]


def test_what_holds_passes(said: str) -> None:
    """As any test does."""
    assert "PASSED test_clients.py::test_right[sends.generate]" in said


def test_what_cannot_be_asked_is_skipped_with_the_reason(said: str) -> None:
    """Which is the client's own."""
    assert re.search(r"^SKIPPED \[1\] test_clients.py:\d+: it makes no variations$", said, re.MULTILINE)


def test_a_failure_tells_its_witness(said: str) -> None:
    """What was found, asked and sent, and how to see it again."""
    told = said.partition("test_forgetful[sends.generate] ")[2].partition("replay ")
    lines = [line.split("  ")[0] for line in told[0].splitlines()]

    assert "(dropped: a parameter that was asked for did not arrive)" in told[0]
    assert {"must", "finding", "asked", "told", "wire 1"} <= set(lines)
    assert told[2].startswith("   mockserver certify --client test_clients:forgetful --only sends.generate --seed 42")


def test_a_failure_of_the_catalogue_is_an_item_too(said: str) -> None:
    """A client that never tries again gives up on what passes."""
    assert "FAILED test_clients.py::test_right[fails.503-overloaded.once]" in said
    assert "(gave-up: it did not try again what can succeed)" in said


def test_what_is_allowed_is_an_expected_failure(said: str) -> None:
    """With the reason of the file."""
    assert "XFAIL test_clients.py::test_forgiven[sends.generate] - sizes are chosen elsewhere" in said


@pytest.mark.parametrize(
    "told",
    [
        "no behaviour matches 'sends.generate2': did you mean sends.generate?",
        "nope.toml cannot be read: No such file or directory",
        "there is no module 'no_such_module'",
    ],
)
def test_a_mistake_is_told_in_a_sentence(said: str, told: str) -> None:
    """That says what is wrong."""
    assert told in said


def test_no_traceback_of_ours_is_shown(said: str) -> None:
    """Whatever went wrong."""
    assert "pytest_certify.py" not in said
    assert "examination.py" not in said


def test_items_can_be_shared_among_processes(suite: Path) -> None:
    """Each has a server and a worker of its own."""
    assert "2 passed" in run(suite, "-n", "2", "-k", "shared")
