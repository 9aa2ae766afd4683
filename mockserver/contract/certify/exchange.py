"""One request of a client under test and the reply it got, byte for byte, as the server's socket saw them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

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
    """Names are in lower case, as the server reads them."""

    request_body: bytes = b""
    complete: bool = False
    """Whether the whole body of the request arrived."""

    status: int | None = None
    """None where no head of a reply was sent in full."""

    reply_headers: Sequence[tuple[bytes, bytes]] = field(default_factory=tuple)
    reply_body: bytes = b""
    """What was really handed to the socket; where the head itself was cut, what there was of it."""

    finished: float | None = None
    """Seconds on the same clock just before the last bytes of the reply were sent, or the line broke: the client
    learnt of it no sooner. None while it is answered."""

    whole: bool = False
    """Whether the reply was sent to its end, with as many bytes as it promised."""

    cut: str = ""
    """How the server broke the line: `close`, `reset`, or not at all."""

    gone: bool = False
    """Whether the client left before the reply's end."""

    clipped: bool = False
    """Whether a body was longer than what is kept of it."""

    played: str | None = None
    """The scenario that was played on it; None for none."""

    dollars: float = 0.0
    """What the real API would have charged for it."""

    def header(self, name: str) -> str | None:
        """Return a request header's value; None where it is not there."""
        return _found(self.request_headers, name)

    def reply_header(self, name: str) -> str | None:
        """Return a reply header's value; None where it is not there."""
        return _found(self.reply_headers, name)

    def shown(self, since: float | None = None) -> dict[str, Any]:
        """Return it as JSON can say it: keys masked, pictures and other long bodies shortened.

        Args:
            since: the moment on the monotonic clock from which seconds are counted; None for its own arrival.
        """
        from mockserver.contract.certify.exchange_shown import shown  # noqa: PLC0415 - shown only where it fails

        return shown(self, self.arrived if since is None else since)


def _found(headers: Sequence[tuple[bytes, bytes]], name: str) -> str | None:
    wanted = name.lower().encode()
    return next((value.decode("latin-1") for key, value in headers if key.lower() == wanted), None)
