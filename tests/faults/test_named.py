"""What people call failures, and the scenarios that are meant; the headers of successes, by their day."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.scenarios.catalogue import find, scenarios

if TYPE_CHECKING:
    import httpx

OBSERVED: list[dict[str, Any]] = json.loads((Path(__file__).parent / "observed.json").read_text("utf-8"))
DATED = [row for row in OBSERVED if "sent" in row]

PHRASES: dict[str, tuple[str, ...]] = {
    "connect, then reset": ("connect_reset", "conn-reset-at-once"),
    "reset before the status line": ("reset", "conn-reset"),
    "closed before the status line": ("conn-closed", "conn-closed-at-once"),
    "cut inside the headers": ("cut_head", "head-truncated", "head-reset"),
    "cut inside the body": ("cut_body", "body-truncated", "body-truncated-chunked", "body-reset"),
    "cut inside the base64": ("cut_base64", "body-truncated-base64"),
    "cut inside an event": ("cut_mid_event", "stream-cut-mid-event", "stream-half-event"),
    "reset inside a stream": ("stream-reset",),
    "frames split anywhere": ("split", "stream-split-anywhere"),
    "one byte per second": ("trickle", "one-byte-per-second"),
    "stall for ever": ("stall", "timeout-unanswered", "timeout-mid-head", "timeout-mid-body", "stream-stall"),
    "long latency": ("slow", "slow-body", "timeout-read-python", "timeout-headers-node", "524-after-two-minutes"),
    "clean end without completed": ("no_completed", "stream-eof-no-completed"),
    "no events": ("zero_events", "stream-no-events"),
    "error frame first, middle, last": ("stream-error-server", "stream-error-middle", "stream-error-last"),
    "error frame of another shape": ("stream-error-flat", "stream-error-unnamed"),
    "data that is no JSON": ("stream-broken-json", "200-invalid-json"),
    "fewer partials": ("fewer_partials", "stream-fewer-partials", "stream-no-partials"),
    "completed first": ("completed_first", "stream-completed-first", "stream-completed-twice"),
    "an end without a blank line": ("stream-no-blank-line",),
    "comments and [DONE]": ("stream-comments", "stream-done"),
    "JSON where events were asked for": ("json_for_stream", "stream-json-instead"),
    "HTML with 200": ("html_200", "200-html", "200-html-as-json"),
    "empty data": ("empty_data", "200-empty-data", "200-empty-data-full", "200-missing-data"),
    "null b64_json": ("null_b64", "200-null-b64"),
    "200 with an error object": ("error_in_200", "200-error-object", "200-rate-limit-in-body"),
    "error that is a string": ("error-as-bare-string",),
    "gzip that lies": ("gzip", "200-lying-gzip"),
    "wrong content length": ("200-length-too-long", "200-length-too-short"),
    "wrong content type": ("200-wrong-content-type", "200-no-content-type"),
    "no body": ("200-empty-body",),
    "413 HTML": ("413", "413-cloudflare-html"),
    "413 JSON": ("413-json-content-size", "413-json-request-too-large"),
    "502, 520, 524 HTML": ("502-cloudflare-html", "520-cloudflare-html", "524-cloudflare-html"),
    "503 text": ("envoy", "503-envoy"),
    "429 without retry-after": ("429", "429-gpt-image-ipm", "429-dalle-ipm", "429-slow-down-later"),
    "429 with retry-after": ("retry_after", "429-retry-after", "429-retry-after-date", "429-retry-after-zero"),
    "429 with retry-after-ms": ("429-retry-after-ms",),
    "x-should-retry": ("429-no-retry", "500-no-retry", "400-should-retry"),
    "absurd delays": ("absurd_delay", "429-retry-after-absurd", "429-cloudflare-1015", "429-retry-after-negative"),
    "a delay that is none": ("429-retry-after-nonsense",),
    "permanent 429": ("429-gpt-image-ipm-too-large", "429-insufficient-quota", "429-credit-balance-exhausted"),
    "expired picture URL": ("expired_url", "picture-url-expired", "blob-403-expired", "blob-403-clock-skew"),
    "the key sent along to a picture": ("blob-403-authorization-header-sent",),
    "moderation of the input": ("moderation_input", "400-moderation-blocked-input", "400-content-policy-dalle"),
    "moderation of the output": ("moderation_output", "400-moderation-blocked-details", "400-content-filters-output"),
    "moderation inside a stream": ("stream-error-moderation",),
    "moderation that passes later": ("moderation_flaky", "400-moderation-flaky", "400-content-policy-dalle3-revised"),
    "flaky": ("flaky", "flaky-500", "flaky-429", "flaky-503", "flaky-reset", "flaky-timeout"),
    "409, 415, 408": ("409-conflict", "415-unsupported-media-type", "408-request-timeout"),
    "spend limits of 2026": (
        "429-organization-spend-limit-exceeded",
        "429-project-spend-limit-exceeded",
        "429-organization-usage-limit-exceeded",
    ),
    "503 slow_down": ("503-slow-down", "503-server-is-overloaded", "503-overloaded"),
    "a retired model": ("retired", "400-model-does-not-exist"),
    "a base URL that holds the endpoint": ("404-invalid-url", "405-method"),
}
"""A phrase of whoever asks for a failure, and the names that answer to it."""


@pytest.mark.parametrize(("phrase", "names"), PHRASES.items(), ids=PHRASES)
def test_what_people_call_a_failure_has_a_name(phrase: str, names: tuple[str, ...]) -> None:
    """Each of them a scenario that says what it is."""
    assert all(find(name).about for name in names), phrase


def test_a_refusal_tells_how_long_it_took(http: httpx.Client) -> None:
    """In milliseconds, with the delay that was asked for."""
    reply = http.post("/images/generations", json={}, headers={"x-mock-scenario": "429-slow-down; delay=0.25"})
    assert (reply.status_code, 250 <= int(reply.headers["openai-processing-ms"]) < 20_000) == (429, True)


@pytest.mark.parametrize("row", DATED, ids=lambda row: row["id"])
def test_the_headers_of_a_day_are_as_they_were_seen(row: dict[str, Any], http: httpx.Client) -> None:
    """Those on record are there, and those that came later or left are not."""
    reply = http.post(
        "/images/generations",
        json={"model": "dall-e-2", "prompt": "a dot", "size": "256x256", "response_format": "b64_json"},
        headers={"x-mock-scenario": row["id"]},
    )
    assert reply.status_code == row["status"]
    assert reply.json()["data"]
    lines = [f"{name}: {value}" for name, value in reply.headers.multi_items()]
    for sent in row["sent"]:
        wanted = re.sub("0123456789abcdef", "[0-9a-f]{32}$", re.escape(sent))
        assert any(re.match(wanted, line) for line in lines), sent
    assert not [line for line in lines if line.startswith(tuple(row["absent"]))]


def test_each_kind_of_failure_has_a_short_name() -> None:
    """So that nobody must know ids by heart."""
    topics = {each.topic for each in scenarios()}
    named = {each.topic for each in scenarios() if each.aliases}
    assert topics - named == {"headers"}
