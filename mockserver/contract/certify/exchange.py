"""One request of a client under test and the reply it got, byte for byte, as the server's socket saw them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(slots=True)
class Exchange:
    """One request and its reply; the reply grows while it is sent."""

    number: int
    """Counted from 1 in its session."""

    arrived: float
    """Seconds on a monotonic clock when the request's head arrived."""

    method: str
    path: str
    """As the client sees it below its base URL's host: the session's prefix is taken off, the query is kept."""

    request_headers: Sequence[tuple[bytes, bytes]]
    request_body: bytes = b""
    complete: bool = False
    """Whether the whole body of the request arrived."""

    status: int | None = None
    """None where no reply was begun."""

    reply_headers: Sequence[tuple[bytes, bytes]] = field(default_factory=tuple)
    reply_body: bytes = b""
    """What was really handed to the socket."""

    finished: float | None = None
    """Seconds on the same clock when the reply was sent in full, or broke off."""

    whole: bool = False
    """Whether the reply was sent to its end."""

    played: str | None = None
    """The scenario that was played on it; None for none."""

    def header(self, name: str) -> str | None:
        """Return a request header's value; None where it is not there."""
        return _found(self.request_headers, name)

    def reply_header(self, name: str) -> str | None:
        """Return a reply header's value; None where it is not there."""
        return _found(self.reply_headers, name)


def _found(headers: Sequence[tuple[bytes, bytes]], name: str) -> str | None:
    wanted = name.lower().encode()
    return next((value.decode("latin-1") for key, value in headers if key.lower() == wanted), None)
