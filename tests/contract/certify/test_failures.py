"""Failures on real sockets: scenes played to small clients in processes of their own."""

from __future__ import annotations

import json
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mockserver.contract.certify.failures import judge_failures
from mockserver.contract.certify.scenes import scenes
from mockserver.contract.certify.tap import Tap
from mockserver.contract.certify.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.contract.certify.verdict import Cell

CLIENTS = Path(__file__).parent.parent / "clients"
RIGHT = (sys.executable, str(CLIENTS / "right.py"))

SILENT = """
import json, sys, time, urllib.error, urllib.request
print(json.dumps({"ready": 1, "client": "silent", "can": {"generate": {}}}), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    headers = {"Authorization": "Bearer " + asked["api_key"], "Content-Type": "application/json"}
    body = json.dumps(asked["params"]).encode()
    try:
        urllib.request.urlopen(urllib.request.Request(asked["base_url"] + "/images/generations", body, headers))
    except urllib.error.HTTPError:
        time.sleep(600)
"""
"""A client that waits for longer than anybody looks."""

ONLY_URLS = f"""
import json, pathlib, sys
sys.path.insert(0, {str(CLIENTS)!r})
import right
class OnlyUrls(right.Client):
    def pictures(self, document, reply):
        return {{"data": [{{"url": "see " + one["url"]}} for one in super().pictures(document, reply)["data"]]}}
right.speak(OnlyUrls())
"""
"""A client that falls over pictures which are no URLs."""

UNABLE = """
import json, sys
print(json.dumps({"ready": 1, "client": "unable", "can": {"generate": {}}}), flush=True)
for line in sys.stdin:
    print(json.dumps({"id": json.loads(line)["id"], "cannot": "it is Sunday"}), flush=True)
"""


@pytest.fixture(scope="module")
def tap() -> Iterator[Tap]:
    """One tap for all."""
    with Tap() as running:
        yield running


def cells(tap: Tap, command: tuple[str, ...], *patterns: str, hands: int = 3) -> dict[str, Cell]:
    """Return the cells of the scenes that patterns match, by what stands behind `fails.`."""
    chosen = [one for one in scenes() if any(fnmatch(one.behaviour.id, f"fails.{pattern}") for pattern in patterns)]
    heard: list[Cell] = []
    found = judge_failures(
        chosen,
        tap,
        lambda: Worker(command),
        kinds={},
        replay="mockserver certify --only {}".format,
        told=heard.append,
        hands=hands,
    )
    assert [cell.behaviour for cell in found] == [one.behaviour for one in chosen]
    assert {cell.behaviour.id for cell in heard} == {cell.behaviour.id for cell in found}
    return {cell.behaviour.id.removeprefix("fails."): cell for cell in found}


def test_a_right_client_passes(tap: Tap) -> None:
    """A scene of each kind that there is, and each of those that cut a reply."""
    firsts = {one.scenario.client.error: one.scenario.id for one in reversed(scenes())}
    found = cells(tap, RIGHT, *(f"{name}.*" for name in firsts.values()), "stream-*", "body-*", "conn-*")

    wrong = {name: cell.findings for name, cell in found.items() if cell.verdict != "pass"}
    assert not wrong
    assert len(found) > 80


def test_verdicts_do_not_depend_on_how_many_are_played_at_a_time(tap: Tap) -> None:
    """The findings are the same, in the same order."""
    faulty = (sys.executable, str(CLIENTS / "faulty.py"), "sends-what-was-lost-again")
    alone, together = (cells(tap, faulty, "conn-*", "stream-cut-*", "401-*", hands=hands) for hands in (1, 4))

    assert [(name, cell.verdict, cell.findings) for name, cell in alone.items()] == [
        (name, cell.verdict, cell.findings) for name, cell in together.items()
    ]
    assert {cell.verdict for cell in alone.values()} == {"pass", "fail"}


def test_a_fault_comes_with_its_witness(tap: Tap) -> None:
    """What was asked, what passed, what was told, and how to see it again."""
    faulty = (sys.executable, str(CLIENTS / "faulty.py"), "retries-quota")
    cell = cells(tap, faulty, "429-insufficient-quota.once")["429-insufficient-quota.once"]
    witness = cell.witness
    assert witness is not None

    assert [finding.rule for finding in cell.findings] == ["retried-in-vain"]
    assert [passed["reply"]["status"] for passed in witness.exchanges] == [429, 200]
    assert witness.exchanges[0]["at"] == 0.0
    assert witness.asked["params"]["model"] == "gpt-image-1"
    assert witness.replay == "mockserver certify --only fails.429-insufficient-quota.once"
    assert witness.told is not None
    assert "characters)" in witness.told["value"]["data"][0]["b64_json"]
    text = json.dumps([witness.asked, witness.told, *witness.exchanges])
    assert len(text) < 20_000
    assert "sk-certify-" not in text.replace("sk-certify-…", "")


def test_what_a_client_cannot_is_absent(tap: Tap) -> None:
    """By what it said first, or by what it says when it is asked."""
    unable = (sys.executable, "-c", UNABLE)
    found = cells(tap, unable, "stream-stall.always", "400-url-not-image.always", "401-no-key.always")

    assert {cell.verdict for cell in found.values()} == {"absent"}
    assert [cell.reason for cell in found.values()] == [
        "it is Sunday",
        "it makes no edits",
        "it makes no streams",
    ]


def test_a_failure_is_judged_on_a_request_that_succeeds_without_it(tap: Tap) -> None:
    """A client that makes nothing of gpt-image is asked for DALL-E."""
    only_urls = (sys.executable, "-c", ONLY_URLS)
    found = cells(tap, only_urls, "429-gpt-image-ipm.*", "headers-200-2026.always", "429-slow-down.once")

    assert {cell.verdict for cell in found.values()} == {"pass"}


def test_a_client_may_wait_as_it_is_asked_to(tap: Tap) -> None:
    """It is stopped, and passes; one that waits for days hangs."""
    found = cells(tap, (sys.executable, "-c", SILENT), "429-retry-after-date.once", "429-retry-after-absurd.once")
    date, absurd = found["429-retry-after-date.once"], found["429-retry-after-absurd.once"]

    assert (date.verdict, date.reason) == ("pass", "it was still waiting, as it was asked to, when it was stopped")
    assert [finding.rule for finding in absurd.findings] == ["hung"]
    assert absurd.witness is not None
    assert absurd.witness.told is None
