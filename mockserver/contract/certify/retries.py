"""What a client did on the wire after a failure: tried again or not, when, and with which request.

| rule | what a well-behaved client keeps to |
|---|---|
| `changed-on-retry` | a retry is the first request again, but for what counts attempts and a form's boundary |
| `too-soon` | it comes no sooner than the reply asked (`retry-after`, `retry-after-ms`), or not at all |
| `double-billed` | what was carried out, and charged, is not asked for again, however its reply was lost |
| `retried-in-vain` | what cannot succeed is not sent again: no quota, nothing with `x-should-retry: false` |
| `count` | no more attempts than the caller allowed |

The first that is broken is told, and no other: each implies those behind it as often as not.

**Lost replies.** A client that gets no reply, or half of one, cannot know whether the picture was made. The API has no
key for idempotency that anybody saw it heed, so only the caller can decide to pay again. Giving up is always right
then; asking again is wrong where the server shows a charge for both, and nothing is said where it does not.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from mockserver.contract.certify.said import has_picture
from mockserver.contract.certify.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mockserver.contract.certify.exchange import Exchange
    from mockserver.scenarios.scenario import Scenario

EARLY: Final = 0.05
"""Share of an asked wait by which a retry may come early, and `_TICK` besides: timers of JavaScript fire a moment
before their time. A slow machine only makes waits longer, as the wait is taken from just before the reply left."""

_TICK: Final = 0.005

_COUNTING: Final = re.compile(
    r"retry|attempt|stainless|timeout|trace|request-id|idempotency|date|connection|content-length"
)
"""Names of headers that may differ from attempt to attempt."""

_BOUNDARY: Final = re.compile(rb'boundary="?([^";]{1,200})"?', re.IGNORECASE)


def wire_finding(scenario: Scenario, exchanges: Sequence[Exchange], allowed: int) -> Finding | None:
    """Return the first rule that a client broke on the wire; None where it broke none.

    Args:
        scenario: what was played.
        exchanges: its requests, in order of arrival.
        allowed: how many the caller allowed.
    """
    return (
        _changed(exchanges)
        or too_soon(scenario, exchanges)
        or _double_billed(exchanges)
        or _in_vain(scenario, exchanges)
        or _too_many(exchanges, allowed)
    )


def _changed(exchanges: Sequence[Exchange]) -> Finding | None:
    first = exchanges[0]
    for other in exchanges[1:]:
        place = _difference(first, other)
        if place:
            return Finding("changed-on-retry", f"attempt {other.number} has another {place} than the first", place)
    return None


def _difference(first: Exchange, other: Exchange) -> str:
    """Return where a retry differs from the first attempt; empty where it does not."""
    if (first.method, first.path) != (other.method, other.path):
        return "request line"
    if _body(first) != _body(other):
        return "body"
    before, after = dict(_headers(first)), dict(_headers(other))
    names = (name for name in sorted(before | after) if before.get(name) != after.get(name))
    return next((f"header {name.decode('latin-1')}" for name in names), "")


def _headers(exchange: Exchange) -> list[tuple[bytes, bytes]]:
    boundary = _boundary(exchange)
    return [
        (name, value.replace(boundary, b"") if boundary else value)
        for name, value in exchange.request_headers
        if not _COUNTING.search(name.decode("latin-1"))
    ]


def _body(exchange: Exchange) -> bytes:
    boundary = _boundary(exchange)
    return exchange.request_body.replace(boundary, b"") if boundary else exchange.request_body


def _boundary(exchange: Exchange) -> bytes:
    found = _BOUNDARY.search((exchange.header("content-type") or "").encode("latin-1"))
    return found[1] if found else b""


def too_soon(scenario: Scenario, exchanges: Sequence[Exchange]) -> Finding | None:
    """Return the retry that came sooner than the reply before it asked; None where all waited, or none was asked to."""
    waits = scenario.client.waits
    if waits is None:
        return None
    for before, after in pairwise(exchanges):
        waited = after.arrived - (before.arrived if before.finished is None else before.finished)
        if before.played is not None and waited < waits * (1 - EARLY) - _TICK:
            text = f"attempt {after.number} came sooner than the {waits:.12g} s that the reply asked to wait"
            return Finding("too-soon", text, f"attempt {after.number}")
    return None


def _double_billed(exchanges: Sequence[Exchange]) -> Finding | None:
    charged = [each for each in exchanges if each.dollars > 0]
    if len(charged) < 2:  # noqa: PLR2004 - what makes it double
        return None
    first, second, *_ = charged
    text = (
        f"attempts {first.number} and {second.number} were both carried out and charged: ${second.dollars:.3f} too much"
    )
    return Finding("double-billed", text, f"attempt {second.number}")


def _in_vain(scenario: Scenario, exchanges: Sequence[Exchange]) -> Finding | None:
    if scenario.client.may_retry or len(exchanges) == 1 or has_picture(exchanges[0]):
        return None
    text = f"it sent {len(exchanges)} requests, but {scenario.id} stays: {scenario.client.advice}"
    return Finding("retried-in-vain", text, "attempt 2")


def _too_many(exchanges: Sequence[Exchange], allowed: int) -> Finding | None:
    if len(exchanges) <= allowed:
        return None
    text = f"it sent {len(exchanges)} requests, where it was allowed {allowed}"
    return Finding("count", text, f"attempt {allowed + 1}")
