"""An exchange as JSON for a person: keys masked, pictures and other long texts shortened, files by their digest."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, Final

from mockserver.journal.masks import Mask
from mockserver.journal.plain import whole

if TYPE_CHECKING:
    from mockserver.contract.certify.exchange import Exchange

_MOST: Final = 4000
"""Characters of a body that are shown."""

_HEAD: Final = 24
"""Characters that are shown of a long word."""

_LONG: Final = re.compile(r"[A-Za-z0-9+/_-]{160,}={0,2}")
"""A run of characters that is base64, or as unreadable."""

_BOUNDARY: Final = re.compile(r'boundary="?([^";]{1,200})"?', re.IGNORECASE)


def shown(exchange: Exchange, since: float) -> dict[str, Any]:
    """Return an exchange as JSON can say it, with seconds counted from `since`."""
    mask = Mask(exchange.request_headers)
    request_type = exchange.header("content-type") or ""
    return {
        "number": exchange.number,
        "at": round(exchange.arrived - since, 3),
        "request": {
            "method": exchange.method,
            "path": whole(mask.text(exchange.path)),
            "headers": [list(each) for each in mask.headers(exchange.request_headers)],
            "body": mask.text(_body(exchange.request_body, request_type)),
            "bytes": len(exchange.request_body),
            "complete": exchange.complete,
        },
        "reply": {
            "status": exchange.status,
            "headers": [list(each) for each in mask.headers(exchange.reply_headers)],
            "body": mask.text(_body(exchange.reply_body, exchange.reply_header("content-type") or "")),
            "bytes": len(exchange.reply_body),
            "whole": exchange.whole,
            "cut": exchange.cut,
            "seconds": None if exchange.finished is None else round(exchange.finished - exchange.arrived, 3),
        },
        "gone": exchange.gone,
        "played": exchange.played,
        "dollars": round(exchange.dollars, 6),
    }


def shortened(text: str) -> str:
    """Return text with long unbroken words cut down, and as much of the whole as a person will read."""
    text = _LONG.sub(lambda word: f"{word[0][:_HEAD]}… ({len(word[0])} characters)", text)
    return text if len(text) <= _MOST else f"{text[:_MOST]}… ({len(text)} characters)"


def _body(body: bytes, media_type: str) -> str:
    boundary = _BOUNDARY.search(media_type)
    if boundary is None:
        return shortened(_text(body))
    parts = body.split(b"--" + boundary[1].encode("latin-1"))
    return shortened(f"--{boundary[1]}".join(map(_part, parts)))


def _part(part: bytes) -> str:
    """Return a part of a form: its head as it is, its content if that is text."""
    head, blank, content = part.partition(b"\r\n\r\n")
    ending = b"\r\n" if content.endswith(b"\r\n") else b""
    return _text(head) + _text(blank) + _text(content.removesuffix(ending)) + _text(ending)


def _text(data: bytes) -> str:
    """Return bytes as text, or what is known of them where they are none."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return f"({len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()})"
    return text.replace("\0", "\\0")
