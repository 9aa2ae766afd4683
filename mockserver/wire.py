"""One reply on the wire: a value that is itself an ASGI app, so replies and apps are interchangeable."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mockserver.whole import RECORDER, WHOLE, direct

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping

    from starlette.types import Receive, Scope, Send

    from mockserver.headers import Head
    from mockserver.whole import Recorder


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply: status, every header, body."""

    status: int
    headers: Head
    body: bytes
    rest: tuple[bytes, ...] = ()
    """What follows `body`, in pieces, so that what is large need not be copied."""

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:  # noqa: ARG002 - ASGI's shape
        """Send the reply, in one message where it can be."""
        if direct(send):
            body = (self.body, *self.rest)
            size = sum(map(len, body))
            message = {"type": WHOLE, "status": self.status, "headers": self.headers, "body": body, "size": size}
            recorder: Recorder | None = scope.get(RECORDER)
            return send(message) if recorder is None else recorder.whole(scope, message, send)
        return self._in_two(send)

    async def _in_two(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers, WHOLE: True})
        await send({"type": "http.response.body", "body": b"".join((self.body, *self.rest))})


def sized(headers: Head, body: bytes) -> Head:
    """Return `headers` with the length of `body`; without it the server sends chunks."""
    return headers + [(b"content-length", b"%d" % len(body))]  # noqa: RUF005 - an `ApiHead` stays one


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
