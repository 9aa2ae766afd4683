"""The ready-made clients, each in its own environment: what it says of itself, brings back, and tells of a refusal."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mockserver import datafiles
from mockserver.contract.certify.clients import choice
from mockserver.contract.certify.clients.client import ClientError
from mockserver.contract.certify.clients.registry import ready_made
from mockserver.contract.certify.lines import Asked, Told, Upload
from mockserver.contract.certify.session import certify
from mockserver.contract.certify.tap import Tap
from mockserver.contract.certify.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mockserver.contract.certify.clients.client import Client
    from mockserver.contract.certify.exchange import Exchange
    from mockserver.contract.certify.lines import Operation


SDK = {"generate": True, "edit": True, "vary": False}
CAN = {
    "openai-python": SDK,
    "openai-python-async": SDK,
    "openai-node": SDK,
    "litellm": dict.fromkeys(SDK, False),
    "langchain": {"generate": False},
    "langchain-js": {"generate": False},
    "ai-sdk": {"generate": False, "edit": False},
}
"""Operations of each, and whether it streams them."""

MODULES = {"litellm": "litellm", "ai-sdk": "ai"}
"""Where a client's errors come from, if not from the SDK."""

PICTURE, MASK = (
    Upload(str(datafiles.path("fixtures", "images", name)), name, "image/png") for name in ("square.png", "mask.png")
)
SMALL = {"prompt": "a dot", "model": "gpt-image-1", "quality": "low"}


@pytest.fixture(scope="module")
def tap() -> Iterator[Tap]:
    """One server for all."""
    with Tap() as running:
        yield running


@pytest.fixture(scope="module")
def client_of() -> Callable[[str], Client]:
    """Return the newest release of a client; skips where it cannot be installed, which in CI is a failure."""

    @cache
    def installed(name: str) -> Client:
        try:
            return choice.named(name, told=print)
        except ClientError as missing:
            if "CI" in os.environ:
                pytest.fail(f"CI must have it: {missing}")
            pytest.skip(f"not to be had here: {missing}")

    return installed


@pytest.fixture(scope="module")
def worker_of(client_of: Callable[[str], Client]) -> Iterator[Callable[[str], Worker]]:
    """Return a worker of a client; one for all tests."""
    workers: list[Worker] = []

    @cache
    def started(name: str) -> Worker:
        client = client_of(name)
        workers.append(Worker(client.command, cwd=client.cwd, env=client.env))
        return workers[-1]

    yield started
    for worker in workers:
        worker.close()


def call(
    worker: Worker,
    tap: Tap,
    op: Operation,
    params: dict[str, Any],
    files: dict[str, Upload | list[Upload]] | None = None,
    scenario: str | None = None,
) -> tuple[Told, Exchange]:
    """Return what a worker tells of a call that is one exchange, and that exchange."""
    with tap.session() as session:
        if scenario:
            session.play(scenario)
        told = worker.ask(Asked(7, op, session.base_url, session.api_key, params, files or {}, 0, 60.0), 90)
        assert isinstance(told, Told), told
        session.settle()
        (exchange,) = session.exchanges
        return told, exchange


def pictures(reply: Any) -> list[str]:  # noqa: ANN401 - whatever came back
    """Return the pictures of a reply, or of what a client gives."""
    return [one.get("b64_json") or one["url"] for one in reply["data"]]


def clients(op: str, *, streams: bool = False) -> list[str]:
    """Return the clients that have an operation, or stream it."""
    return [name for name, can in CAN.items() if op in can and (can[op] or not streams)]


@pytest.mark.parametrize("name", ready_made())
def test_says_who_it_is(name: str, worker_of: Callable[[str], Worker]) -> None:
    """Its row's name, the version that is pinned there, and what it can do."""
    row, hello = ready_made()[name], worker_of(name).hello
    assert (hello.client, hello.version) == (name, row.versions[0])
    assert hello.runtime.startswith({"pip": "Python 3.", "npm": "Node "}[row.kind])
    assert {op: can.stream for op, can in hello.can.items()} == CAN[name]


@pytest.mark.parametrize("name", clients("generate"))
def test_generates(name: str, worker_of: Callable[[str], Worker], tap: Tap) -> None:
    """The pictures of the reply come back."""
    told, exchange = call(worker_of(name), tap, "generate", {"model": "dall-e-3", "prompt": "a dot"})
    assert told.value, told.line
    assert pictures(told.value) == pictures(json.loads(exchange.reply_body))


