"""A whole reply in one message, which our own server takes: ASGI's two cost a hot request twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import Message, Receive, Scope, Send

WHOLE: Final = "mockserver.whole"
"""Type of the message: `status`, `headers`, the pieces of its `body`, and their `size` in all.

Also a mark in the head of a reply in ASGI's messages, whose body follows at once and in one piece.
"""

RECORDER: Final = "mockserver.recorder"
"""Key of a scope whose exchange is kept, and whose whole replies have to pass its `Recorder`."""


class Recorder(Protocol):
    """What keeps an exchange."""

    def whole(self, scope: Scope, reply: Message, send: Send) -> Awaitable[None]:
        """Note a whole reply, and send it."""

    def watch(self, scope: Scope, receive: Receive, send: Send) -> tuple[Receive, Send]:
        """Return the two ends of the connection such that all that passes is noted."""


_takers: Final[set[object]] = set()

Taker = TypeVar("Taker", bound="Callable[..., object]")


def takes_whole(send: Taker) -> Taker:
    """Mark a server's own `send`, as a function, which takes such messages."""
    _takers.add(send)
    return send


def direct(send: Send) -> bool:
    """Return whether what is sent goes to our own server.

    Where anything stands between, a fault, a recorder or somebody's middleware, that wants ASGI's own messages.
    """
    return getattr(send, "__func__", None) in _takers


def watched(scope: Scope, receive: Receive, send: Send) -> tuple[Receive, Send]:
    """Return the two ends of the connection, such that a recorder sees what is read or sent piece by piece."""
    recorder: Recorder | None = scope.get(RECORDER)
    return recorder.watch(scope, receive, send) if recorder is not None and direct(send) else (receive, send)
