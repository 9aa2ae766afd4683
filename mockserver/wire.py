"""One reply on the wire: a value that is itself an ASGI app, so replies and apps are interchangeable."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive, Scope, Send

    from mockserver.headers import Header

WHOLE: Final = "mockserver.whole"
"""Marks the head of a reply whose body follows at once and in one piece, so that our server may write both together."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply: status, every header, body."""

    status: int
    headers: list[Header]
    body: bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's shape
        """Send the reply."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers, WHOLE: True})
        await send({"type": "http.response.body", "body": self.body})


def sized(headers: list[Header], body: bytes) -> list[Header]:
    """Return `headers` with the length of `body`; without it the server sends chunks."""
    return [*headers, (b"content-length", b"%d" % len(body))]


_HEADERS: Final = "mockserver.headers"


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """Return the headers of a request by name; of one that is repeated, the last. Made once for each request."""
    found: dict[bytes, bytes] | None = scope.get(_HEADERS)
    if found is None:
        found = scope[_HEADERS] = dict(scope["headers"])
    return found


_RANGE: Final = re.compile(rb"bytes=(\d{1,18})-(\d{0,18})")


def ranged(whole: Reply, asked: Mapping[bytes, bytes]) -> Reply:
    """Return the part of a reply that a `Range` header asks for, or the whole with its length.

    Only one range from a start is understood, as the blob store does; other forms get the whole.
    """
    found = _RANGE.fullmatch(asked.get(b"range", b""))
    size = len(whole.body)
    start, end = (int(found[1]), min(int(found[2] or size), size - 1)) if found else (size, 0)
    if start > end:
        return Reply(whole.status, sized(whole.headers, whole.body), whole.body)
    part = whole.body[start : end + 1]
    span = (b"content-range", b"bytes %d-%d/%d" % (start, end, size))
    return Reply(206, sized([*whole.headers, span], part), part)
