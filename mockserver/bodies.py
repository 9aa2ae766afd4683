"""From ASGI messages to a body of bounded size, and from a body to parameters."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Final, NoReturn

from starlette.requests import ClientDisconnect

from mockserver import errors

if TYPE_CHECKING:
    from starlette.types import Receive

    from mockserver.journal import Entry

JSON_LIMIT: Final = 24 * 1024 * 1024
"""Bytes of a JSON body at most: room for one image URL of 20,971,520 characters; the real limit is unknown."""

DRAIN_LIMIT: Final = 512 * 1024 * 1024
"""Bytes of a body that is too large that are read and forgotten, so that the client gets to see the refusal."""

_STALLED: Final = "the body stalled"

STALL_SECONDS: Final = 20.0
"""Seconds that the next part of a body may take."""


class Patience:
    """Ends the reading of bodies that stopped arriving.

    One timer looks after all of them, since a timer for each would cost a hot request a twentieth of its time.
    """

    def __init__(self, seconds: float = STALL_SECONDS) -> None:
        self.seconds = seconds
        self._waiting: dict[asyncio.Task[object], float] = {}
        self._timer: asyncio.TimerHandle | None = None

    async def part(self, receive: Receive) -> tuple[bytes, bool]:
        """Return the next bytes of a body, and whether more follow.

        Raises:
            ApiError: nothing came for `seconds`, or up to half as long again.
            ClientDisconnect: the client went away.
        """
        task: asyncio.Task[object] = asyncio.current_task()  # type: ignore[assignment]  # a request runs in one
        self._waiting[task] = asyncio.get_running_loop().time()
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self.seconds / 2, self._look)
        try:
            message = await receive()
        except asyncio.CancelledError as cancelled:
            if cancelled.args != (_STALLED,):
                raise
            task.uncancel()
            raise errors.body_stalled(self.seconds) from None
        finally:
            del self._waiting[task]
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        return message.get("body", b""), message.get("more_body", False)

    def _look(self) -> None:
        latest = asyncio.get_running_loop().time() - self.seconds
        for task in [task for task, since in self._waiting.items() if since < latest]:
            task.cancel(_STALLED)
        self._timer = None
        if self._waiting:
            self._timer = asyncio.get_running_loop().call_later(self.seconds / 2, self._look)


async def read(entry: Entry, receive: Receive, patience: Patience, limit: int = JSON_LIMIT) -> bytes:
    """Return the whole body, and note it in the entry.

    Raises:
        ApiError: it is longer than `limit` bytes, or stopped arriving.
        ClientDisconnect: the client went away.
    """
    body, more = await patience.part(receive)
    if more:
        body = await _rest(entry, body, receive, patience, limit)
    if len(body) > limit:
        raise errors.body_too_large()
    entry.body, entry.received = body, len(body)
    return body


async def _rest(entry: Entry, first: bytes, receive: Receive, patience: Patience, limit: int) -> bytes:
    parts = [first]
    size, more = len(first), True
    while more and size <= DRAIN_LIMIT:
        entry.received = size
        part, more = await patience.part(receive)
        size += len(part)
        if size <= limit:
            parts.append(part)
        else:
            parts.clear()
    entry.received = size
    if size > limit:
        raise errors.body_too_large()
    return b"".join(parts)


def parameters(body: bytes, media_type: str | None) -> dict[str, object]:
    """Return the parameters of a JSON body. A request that names no media type is read as JSON.

    Raises:
        ApiError: another media type, or a body that is not one JSON object in UTF-8.
    """
    if media_type is not None and media_type.lower() != "application/json":
        raise errors.unsupported_content_type(media_type, "application/json")
    try:
        value = json.loads(body.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise errors.unparsable_json() from None
    if not isinstance(value, dict):
        raise errors.unparsable_json()
    return value


def _refuse_constant(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python reads and JSON does not have."""
    raise ValueError(name)
