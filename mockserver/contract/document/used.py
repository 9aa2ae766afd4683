"""What a client was seen to ask: the requests of a journal, as JSON or as HAR, from a file or a running server."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

from mockserver import params
from mockserver.errors import ApiError
from mockserver.models import FORM_RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mockserver.contract.document.families import Media

_SECONDS: Final = 10
"""How long a server may take to answer."""

_FILE: Final = "a file"
"""Stands for a file, as in schemas."""


class UnreadableJournalError(Exception):
    """Something that is no journal of requests."""


@dataclass(frozen=True, slots=True)
class Used:
    """One request."""

    number: int
    operation: str
    media: Media
    parameters: Mapping[str, Any]
    """As the API understands them: of a form what its texts mean, and text for a file."""

    succeeded: bool


def read_journal(where: str) -> list[Used]:
    """Return the requests for pictures that a journal holds.

    Args:
        where: a file, or the URL of `/_mock/journal` or `/_mock/journal.har`.

    Raises:
        UnreadableJournalError: it cannot be read, or is no journal.
    """
    try:
        found = json.loads(_text(where))
        return list(_of_har(found["log"]) if "log" in found else _of_journal(found))
    except (OSError, urllib.error.URLError) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
        message = f"cannot read the journal {where}: {str(reason).lower()}"
        raise UnreadableJournalError(message) from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        message = f"the journal {where} is none: give the JSON of /_mock/journal, or a HAR file"
        raise UnreadableJournalError(message) from error


def _text(where: str) -> str:
    if where.startswith(("http://", "https://")):
        with urllib.request.urlopen(where, timeout=_SECONDS) as reply:  # noqa: S310 - http alone, see above
            return cast("bytes", reply.read()).decode()
    return Path(where).read_text(encoding="utf-8")


def _of_journal(told: Mapping[str, Any]) -> Iterator[Used]:
    for entry in told["entries"]:
        media_type = next((value for name, value in entry["headers"] if name.lower() == "content-type"), "")
        yield from _used(
            entry["number"],
            entry["path"],
            "form" if media_type.startswith("multipart/") else "json",
            entry["parameters"] or {},
            entry["status"],
        )


def _of_har(log: Mapping[str, Any]) -> Iterator[Used]:
    for place, entry in enumerate(log["entries"], 1):
        request, posted = entry["request"], entry["request"].get("postData") or {}
        form = str(posted.get("mimeType", "")).startswith("multipart/")
        fields = _fields(posted.get("params") or []) if form else _body(posted.get("text", ""))
        path, status = urlsplit(request["url"]).path, entry["response"]["status"]
        yield from _used(entry.get("_number", place), path, "form" if form else "json", fields, status)


def _fields(parts: list[Mapping[str, Any]]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for part in parts:
        name, value = part["name"], _FILE if "fileName" in part else part.get("value", "")
        if name.endswith("[]"):
            fields.setdefault(name.removesuffix("[]"), []).append(value)
        else:
            fields[name] = value
    return fields


def _body(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _used(number: int, path: str, media: Media, parameters: Mapping[str, Any], status: int | None) -> Iterator[Used]:
    operation = path.rpartition("/images/")[2]
    if "/images/" in path and parameters:
        meant = {name: _meant(name, value) for name, value in parameters.items()} if media == "form" else parameters
        yield Used(number, operation, media, meant, succeeded=status == 200)  # noqa: PLR2004 - HTTP's own


def _meant(param: str, value: Any) -> Any:  # noqa: ANN401 - parsed JSON
    """Return what a field of a form means."""
    if isinstance(value, dict):
        return _FILE
    if isinstance(value, list):
        return [_meant(param, each) for each in value]
    try:
        return params.from_form(FORM_RULES, {param: value})[param]
    except ApiError:
        return value
