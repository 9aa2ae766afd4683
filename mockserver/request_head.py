"""The head of a request, and what it says: read once for all that come in a row with the same one."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.types import Scope

    Header = tuple[bytes, bytes]

HEAD: Final = "mockserver.head"
"""Where `worlds.Worlds` leaves the head in a scope."""

SPACE: Final = b"x-mock-space"
"""Header that names a space."""

SPACE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What a space may be called."""

SPACE_PREFIX: Final = re.compile(rf"/s/({SPACE_NAME.pattern})(?=/|$)")
"""How a path begins that names one."""

SCENARIO: Final = b"x-mock-scenario"
"""Header that asks for a scenario."""

SCENARIO_KEY: Final = b"sk-mock-"
"""Begins the keys that may ask for one."""

_LOG: Final = logging.getLogger("mockserver")


class RequestHead:
    """What stands before the body of a request. It is shared by requests, so nobody changes it."""

    __slots__ = (
        "asks",
        "bearer",
        "headers",
        "line",
        "media_type",
        "method",
        "named",
        "path",
        "prefix",
        "query",
        "scheme",
        "space",
    )

    def __init__(
        self,
        method: str,
        path: str,
        headers: Sequence[Header] = (),
        query: bytes = b"",
        scheme: str = "http",
    ) -> None:
        """Read a head; `path` may begin with the name of a space."""
        self.line = (method, path, query, scheme)
        """All but the headers, as it came."""

        self.headers = headers
        """As received, secrets included."""

        self.named: Mapping[bytes, bytes] = dict(headers)
        """The headers by name; of one that is repeated, the last."""

        self.method = method
        self.query = query
        self.scheme = scheme
        prefix = SPACE_PREFIX.match(path)
        self.prefix = prefix[0] if prefix else ""
        """What stands before the path: the space, as in `/s/NAME`."""

        self.path = path[len(self.prefix) :] or "/"
        authorization = self.named.get(b"authorization", b"")
        self.bearer = _bearer(authorization)
        """The key of the Authorization header; empty where there is none or the scheme is not Bearer."""

        self.space = prefix[1] if prefix else self._space()
        """The space that it names, by its path, its key or a header, in this order; None where it names none."""

        self.asks = (
            SCENARIO in self.named or SCENARIO_KEY in authorization or SCENARIO_KEY in self.named.get(b"api-key", b"")
        )
        """Whether it may ask for a scenario."""

        sent = self.named.get(b"content-type")
        self.media_type = None if sent is None else sent.decode("latin-1").partition(";")[0].strip()
        """As sent, without its parameters; None where no header is sent."""

    def _space(self) -> str | None:
        suffix = self.bearer.rpartition("@")
        if suffix[1] and SPACE_NAME.fullmatch(suffix[2]):
            return suffix[2]
        if SPACE in self.named:
            name = self.named[SPACE].decode("latin-1")
            if SPACE_NAME.fullmatch(name):
                return name
            _LOG.warning("X-Mock-Space: %s names no space (letters, digits, . _ -)", ascii(name[:80]))
        return None

    def __repr__(self) -> str:
        return f"<{self.method} {self.path}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RequestHead) and self.line == other.line and self.headers == other.headers

    __hash__ = None  # type: ignore[assignment]  # headers are lists

    @property
    def key(self) -> str:
        """The key, in Azure's header or as a bearer; empty where there is none."""
        return self.named.get(b"api-key", b"").decode("latin-1") or self.bearer


def _bearer(authorization: bytes) -> str:
    scheme, _, key = authorization.decode("latin-1").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def read_head(scope: Scope, last: RequestHead | None = None) -> RequestHead:
    """Read the head of a request; where it is the same as the last one, it is that."""
    scheme = scope.get("scheme", "http")  # which ASGI lets a server leave out
    line, headers = (scope["method"], scope["path"], scope["query_string"], scheme), scope["headers"]
    if last is not None and last.line == line and last.headers == headers:
        return last
    return RequestHead(scope["method"], scope["path"], headers, scope["query_string"], scheme)


def head_of(scope: Scope) -> RequestHead:
    """Return the head of a request, as it was read when it arrived."""
    head: RequestHead = scope[HEAD]
    return head