@pytest.mark.parametrize("name", clients("edit"))
def test_edits(name: str, worker_of: Callable[[str], Worker], tap: Tap) -> None:
    """Two pictures and a mask arrive byte for byte."""
    files: dict[str, Upload | list[Upload]] = {"image": [PICTURE, PICTURE], "mask": MASK}
    told, exchange = call(worker_of(name), tap, "edit", SMALL, files)
    assert told.value, told.line
    assert pictures(told.value) == pictures(json.loads(exchange.reply_body))
    arrived = [exchange.request_body.count(Path(file.path).read_bytes()) for file in (PICTURE, MASK)]
    assert arrived == [2, 1]


@pytest.mark.parametrize("name", ["openai-python", "openai-python-async", "openai-node"])
@pytest.mark.parametrize(("said", "media_type"), [(None, None), ("hat.png", None), (None, "image/webp")])
def test_what_is_not_said_of_a_file_is_left_to_the_client(
    name: str, said: str | None, media_type: str | None, worker_of: Callable[[str], Worker], tap: Tap
) -> None:
    """Its name is that of its path; of its media type a client may make what it likes."""
    _, exchange = call(worker_of(name), tap, "edit", SMALL, {"image": Upload(PICTURE.path, said, media_type)})
    part = f'name="image"; filename="{said or PICTURE.name}"\r\nContent-Type: {media_type or ""}'
    assert part.encode() in exchange.request_body


@pytest.mark.parametrize("name", clients("vary"))
def test_varies(name: str, worker_of: Callable[[str], Worker], tap: Tap) -> None:
    """From one picture."""
    told, exchange = call(worker_of(name), tap, "vary", {"model": "dall-e-2"}, {"image": PICTURE})
    assert told.value, told.line
    assert pictures(told.value) == pictures(json.loads(exchange.reply_body))


@pytest.mark.parametrize("name", clients("generate", streams=True))
@pytest.mark.parametrize(("op", "event"), [("generate", "image_generation"), ("edit", "image_edit")])
def test_streams(name: str, op: Operation, event: str, worker_of: Callable[[str], Worker], tap: Tap) -> None:
    """Each event comes back."""
    params = {**SMALL, "stream": True, "partial_images": 1}
    told, _ = call(worker_of(name), tap, op, params, {"image": PICTURE} if op == "edit" else None)
    assert told.value, told.line
    assert [each["type"] for each in told.value["events"]] == [f"{event}.partial_image", f"{event}.completed"]


@pytest.mark.parametrize("name", clients("generate"))
def test_tells_a_refusal(name: str, worker_of: Callable[[str], Worker], tap: Tap) -> None:
    """Its status, by a field of the client's own error."""
    params = {"model": "dall-e-3", "prompt": "a dot"}
    told, exchange = call(worker_of(name), tap, "generate", params, scenario="401-invalid-key")
    assert told.error, told.line
    assert (exchange.status, told.error.status) == (401, 401)
    assert told.error.lineage[0] == told.error.name
    assert told.error.module == MODULES.get(name, "openai")


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("langchain", {"prompt": "a dot", "size": None}),
        ("ai-sdk", {"prompt": "a dot"}),
        ("litellm", {"prompt": "a dot"}),
    ],
)
def test_tells_what_a_client_cannot_say(name: str, params: dict[str, Any], worker_of: Callable[[str], Worker]) -> None:
    """Nothing is sent, and the case is left out."""
    told = worker_of(name).ask(Asked(7, "generate", "http://127.0.0.1:9/v1", "sk-1", params), 60)
    assert isinstance(told, Told)
    assert told.cannot


FOUND = {
    "openai-python": {},
    "openai-python-async": {},
    "openai-node": {},
    "litellm": {
        "sends.generate": {("count", "UnsupportedParamsError")},
        "returns.generate": {("lost", "data[0].generation_id"), ("invented", "usage")},
    },
    "langchain": {"returns.generate": {("failed", "TypeError")}},
    "langchain-js": {"sends.generate": {("added", "style"), ("added", "quality"), ("added", "response_format")}},
    "ai-sdk": {},
}
"""What is wrong with each, beside what is allowed to it: found 2026-11 and looked at one by one."""

CHANCE = {("changed", "n"), ("count", "")}
"""langchain-js asks for `n` pictures in as many requests at a time, and is done when the first is refused.

By then one may have arrived, with another `n`, or several.
"""


@pytest.mark.parametrize("name", FOUND)
def test_is_found_wrong_where_it_is(name: str, client_of: Callable[[str], Client]) -> None:
    """No harness's own fault is taken for a client's, and none of the client's is missed."""
    client = client_of(name)
    certificate = certify(client, only="*.generate", examples=0)
    found = {
        cell.behaviour.id: {
            (finding.rule, finding.place)
            for finding in cell.findings
            if not any(each.covers(cell.behaviour.id, finding, certificate.version) for each in client.allowances)
        }
        for cell in certificate.cells
    }
    assert {behaviour: findings - CHANCE for behaviour, findings in found.items() if findings - CHANCE} == FOUND[name]
