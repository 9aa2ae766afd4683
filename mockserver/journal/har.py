"""A journal as an HTTP archive (HAR 1.2), which browsers and proxies read."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from mockserver.journal.entry import header
from mockserver.journal.masks import Mask
from mockserver.journal.plain import plain, to_json
from mockserver.journal.seen import Long, Seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mockserver.journal.entry import Entry

LONGEST_TEXT: Final = 64 * 1024
"""Bytes of a request's body that is told in full."""

_PATH: Final = "/:@!$&'()*+,;=-._~"


def har(entries: Iterable[Entry], version: str = "") -> dict[str, object]:
    """Return an archive of entries; those that are still being answered are left out.

    Replies are told by size and type, as their bytes are not kept. What HAR has no field for begins with `_`.
    """
    told = [_entry(entry) for entry in entries if entry.seconds is not None]
    return {"log": {"version": "1.2", "creator": {"name": "mockserver", "version": version}, "entries": told}}


def har_text(entries: Iterable[Entry], version: str = "") -> str:
    """Return the same as text: JSON in printable ASCII."""
    return to_json(har(entries, version), indent=2)


def _entry(entry: Entry) -> dict[str, object]:
    mask = Mask(entry.headers)
    milliseconds = round((entry.seconds or 0.0) * 1000, 3)
    return {
        "startedDateTime": _moment(entry.arrived),
        "time": milliseconds,
        "request": _request(entry, mask),
        "response": _response(entry, mask),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "_number": entry.number,
        "_rule": entry.rule,
        "_played": plain(entry.played),
        "_events": list(entry.events),
        "_dollars": round(entry.dollars, 6),
    }


def _moment(seconds: float) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    except (OverflowError, ValueError, OSError):  # a clock that was set beyond the calendar
        return "1970-01-01T00:00:00.000+00:00"


def _request(entry: Entry, mask: Mask) -> dict[str, object]:
    told: dict[str, object] = {
        "method": entry.method,
        "url": url_of(entry, mask),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(mask.headers(entry.headers)),
        "queryString": _pairs(mask.query(entry.head.query)),
        "headersSize": -1,
        "bodySize": entry.received,
    }
    posted = _posted(entry, mask)
    return {**told, "postData": posted} if posted else told


def url_of(entry: Entry, mask: Mask) -> str:
    """Return the whole URL of a request, as it may be shown."""
    query = mask.query_text(entry.head.query)
    path = quote(mask.text(entry.head.prefix + entry.path), safe=_PATH, errors="replace")
    return f"{origin_of(entry)}{path}{'?' if query else ''}{query}"


def origin_of(entry: Entry) -> str:
    """Return scheme and host of a request; a host that is none is left out."""
    host = header(entry.headers, b"host")
    legal = host and all(character.isalnum() or character in ".-:[]_" for character in host) and host.isascii()
    return f"{entry.head.scheme}://{host if legal else '127.0.0.1'}"


def _posted(entry: Entry, mask: Mask) -> dict[str, object] | None:
    media_type = header(entry.headers, b"content-type").partition(";")[0].strip()
    if entry.body:
        text = entry.body[:LONGEST_TEXT].decode("utf-8", "replace")
        cut = {} if len(entry.body) <= LONGEST_TEXT else {"_cut": True}
        return {"mimeType": media_type, "text": mask.text(text), **cut}
    read = entry.condensed()
    if not read:
        return None
    return {
        "mimeType": media_type,
        "params": [each for name, value in read.items() for each in _fields(name, value, mask)],
    }


def _fields(name: str, value: object, mask: Mask) -> list[dict[str, object]]:
    if isinstance(value, list):
        return [field for member in value for field in _fields(f"{name}[]", member, mask)]
    if isinstance(value, Seen):
        file = {"fileName": value.filename, "contentType": value.media_type or ""}
        return [{"name": name, **file, "_bytes": value.size, "_sha256": value.digest()}]
    shown = mask.value(name, value.told() if isinstance(value, Long) else value)
    return [{"name": name, "value": shown if isinstance(shown, str) else to_json(shown)}]


def _response(entry: Entry, mask: Mask) -> dict[str, object]:
    headers = mask.headers(entry.reply_headers)
    size = 0 if entry.method == "HEAD" else entry.sent
    return {
        "status": entry.status,
        "statusText": _phrase(entry.status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(headers),
        "content": {"size": size, "mimeType": header(entry.reply_headers, b"content-type")},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": size,
        **({} if entry.complete else {"_error": "the reply did not come to its end"}),
    }


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _pairs(pairs: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]
