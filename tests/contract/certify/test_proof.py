"""The harness proved: right clients pass everything, and clients with one fault are caught for that one.

The clients are programs of their own, in `tests/contract/clients`.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.contract.certify.clients.client import Client
from mockserver.contract.certify.failures import judge_failures
from mockserver.contract.certify.scenes import scenes
from mockserver.contract.certify.session import certify
from mockserver.contract.certify.tap import Tap
from mockserver.contract.certify.verdict import FINDINGS
from mockserver.contract.certify.worker import Worker

if TYPE_CHECKING:
    from mockserver.contract.certify.verdict import Cell

CLIENTS = Path(__file__).parent.parent / "clients"

PLAYED = frozenset(
    {
        *("401-invalid-key", "404-model-not-found", "400-moderation-blocked", "429-insufficient-quota"),
        *(
            "429-gpt-image-ipm",
            "429-retry-after",
            "429-retry-after-ms",
            "429-no-retry",
            "500-server-error",
            "flaky-500",
        ),
        *(
            "conn-reset",
            "timeout-unanswered",
            "timeout-mid-body",
            "body-truncated",
            "slow-body",
            "200-html-as-json",
            "200-null-b64",
        ),
        *("200-missing-data", "stream-error-middle", "stream-eof-no-completed", "stream-cut-mid-event", "stream-done"),
    }
)
"""Scenarios that faulty clients are put to: one at least of every kind. Right ones are put to all."""


def program(name: str) -> Any:  # noqa: ANN401 - a module
    """Return a client program as a module, for its table."""
    spec = importlib.util.spec_from_file_location(f"clients_{name}", CLIENTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FAULTY, MODEST = program("faulty"), program("modest")
RIGHT = {
    "right": (sys.executable, str(CLIENTS / "right.py")),
    "right.mjs": ("node", str(CLIENTS / "right.mjs")),
    **{name: (sys.executable, str(CLIENTS / "modest.py"), name) for name in MODEST.MODEST},
}


def cells(command: tuple[str, ...], only: str, scenarios: frozenset[str] | None = None) -> list[Cell]:
    """Return the cells of a client: of `fails.*` with `scenarios` only, where they are given."""
    if only != "fails.*":
        return list(certify(Client("a client", command), only=only, examples=10).cells)
    played = [scene for scene in scenes() if scenarios is None or scene.scenario.id in scenarios]
    with Tap() as tap:
        return list(judge_failures(played, tap, lambda: Worker(command), kinds={}, replay=str))


def told(judged: list[Cell]) -> list[str]:
    """Return every finding, a line each."""
    return [f"{cell.behaviour.id}: {finding.rule}: {finding.text}" for cell in judged for finding in cell.findings]


@pytest.mark.parametrize("only", ["[sr]e*", "fails.*"])
@pytest.mark.parametrize("name", RIGHT)
def test_a_right_client_passes_everything(name: str, only: str) -> None:
    """What it sends, what it returns and how it takes each failure: nothing is found, and most is not absent."""
    if not shutil.which(RIGHT[name][0]):
        pytest.skip(f"there is no {RIGHT[name][0]}")
    judged = cells(RIGHT[name], only)
    assert told(judged) == []
    assert any(cell.verdict == "pass" for cell in judged)


@pytest.mark.parametrize("name", FAULTY.FAULTS)
def test_a_faulty_client_is_caught_for_its_own_fault(name: str) -> None:
    """The finding is the one that its fault is seeded for, wherever it is looked for, and there is no other."""
    rule, only = FAULTY.CAUGHT_BY[name]
    judged = cells((sys.executable, str(CLIENTS / "faulty.py"), name), only, PLAYED)
    assert {finding.rule for cell in judged for finding in cell.findings} == {rule}, "\n".join(told(judged))


def test_every_rule_of_a_cell_has_a_faulty_client() -> None:
    """No rule of the harness is without a client that breaks it, but for one that only follows from others."""
    follows = {"refused"}  # the API says no to what was sent wrongly, which is found before
    assert {rule for rule, _ in FAULTY.CAUGHT_BY.values()} == FINDINGS.keys() - follows
