"""A matrix as a real certification would find it: five clients, every verdict, and texts that mean harm."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import pytest

from mockserver.contract.certify.verdict import FINDINGS, Behaviour, Cell, Certificate, Finding, Matrix, Witness

if TYPE_CHECKING:
    from mockserver.contract.certify.verdict import Verdict

OPERATIONS: Final = ("generate", "generate-stream", "edit", "edit-several", "edit-mask", "edit-stream", "vary", "nulls")

TOPICS: Final = {
    "access": 12,
    "auth": 16,
    "azure": 12,
    "billing": 7,
    "edge": 5,
    "limits": 18,
    "moderation": 10,
    "pictures": 4,
    "request": 10,
    "server": 8,
    "stream": 26,
    "success": 14,
    "transport": 23,
}
"""How many failures each has, about as the catalogue."""

CLIENTS: Final = (
    ("openai-python", "3.57.0", "Python 3.11.9", 4),
    ("openai-node", "7.57.0", "Node 20.20.2", 6),
    ("litellm", "1.106.3", "Python 3.11.9", 34),
    ("my_pkg.images:generate", "", "", 18),
    ("node 'my client.js' --fast", "0.1", "", 0),
)
"""Name, version, runtime, and how many of a hundred cells fail."""

HOSTILE: Final = (
    "</script><script>alert(1)</script>",
    "'\"><img src=x onerror=alert(1)>",
    "]]> &amp; <![CDATA[",
    "\x1b[2J\x1b]0;owned\x07 \r\n\t\0 \x85 \u2028",
    "| a | b |\n|---|---|\n```\n</details> `x` <b>",
    "\ud800 half a character, 🦊, \ufffe \u202e reversed",
)
"""What prompts, replies and exceptions may hold."""


def behaviours() -> list[Behaviour]:
    """Return columns as the engine has them."""
    found = []
    for group, verb in (("sends", "sends"), ("returns", "gives back")):
        for operation in OPERATIONS:
            about = f"It {verb} what {operation} has, and nothing else."
            found.append(Behaviour(f"{group}.{operation}", group, operation, about))  # type: ignore[arg-type]  # both are groups
    found += [
        Behaviour(
            id=f"fails.{topic}-{number}.{times}",
            group="fails",
            title=f"{topic} {number}, {times}",
            about="Back off and try again, a few times.",
            topic=topic,
        )
        for topic, count in TOPICS.items()
        for number in range(count)
        for times in ("always", "once")
    ]
    return found


def exchange(number: int, hostile: str) -> dict[str, Any]:
    """Return one exchange as the tap shows it."""
    return {
        "number": number,
        "at": 0.25 * (number - 1),
        "request": {
            "method": "POST",
            "path": "/v1/images/generations",
            "headers": [["authorization", "Bearer sk-…"], ["content-type", "application/json"], ["x-odd", hostile]],
            "body": '{"model": "gpt-image-1", "prompt": "a fox ' + hostile.replace('"', "'") + '"}',
            "bytes": 51,
            "complete": True,
        },
        "reply": {
            "status": 429,
            "headers": [["content-type", "application/json"], ["retry-after", "1"]],
            "body": '{"error": {"message": "Rate limit reached", "type": "requests", "param": null, "code": "x"}}',
            "bytes": 92,
            "whole": True,
            "seconds": 0.004,
        },
        "gone": False,
        "played": "429-rate-limit",
        "dollars": 0.0,
    }


def witness(client: str, behaviour: str, hostile: str) -> Witness:
    """Return what shows a failure."""
    params = {"model": "gpt-image-1", "prompt": f"a fox {hostile}", "n": 1, "quality": None}
    asked = {"id": 7, "op": "generate", "base_url": "http://127.0.0.1/s/s1/v1", "api_key": "sk-…", "params": params}
    error = {"class": "RateLimitError", "module": "openai", "message": hostile, "status": 429, "code": None}
    replay = f"mockserver certify --client '{client}' --only {behaviour} --seed 42"
    return Witness(asked, {"id": 7, "ok": False, "error": error}, (exchange(1, hostile), exchange(2, hostile)), replay)


def chance(*words: str) -> int:
    """Return a number below a hundred which the words decide."""
    return int.from_bytes(hashlib.sha256("/".join(words).encode()).digest()[:4]) % 100


def cell(client: str, behaviour: Behaviour, fails: int) -> Cell:
    """Return a verdict that is the same every time."""
    number = chance(client, behaviour.id)
    verdict: Verdict = "fail" if number < fails else "allowed" if number > 96 else "absent" if number > 93 else "pass"
    if verdict in {"pass", "absent"}:
        reason = "it has no variations" if verdict == "absent" else ""
        return Cell(behaviour, verdict, cases=int(verdict == "pass") * 40, seconds=number / 1000, reason=reason)
    hostile = HOSTILE[number % len(HOSTILE)]
    rule = list(FINDINGS)[chance(behaviour.topic, "rule", str(number % 3)) % len(FINDINGS)]
    text = f"status 429 was expected and {hostile} was seen, which is what a caller would have to go by"
    return Cell(
        behaviour,
        verdict,
        (Finding(rule, text, "attempt 2"), Finding("status-lost", "the error has no status", "error.status")),
        witness(client, behaviour.id, hostile),
        f"known since 2026: {hostile}" if verdict == "allowed" else "",
        cases=2,
        seconds=number / 10,
    )


def certificate(client: str, version: str, runtime: str, fails: int) -> Certificate:
    """Return a row."""
    cells = tuple(cell(client, each, fails) for each in behaviours())
    stale = (f"the allowance of raw in fails.* covered nothing: {HOSTILE[fails % len(HOSTILE)]}",) if fails > 20 else ()
    return Certificate(client, version, runtime, cells, 12.3456, stale)


@pytest.fixture(scope="session")
def matrix() -> Matrix:
    """Five clients through all behaviours."""
    return Matrix(tuple(certificate(*client) for client in CLIENTS), "2026-11-25", "0.1.0", 42)
