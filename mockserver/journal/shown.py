"""An entry as JSON: every field in a fixed order, secrets masked, files by what was seen of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from mockserver.journal.entry import model_of, request_id_of, retry_of
from mockserver.journal.lines import line
from mockserver.journal.masks import Mask
from mockserver.journal.plain import plain, to_json, whole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mockserver.journal.entry import Entry
    from mockserver.journal.kept import Journal


def shown(entry: Entry, attempt: int | None = None) -> dict[str, object]:
    """Return everything that is known of an entry, as it may be shown.

    Args:
        entry: also one that is still being answered: `seconds` is then null.
        attempt: which attempt of the same logical request it is; None where that was not worked out.
    """
    mask = Mask(entry.headers)
    return cast("dict[str, object]", plain({**_told(entry, mask), "attempt": attempt, **_reply(entry, mask)}))


def _told(entry: Entry, mask: Mask) -> dict[str, object]:
    parameters = entry.condensed()
    return {
        "number": entry.number,
        "arrived": entry.arrived,
        "seconds": entry.seconds,
        "method": entry.method,
        "path": mask.text(entry.path),
        "prefix": entry.head.prefix,
        "query": mask.query_text(entry.head.query),
        "endpoint": entry.endpoint,
        "model": model_of(entry),
        "asked": mask.text(entry.asked),
        "parameters": None if parameters is None else mask.value("", parameters),
        "headers": mask.headers(entry.headers),
        "body_bytes": entry.received,
        "retry": retry_of(entry),
    }


def _reply(entry: Entry, mask: Mask) -> dict[str, object]:
    return {
        "status": entry.status,
        "request_id": request_id_of(entry),
        "rule": entry.rule,
        "hint": mask.text(entry.hint),
        "dollars": round(entry.dollars, 6),
        "reply": {
            "headers": mask.headers(entry.reply_headers),
            "bytes": 0 if entry.method == "HEAD" else entry.sent,
            "events": list(entry.events),
            "complete": entry.complete,
        },
        "cut": entry.cut,
        "gone": entry.gone,
        "played": entry.played,
        "seed": entry.seed,
    }


def shown_value(entry: Entry, path: str) -> object:
    """Return one parameter of an entry as JSON can say it; `images[0].file_id` looks inside. Raises `KeyError`."""
    value: object = entry.condensed() or {}
    for step in path.replace("[", ".").replace("]", "").split("."):
        told = plain(value) if not isinstance(value, dict | list) else value
        if isinstance(told, list) and step.isascii() and step.isdecimal() and int(step[:6]) < len(told):
            value = told[int(step[:6])]
        elif isinstance(told, dict):
            value = told[step]
        else:
            raise KeyError(path)
    return plain(value)


def export(journal: Journal, entries: Iterable[Entry] | None = None) -> dict[str, object]:
    """Return a journal as JSON: its bounds, how many entries fell out, and the entries (None for all)."""
    attempts = journal.attempts()
    kept = journal.entries() if entries is None else entries
    return {
        "kept": len(journal),
        "dropped": journal.dropped,
        "most_entries": journal.most_entries,
        "most_bytes": journal.most_bytes,
        "bytes": journal.bytes,
        "entries": [shown(entry, attempts.get(entry.number)) for entry in kept],
    }


def export_text(journal: Journal, entries: Iterable[Entry] | None = None) -> str:
    """Return the same as text: JSON in printable ASCII."""
    return to_json(export(journal, entries), indent=2)


def told_in_a_line(entry: Entry) -> str:
    """Return an entry's log line with its number, as a person may see it."""
    return whole(f"#{entry.number}  {line(entry, entry.seconds or 0.0)}")
