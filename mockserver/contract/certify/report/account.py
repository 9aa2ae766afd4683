"""A failing cell as lines of plain text: what must hold, what was found, what was asked, told and sent."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from mockserver.contract.certify.verdict import FINDINGS
from mockserver.journal.plain import shown_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mockserver.contract.certify.verdict import Cell, Finding, Witness

_MARGIN: Final = 10
_MOST: Final = 2000
"""Characters of one line that are shown."""

_PAIR: Final = 2

_TELLING: Final = re.compile(
    r"authorization|api-key|content-(type|length|encoding)|transfer-encoding|retry-after(-ms)?|x-should-retry"
    r"|x-request-id|idempotency-key|x-stainless-retry-count|x-mock-.*|x-ratelimit-.*",
    re.IGNORECASE,
)
"""Headers that can matter to a finding."""


def account(cell: Cell) -> Iterator[str]:
    """Yield the lines about one cell, without colour, each safe for a terminal."""
    if cell.reason:
        yield _line(cell.verdict, cell.reason)
    yield _line("must", cell.behaviour.about)
    for finding in cell.findings:
        yield _line("finding", sentence(finding))
        yield _line("", f"({finding.rule}: {FINDINGS.get(finding.rule, 'a rule of another version')})")
    if cell.witness is not None:
        yield from _shown(cell.witness)


def sentence(finding: Finding) -> str:
    """Return what is wrong and where, on one printable line."""
    text = clean(finding.text)
    return f"{clean(finding.place)}: {text}" if finding.place and finding.place not in finding.text else text


def clean(text: str, most: int = _MOST) -> str:
    """Return text on one printable line."""
    return shown_text(text, most)


def compact(value: object) -> str:
    """Return a JSON value on one line."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _line(label: str, text: str) -> str:
    return f"{label:<{_MARGIN}}{clean(text)}".rstrip()


def _shown(witness: Witness) -> Iterator[str]:
    yield _line("asked", compact(witness.asked))
    yield _line("told", "nothing" if witness.told is None else compact(witness.told))
    for exchange in witness.exchanges:
        yield from _exchange(exchange)
    yield _line("replay", witness.replay)


def _exchange(exchange: Mapping[str, Any]) -> Iterator[str]:
    request, reply = parts(exchange)
    yield _line(f"wire {exchange.get('number', '')}", headline(exchange))
    yield from _half(">", request)
    yield from _half("<", reply)


def parts(exchange: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return request and reply of a shown exchange; empty where it has none."""
    request, reply = exchange.get("request"), exchange.get("reply")
    return (request if isinstance(request, dict) else {}), (reply if isinstance(reply, dict) else {})


def headline(exchange: Mapping[str, Any]) -> str:
    """Return what an exchange was, in a line: method, path, status, when, and what was played on it."""
    request, reply = parts(exchange)
    status = reply.get("status") or "no reply"
    ending = "" if reply.get("whole", True) else ", broken off"
    at = exchange.get("at")
    when = f" after {at:g} s" if isinstance(at, int | float) else ""
    played = f" [{exchange['played']}]" if exchange.get("played") else ""
    return f"{request.get('method', '?')} {request.get('path', '?')} → {status}{ending}{when}{played}"


def headers(half: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the headers of a request or a reply that can matter."""
    told = half.get("headers")
    pairs = [pair for pair in told if isinstance(pair, list) and len(pair) == _PAIR] if isinstance(told, list) else []
    return [(str(key), str(value)) for key, value in pairs if _TELLING.fullmatch(str(key))]


def _half(mark: str, half: Mapping[str, Any]) -> Iterator[str]:
    for key, value in headers(half):
        yield _line("", f"{mark} {key}: {value}")
    if half.get("body"):
        yield _line("", f"{mark} {half['body']}")
