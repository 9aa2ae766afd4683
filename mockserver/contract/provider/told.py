"""Says what came of a run: each case that differs, with a command that asks it again, and the sums."""

from __future__ import annotations

import json
import re
import shlex
import string
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import click

from mockserver import datafiles
from mockserver.contract.provider.case import parts
from mockserver.contract.provider.expected import Granted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mockserver.contract.case import Part
    from mockserver.contract.provider.case import Case
    from mockserver.contract.provider.gate import Outcome

_WIDTH: Final = 200
"""Characters of a request that are shown."""

_LONGEST: Final = 4000
"""Characters of a command that are worth pasting."""


def failure(outcome: Outcome, base_url: str) -> Iterator[str]:
    """Yield the lines about one case that differs: which it is, what was asked, what differs, how to see it again."""
    case = outcome.case
    yield click.style(f"✗ {case.id}", fg="red", bold=True)
    yield f"  asked     {_short(_shown(case))}"
    for fault in outcome.faults:
        yield from (f"  {line}" for line in fault.lines())
    command = curl(case, base_url)
    if command:
        yield click.style(f"  {command}", dim=True)
    yield ""


def _shown(case: Case) -> str:
    if case.sent:
        return case.sent.data.decode("utf-8", "backslashreplace")
    return json.dumps(case.body, ensure_ascii=False)


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}… ({len(text):,} characters)"


def curl(case: Case, base_url: str) -> str:
    """Return a command of bash that asks the same again; empty where it would be too long to paste."""
    request = case.request()
    words = [f"curl -sS {base_url.rstrip('/')}{request.path}", '-H "Authorization: Bearer $OPENAI_API_KEY"']
    if case.media == "form" and not case.sent:
        words += [_field(part) for part in parts(case.body)]
    elif len(request.data) <= _LONGEST:
        words += [f"-H {shlex.quote(f'Content-Type: {request.content_type or str()}')}"]
        words += [f"--data-binary {_quoted(request.data)}"]
    else:
        return ""
    command = " ".join(words)
    return command if len(command) <= _LONGEST else ""


def _field(part: Part) -> str:
    if part.filename is None:
        return f"--form-string {_quoted(part.name.encode() + b'=' + part.content)}"
    path = datafiles.path("fixtures", "images", part.filename)
    kind = f";type={part.content_type}" if part.content_type else ""
    return "-F " + shlex.quote(f"{part.name}=@{path}{kind}")


def _quoted(data: bytes) -> str:
    """Return bytes as one word of bash."""
    text = data.decode("latin-1")
    if text.isascii() and text.isprintable():
        return shlex.quote(text)
    plain = string.ascii_letters + string.digits + string.punctuation.replace("'", "").replace("\\", "") + " "
    escaped = "".join(each if each in plain else f"\\x{ord(each):02x}" for each in text)
    return f"$'{escaped}'"


def summary(outcomes: Sequence[Outcome], seconds: float) -> str:
    """Return the lines that tell it all."""
    failed = sum(bool(outcome.faults) for outcome in outcomes)
    due = Counter("granted" if isinstance(outcome.case.due, Granted) else "refused" for outcome in outcomes)
    told = f"{failed:,} differ" if failed else "all as the contract says"
    head = f"{len(outcomes):,} {'case' if len(outcomes) == 1 else 'cases'} in {seconds:.0f} seconds: {told}"
    lines = [
        click.style(head, fg="red" if failed else "green", bold=True),
        f"  {due['granted']:,} to be granted, {due['refused']:,} to be refused",
        f"  {_facets(outcomes):,} facets: each rule of each family of models alone, and pairs of what goes together",
    ]
    if failed:
        lines += ["", "most often:", *_most_often(outcomes)]
    return "\n".join(lines)


def _facets(outcomes: Sequence[Outcome]) -> int:
    """Return how many facets were tried: cases are named after theirs."""
    ids = (outcome.case.id for outcome in outcomes)
    return len({_rule(name) for name in ids if name.startswith(("accept/", "reject/"))})


def _rule(name: str) -> str:
    return re.split("[@#]", name, maxsplit=1)[0]


def _most_often(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield the rules that most failed cases are about."""
    rules = Counter(_rule(outcome.case.id) for outcome in outcomes if outcome.faults)
    yield from (f"  {count:5}  {rule}" for rule, count in rules.most_common(10))


def document(base_url: str, outcomes: Sequence[Outcome], seconds: float) -> Mapping[str, Any]:
    """Return the run as a JSON-ready document."""
    return {
        "base_url": base_url,
        "cases": len(outcomes),
        "facets": _facets(outcomes),
        "seconds": round(seconds, 1),
        "differ": [
            {
                "id": outcome.case.id,
                "asked": _short(_shown(outcome.case)),
                "faults": [
                    {"place": fault.place, "expected": fault.expected, "actual": fault.actual, "note": fault.note}
                    for fault in outcome.faults
                ],
                "curl": curl(outcome.case, base_url),
            }
            for outcome in outcomes
            if outcome.faults
        ],
    }
