"""One isolated world: everything that a server remembers or draws from."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.clock import Clock, WallClock
from mockserver.headers import ApiHeaders
from mockserver.identity import Identities
from mockserver.links import Links
from mockserver.shelf import Shelf, open_shelf

if TYPE_CHECKING:
    from mockserver.settings import Settings


@dataclass(frozen=True, slots=True)
class Space:
    """The state behind the endpoints; frozen itself, its parts have lives of their own."""

    settings: Settings
    clock: Clock
    identities: Identities
    headers: ApiHeaders
    links: Links
    shelf: Shelf


def open_space(settings: Settings, clock: Clock | None = None) -> Space:
    """Return a new world as `settings` want it."""
    # Several workers draw from streams of their own; the order of their requests is chance anyway.
    identities = Identities(settings.seed, str(os.getpid()) if settings.shelf else "")
    return Space(
        settings=settings,
        clock=clock or WallClock(),
        identities=identities,
        headers=ApiHeaders(identities.project),
        links=Links(settings.seed),
        shelf=open_shelf(settings.shelf),
    )
