"""What was asked and answered: one entry per request, told in one line of log."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

    from mockserver.clock import Clock

LOG: Final = logging.getLogger("mockserver")

_ENTRY: Final = "mockserver.entry"

_PROMPT_SHOWN: Final = 60
"""Characters of a prompt that a log line shows."""


@dataclass(slots=True)
class Entry:
    """One request and what became of it; filled while it is answered."""

    method: str
    path: str
    started: float
    """The clock's stopwatch on arrival."""

    known: bool = False
    """Whether the key told whose request it is."""

    parameters: Mapping[str, object] | None = None
    """What was asked, as sent; None until it is read."""

    token: str = ""
    """32 hex digits of the request's id; empty until one is drawn."""

    asked: str = ""
    """What was asked, as understood, in a few words; empty where it was refused."""

    status: int = 0
    """0 until an answer begins."""

    rule: str = ""
    """The rule that refused it."""

    hint: str = ""
    """What the person behind the client may want to know."""

    dollars: float = 0.0
    """What the real API would have charged."""

    played: list[dict[str, object]] = field(default_factory=list)
    """What was made to go wrong: scenario, door, attempt, seed."""


class Recorder:
    """Wraps an app; opens an entry on arrival and tells it when the app is done."""

    def __init__(self, app: ASGIApp, clock: Clock) -> None:
        self.app = app
        self.clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with an entry of its own."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        entry = scope[_ENTRY] = Entry(scope["method"], scope["path"], self.clock.stopwatch())
        try:
            await self.app(scope, receive, send)
        finally:
            if LOG.isEnabledFor(logging.INFO):
                LOG.info("%s", line(entry, self.clock.stopwatch() - entry.started))


def entry_of(scope: Scope) -> Entry:
    """Return the entry that the recorder opened for this request."""
    return cast("Entry", scope[_ENTRY])


def line(entry: Entry, seconds: float) -> str:
    """Return the log line of an entry that is done."""
    told = [f"{entry.status or '---'} {entry.method} {printable(entry.path)}"]
    if entry.asked or entry.parameters:
        told.append(entry.asked or summary(entry.parameters or {}))
    if entry.rule:
        told.append(f"refused by {entry.rule}")
    if entry.hint:
        told.append(entry.hint)
    told.append(f"{seconds * 1000:.0f} ms")
    if entry.dollars:
        told.append(f"${entry.dollars:.3f} saved")
    return " · ".join(told)


def summary(parameters: Mapping[str, object]) -> str:
    """Say what was asked, as sent: the model, every scalar parameter, the beginning of the prompt."""
    told = {name: _word(value) for name, value in parameters.items() if name != "prompt"}
    model = told.pop("model", "(no model)")
    words = [f"{printable(name)}={value}" for name, value in told.items()]
    return " ".join([model, *words, *quoted(parameters.get("prompt"))])


def _word(value: object) -> str:
    if isinstance(value, str):
        return printable(value)
    if value is None or isinstance(value, bool | int | float):
        return printable(json.dumps(value))
    return {list: "[…]", dict: "{…}"}.get(type(value), "(file)")


def quoted(prompt: object) -> list[str]:
    """Return the prompt in quotes, shortened; nothing where there is none."""
    return [f'"{printable(prompt)}"'] if isinstance(prompt, str) else []


def printable(text: str) -> str:
    """Return text that cannot move a terminal's cursor, nor fill its screen."""
    shown = text[:_PROMPT_SHOWN]
    clean = shown if shown.isprintable() else "".join(c if c.isprintable() else "·" for c in shown)
    return clean if len(text) <= _PROMPT_SHOWN else f"{clean}…"
