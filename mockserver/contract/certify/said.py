"""What one reply on the wire said: a picture, a refusal with its words, or nothing that can be relied on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mockserver.contract.certify.exchange import Exchange

_OK: Final = 200
_REFUSAL: Final = 400
_PICTURES: Final = ("b64_json", "url", "bytes_sha256")
"""Keys under which a picture may stand, in a reply or in what a client returns."""

_COMPLETED: Final = ".completed"


@dataclass(frozen=True, slots=True)
class Said:
    """What a failure told of itself, as far as it did."""

    status: int | None = None
    code: str | None = None
    message: str = ""
    request_id: str | None = None


def is_refusal(exchange: Exchange) -> bool:
    """Whether a whole reply came, with a status that refuses."""
    return exchange.whole and exchange.status is not None and exchange.status >= _REFUSAL


def is_lost(exchange: Exchange) -> bool:
    """Whether the reply broke off, or never began."""
    return not exchange.whole


def has_picture(exchange: Exchange) -> bool:
    """Whether a whole success came that holds a picture, however it is declared."""
    return exchange.whole and exchange.status == _OK and holds_picture(_document(exchange))


def holds_picture(value: Mapping[str, Any]) -> bool:
    """Whether a reply, or what a client returned, holds a picture; a partial one is none."""
    data, events = value.get("data"), value.get("events")
    if isinstance(events, list):
        return any(_is_picture(event) for event in events if _type(event).endswith(_COMPLETED))
    return isinstance(data, list) and bool(data) and all(map(_is_picture, data))


def _is_picture(value: object) -> bool:
    return isinstance(value, dict) and any(isinstance(value.get(key), str) and value[key] for key in _PICTURES)


def _type(event: object) -> str:
    return str(event.get("type")) if isinstance(event, dict) else ""


def said(exchange: Exchange) -> Said:
    """Return what a reply told of a failure; of an event stream, its first error."""
    document = _document(exchange)
    error = document.get("error")
    if "events" in document:
        error = next((event.get("error", event) for event in document["events"] if _is_error(event)), None)
    fields = error if isinstance(error, dict) else {"message": error}
    code, message = fields.get("code"), fields.get("message")
    return Said(
        status=exchange.status,
        code=code if isinstance(code, str) and code and _is_declared(exchange) else None,
        message=message if isinstance(message, str) else "",
        request_id=exchange.reply_header("x-request-id"),
    )


def _is_error(event: object) -> bool:
    return isinstance(event, dict) and (event.get("type") == "error" or "error" in event)


def _is_declared(exchange: Exchange) -> bool:
    """Whether a client can know how to read the body."""
    media_type = exchange.reply_header("content-type") or ""
    return "json" in media_type or "event-stream" in media_type


def _document(exchange: Exchange) -> dict[str, Any]:
    """Return the object of a reply, or the events of a stream under `events`; empty where it is neither."""
    body = _seen(exchange)
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        events = list(_events(body))
        return {"events": events} if events else {}
    return document if isinstance(document, dict) else {}


def _seen(exchange: Exchange) -> bytes:
    """Return the body as far as the head says that it goes."""
    length = exchange.reply_header("content-length")
    return exchange.reply_body[: int(length)] if length is not None else exchange.reply_body


def _events(body: bytes) -> Iterator[Any]:
    for line in body.splitlines():
        if line.startswith(b"data:"):
            try:
                yield json.loads(line[5:])
            except (ValueError, RecursionError):
                continue
