"""Who may ask: a wrapper that lets a request through when its bearer key is one of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver import errors
from mockserver.journal import entry_of
from mockserver.request_head import head_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable

    from starlette.types import ASGIApp, Receive, Scope, Send


class Authentication:
    """Wraps an app; without configured keys, any key that is not empty opens it."""

    def __init__(self, app: ASGIApp, keys: Iterable[str]) -> None:
        self.app = app
        self.keys = frozenset(keys)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass the request on.

        Raises:
            ApiError: no bearer key, or one that is not accepted.
        """
        key = head_of(scope).bearer
        if not key:
            raise errors.no_api_key()
        if self.keys and key not in self.keys and key.rpartition("@")[0] not in self.keys:
            raise errors.incorrect_api_key(key)
        entry_of(scope).known = True
        return self.app(scope, receive, send)
