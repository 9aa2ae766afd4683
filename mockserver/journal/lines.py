"""An entry as one line of log."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mockserver.journal.entry import Entry

LOG: Final = logging.getLogger("mockserver")

_PROMPT_SHOWN: Final = 60
"""Characters of a prompt that a log line shows."""


def line(entry: Entry, seconds: float) -> str:
    """Return the log line of an entry that is done."""
    told = [f"{entry.status or '---'} {entry.method} {printable(entry.path)}"]
    if entry.asked or entry.parameters:
        told.append(entry.asked or summary(entry.parameters or {}))
    told += [f"{_played(one)} played by {one.get('door')}" for one in entry.played]
    if entry.rule:
        told.append(f"refused by {entry.rule}")
    if entry.hint:
        told.append(entry.hint)
    told.append(f"{seconds * 1000:.0f} ms")
    if entry.dollars:
        told.append(f"${entry.dollars:.3f} saved")
    return " · ".join(told)


def _played(one: Mapping[str, Any]) -> str:
    """Return the name of what went wrong on purpose."""
    return str(one["scenario"]) if "scenario" in one else " and ".join(one.get("faults") or ["a success"])


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
    if isinstance(value, list):
        return "[…]"
    return "{…}" if isinstance(value, dict) else "(file)"


def quoted(prompt: object) -> list[str]:
    """Return the prompt in quotes, shortened; nothing where there is none."""
    return [f'"{printable(prompt)}"'] if isinstance(prompt, str) else []


def printable(text: str) -> str:
    """Return text that cannot move a terminal's cursor, nor fill its screen."""
    shown = text[:_PROMPT_SHOWN]
    clean = shown if shown.isprintable() else "".join(c if c.isprintable() else "·" for c in shown)
    return clean if len(text) <= _PROMPT_SHOWN else f"{clean}…"
