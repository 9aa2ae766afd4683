"""Which world a request belongs to: found by its path, its key or a header, made on first use."""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.routing import Router

from mockserver.request_head import HEAD, read_head
from mockserver.spaces import DEFAULT, Space

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from mockserver.journal.kept import Journal
    from mockserver.request_head import RequestHead

MOST_WORLDS: Final = 500
"""Spaces at most; the one that was not used for longest makes room."""

MOST_BYTES: Final = 2 * 1024 * 1024 * 1024
"""What all spaces but the default one may keep together, in memory and in temporary files."""

_EVERY: Final = 1000
"""Requests between two looks at what they keep."""

CONTROL: Final = "/_mock/"
"""Where requests go to the server itself, and not to a space."""

_BARE: Final = CONTROL.rstrip("/")

_LOG: Final = logging.getLogger("mockserver")


@dataclass(frozen=True, slots=True)
class World:
    """A space, and the app that answers in it."""

    space: Space
    app: ASGIApp
    journal: Journal | None
    """What was asked and answered; None where nothing is kept."""

    @property
    def weight(self) -> int:
        """Bytes that it keeps, about."""
        journal = self.journal.weight if self.journal is not None else 0
        return journal + self.space.files.bytes + self.space.shelf.bytes


class Worlds:
    """Owns the worlds of one server, and sends each request to its own.

    A request names its space by `/s/NAME` before its path, by a key that ends in `@NAME`, or by the header
    `X-Mock-Space`, in this order.
    """

    lifespan: ASGIApp | None = None
    """What goes on beside the requests, from the start of a server to its end."""

    def __init__(self, make: Callable[[str], World], control: Callable[[Worlds], ASGIApp]) -> None:
        self._make = make
        self._make_control = control
        self._control: ASGIApp | None = None
        self.default = make(DEFAULT)
        self._others: OrderedDict[str, World] = OrderedDict()
        self._found = 0
        self._head: RequestHead | None = None  # of the last request: the next one often has the same

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await (self.lifespan or Router())(scope, receive, send)
            return
        path = scope["path"]
        if path.startswith(CONTROL) or path == _BARE:
            await self._controlled(scope, receive, send)
            return
        head = self._head = scope[HEAD] = read_head(scope, self._head)
        scope["path"] = head.path
        world = self.default if head.space is None else self.world(head.space)
        await world.app(scope, receive, send)

    async def _controlled(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._control is None:  # most servers are never asked, so it is not loaded before
            self._control = self._make_control(self)
        await self._control(scope, receive, send)

    def world(self, name: str) -> World:
        """Return the world of that name, made now where there is none."""
        if name == DEFAULT:
            return self.default
        found = self._others.get(name)
        if found is None:
            found = self._others[name] = self._make(name)
            if len(self._others) > MOST_WORLDS:
                self._make_room(name)
        else:
            self._others.move_to_end(name)
            self._found += 1
            if self._found % _EVERY == 0:
                self._lighten(name)
        return found

    def _make_room(self, name: str) -> None:
        oldest, _ = self._others.popitem(last=False)
        _LOG.warning("space %s was not used for longest and made room for %s", oldest, name)

    def _lighten(self, name: str) -> None:
        """Let spaces make room for `name`, the newest, where all together are too heavy."""
        weights = {each: world.weight for each, world in self._others.items()}
        total = sum(weights.values())
        while total > MOST_BYTES and len(self._others) > 1:
            total -= weights[next(iter(self._others))]
            self._make_room(name)

    def names(self) -> list[str]:
        """Return the names of all worlds."""
        return [DEFAULT, *self._others]

    def spaces(self) -> list[Space]:
        """Return the spaces of all worlds."""
        return [self.default.space, *(world.space for world in self._others.values())]

    def delete(self, name: str) -> bool:
        """Forget a world; the default one begins anew. False where there was none of that name."""
        if name == DEFAULT:
            self.default = self._make(DEFAULT)
            return True
        return self._others.pop(name, None) is not None
