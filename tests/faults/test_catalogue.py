"""The catalogue against what was observed, and every entry through a real socket."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.clock import FrozenClock
from mockserver.faults.refuse import Refuse
from mockserver.faults.scene import Scene
from mockserver.scenarios.catalogue import scenarios

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

    from mockserver.scenarios.scenario import Scenario

    Talk = Callable[..., Any]

OBSERVED: list[dict[str, Any]] = json.loads((Path(__file__).parent / "observed.json").read_text("utf-8"))
"""Status, error fields, raw body and content length of each failure on record, as it was seen; of successes headers."""

BY_ID = {each.id: each for each in scenarios()}
SCENE = Scene(clock=FrozenClock(), token="0123456789abcdef" * 2)
UNKNOWN = ("520-cloudflare-html", "timeout-headers-node", "timeout-read-python", "blob-403-authorization-header-sent")
"""Their messages are a page's title, an SDK's own words, a reason phrase: no part of a body."""

EDITED_BODIES = ("blob-403-expired", "blob-403-clock-skew")
"""On record as a browser shows XML, without its prolog and with line breaks of its own."""


def refusal(scenario: Scenario) -> Refuse | None:
    """Return the reply that a scenario sends of its own."""
    return next((fault for step in scenario.steps for fault in step if isinstance(fault, Refuse)), None)


def seen(text: str) -> str:
    """Fill in what was redacted on record."""
    redacted = {
        "org-XXXX": "{org}",
        "proj_XXXX": "{project}",
        "<request-id>": "{request_id}",
        "req_XXXX": "{request_id}",
        "<uuid>": "{uuid}",
    }
    for word, meaning in redacted.items():
        text = text.replace(word, SCENE.fill(meaning))
    return text.replace("POST /v1/images/generations/images/generations", "POST /v1/images/generations")


def test_everything_on_record_is_there() -> None:
    """Under its own id."""
    assert {row["id"] for row in OBSERVED} <= BY_ID.keys()
    assert len(OBSERVED) == 91


REFUSALS = [row for row in OBSERVED if row["id"] in BY_ID and refusal(BY_ID[row["id"]])]


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: row["id"])
def test_a_reply_is_as_it_was_seen(row: dict[str, Any]) -> None:
    """Status, raw body where one is on record, else the fields of the error object, and the length."""
    fault = refusal(BY_ID[row["id"]])
    assert fault is not None
    reply = fault.reply(SCENE)
    body = reply.body.decode()
    assert reply.status == row["status"]
    if "length" in row:
        assert len(reply.body) == row["length"]
    if row["id"] in EDITED_BODIES:
        assert row["message"] in body
        assert "<Code>AuthenticationFailed</Code>" in body
    elif "body" in row:
        assert_same(body, seen(row["body"]))
    elif row["id"] not in UNKNOWN:
        assert_fields(json.loads(body)["error"], row)


def assert_same(body: str, raw: str) -> None:
    """Compare a body with one on record: exact, shown as Python shows it, or only its beginning."""
    if raw.startswith("{'"):
        assert json.loads(body) == ast.literal_eval(raw)
        return
    raw = re.sub(r'"created": 1703177289', f'"created": {int(SCENE.clock.now())}', raw)
    beginning = raw.removesuffix("…").removesuffix("<script>")
    if beginning == raw and not raw.endswith("<hr><center>cloudflare</center>"):
        assert body == raw
    assert body.startswith(beginning)


def assert_fields(error: dict[str, Any], row: dict[str, Any]) -> None:
    """Compare an error object with the fields on record; what is null there may have been filled by its kin."""
    assert error["message"] == seen(row["message"])
    for name in ("type", "param", "code"):
        assert row[name] is None or error[name] == row[name]


EVENTS = [row for row in OBSERVED if row["id"].startswith("stream-error")]


@pytest.mark.parametrize("row", EVENTS, ids=lambda row: row["id"])
def test_an_error_inside_a_stream_is_as_it_was_seen(row: dict[str, Any], talk: Talk, stream: ASGIApp) -> None:
    """Byte for byte, as the last event."""
    told = talk(BY_ID[row["id"]].steps[0], stream)
    assert told.complete
    assert told.body.endswith(f"{row['body'].removeprefix('event: error').strip()}\n\n".encode())
    assert b"event: error\ndata: {" in told.body


SILENT, FIN, RST = ("open", b"", False), ("FIN", b"", False), ("RST", b"", False)
EFFECTS: dict[str, tuple[str, bytes, bool]] = {
    "timeout-read-python": SILENT,
    "timeout-headers-node": SILENT,
    "timeout-unanswered": SILENT,
    "timeout-mid-body": ("open", b'"data"', False),
    "timeout-mid-head": ("open", b"HTTP/1.1 200 OK\r\n", False),
    "conn-reset": RST,
    "conn-reset-at-once": RST,
    "conn-closed": FIN,
    "conn-closed-at-once": FIN,
    "head-truncated": ("FIN", b"HTTP/1.1 200 OK\r\n", False),
    "head-reset": ("RST", b"HTTP/1.1 200 OK\r\n", False),
    "body-truncated": ("FIN", b"content-length: 3086\r\n", False),
    "body-truncated-chunked": ("FIN", b"transfer-encoding: chunked\r\n", False),
    "body-truncated-base64": ("FIN", b'"b64_json": "' + b"A" * 40, False),
    "body-reset": ("RST", b"content-length: 3086\r\n", False),
    "slow": ("open", b"AAA", True),
    "one-byte-per-second": ("open", b"\r\n1\r\n{\r\n1\r\n", True),
    "slow-body": ("open", b"AAA", True),
    "flaky-reset": RST,
    "flaky-timeout": SILENT,
    "headers-200-2026": ("open", b"\r\nset-cookie: __cf_bm=0123456789abcdef", True),
    "headers-200-2025": ("open", b"\r\nx-envoy-upstream-service-time: 11899\r\n", True),
    "headers-200-2023": ("open", b"\r\nx-request-id: 0123456789abcdef", True),
    "200-empty-data-full": ("open", b'"data": []', True),
    "200-null-b64": ("open", b'"b64_json": null', True),
    "200-missing-data": ("open", b'{\n  "created": 1,\n  "size": "auto"\n}', True),
    "200-invalid-json": ("open", b'"size": "auto"\r\n0\r\n', True),
    "200-lying-gzip": ("open", b"content-encoding: gzip\r\n", True),
    "200-length-too-long": ("FIN", b"content-length: 3186\r\n", False),
    "200-length-too-short": ("FIN", b"content-length: 2986\r\n", False),
    "200-wrong-content-type": ("open", b"content-type: text/plain\r\n", True),
    "200-no-content-type": ("open", b"200 OK\r\n", True),
    "picture-url-expired": ("open", b"AAA", True),
    "stream-error-server": ("open", b'"image_generation_failed"', True),
    "stream-error-middle": ("open", b'"image_generation_failed"', True),
    "stream-error-last": ("open", b'"image_generation_failed"', True),
    "stream-error-moderation": ("open", b'"moderation_blocked"', True),
    "stream-error-rate-limit": ("open", b'"rate_limit_exceeded"', True),
    "stream-error-image-server": ("open", b'"server_error"', True),
    "stream-error-flat": ("open", b'{"type":"error","code"', True),
    "stream-error-unnamed": ("open", b'\r\ndata: {"type":"error"', True),
    "stream-broken-json": ("open", b'"b64_json":\n\n', True),
    "stream-half-event": ("open", b'"b64_\r\n0\r\n', True),
    "stream-incomplete-event": ("open", b"max_output_tokens", True),
    "stream-eof-no-completed": ("open", b"partial_image", True),
    "stream-no-events": ("open", b"\r\n\r\n0\r\n\r\n", True),
    "stream-fewer-partials": ("open", b'"sequence_number":1,"size":"auto"}\n\n\r\n0\r\n', True),
    "stream-no-partials": ("open", b'"sequence_number":0,"size":"auto"}\n\n\r\n0\r\n', True),
    "stream-completed-first": ("open", b"\r\n\r\n92\r\nevent: image_generation.completed", True),
    "stream-completed-twice": ("open", b".completed", True),
    "stream-no-blank-line": ("open", b"}\n\r\n0\r\n", True),
    "stream-done": ("open", b"data: [DONE]\n\n", True),
    "stream-comments": ("open", b": ping\n\n", True),
    "stream-split-anywhere": ("open", b"\r\n1\r\ne\r\n6\r\nvent: \r\n", True),
    "stream-json-instead": ("open", b"content-type: application/json\r\n", True),
    "stream-cut-mid-event": ("FIN", b"event: image_generation.partial_image", False),
    "stream-cut-between-events": ("FIN", b"event: image_generation.partial_image", False),
    "stream-reset": ("RST", b"event: image_generation.partial_image", False),
    "stream-stall": ("open", b"event: image_generation.partial_image", False),
}
"""Scenarios without a reply of their own: how the connection ends, what is among the bytes, whether they are whole."""


def test_every_scenario_has_a_reply_or_an_effect() -> None:
    """So the two tests below leave none out."""
    assert {each.id for each in scenarios() if not refusal(each)} == EFFECTS.keys()


@pytest.mark.parametrize(("name", "effect"), EFFECTS.items(), ids=EFFECTS)
def test_an_effect_is_seen_on_the_wire(
    name: str, effect: tuple[str, bytes, bool], talk: Talk, whole: ASGIApp, stream: ASGIApp
) -> None:
    """By a client that reads raw TCP."""
    scenario = BY_ID[name]
    told = talk(scenario.steps[0], stream if scenario.streams else whole, SCENE)
    end, needle, complete = effect
    assert (told.end, told.complete) == (end, complete)
    assert needle in told.raw if needle else told.raw == b""


@pytest.mark.parametrize("scenario", [each for each in scenarios() if refusal(each)], ids=lambda each: each.id)
def test_a_reply_is_seen_on_the_wire(scenario: Scenario, talk: Talk, whole: ASGIApp) -> None:
    """Status, every header and all bytes, as the value says."""
    told = talk(scenario.steps[0], whole, SCENE)
    fault = refusal(scenario)
    assert fault is not None
    reply = fault.reply(SCENE)
    assert (told.status, told.body, told.complete) == (reply.status, reply.body, True)
    hidden = {b"content-length"} if "transfer-encoding" in told.headers else set()
    for name, value in reply.headers:
        assert name in hidden or f"{name.decode()}: {value.decode('latin-1')}" in told.head.decode("latin-1")


@pytest.mark.parametrize("scenario", [each for each in scenarios() if len(each.steps) > 1], ids=lambda each: each.id)
def test_what_fails_at_first_succeeds_at_last(scenario: Scenario, talk: Talk, whole: ASGIApp) -> None:
    """The last step is empty, and stays."""
    for attempt in (len(scenario.steps), len(scenario.steps) + 5):
        assert talk(scenario.step(attempt), whole).body == talk((), whole).body


def test_a_401_says_how_to_authenticate() -> None:
    """With the header that recordings have, and without an organisation."""
    fault = refusal(BY_ID["401-invalid-key"])
    assert fault is not None
    headers = dict(fault.reply(SCENE).headers)
    assert headers[b"www-authenticate"] == b'Bearer realm="OpenAI API"'
    assert b"openai-organization" not in headers


def test_the_recorded_500_repeats_its_id_and_has_its_length() -> None:
    """The message's id equals x-request-id, in 369 bytes."""
    fault = refusal(BY_ID["500-server-error"])
    assert fault is not None
    reply = fault.reply(SCENE)
    assert dict(reply.headers)[b"x-request-id"] in reply.body
    assert len(reply.body) == 369
