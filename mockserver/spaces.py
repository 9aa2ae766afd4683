"""One isolated world: everything that a server remembers or draws from."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mockserver.apis import Served
from mockserver.clock import Clock, VirtualClock
from mockserver.files import FileStore
from mockserver.headers import ApiHeaders
from mockserver.identity import Identities, alphanumeric
from mockserver.limits import Limits
from mockserver.links import Links
from mockserver.script import Script
from mockserver.shelf import Shelf, open_shelf

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mockserver.lines import Line
    from mockserver.settings import Settings


DEFAULT: Final = "default"
"""The space of a request that names none."""


@dataclass(frozen=True, slots=True)
class Space:
    """The state behind the endpoints; frozen itself, its parts have lives of their own."""

    name: str
    settings: Settings
    clock: VirtualClock
    served: Served
    identities: Identities
    headers: ApiHeaders
    links: Links
    shelf: Shelf
    files: FileStore
    limits: Limits
    script: Script


def open_space(
    settings: Settings, name: str = DEFAULT, clock: Clock | None = None, lines: Iterable[Line] = ()
) -> Space:
    """Return a new world as `settings` want it, in which the `lines` of a script file are to go wrong."""
    # Several workers draw from streams of their own; the order of their requests is chance anyway.
    salt = str(os.getpid()) if settings.shelf else ""
    identities = Identities(settings.seed, salt if name == DEFAULT else f"{salt}/{name}")
    return Space(
        name=name,
        settings=settings,
        clock=VirtualClock(clock),
        served=Served(settings.as_of),
        identities=identities,
        headers=ApiHeaders(identities.project),
        links=Links(settings.seed),
        shelf=open_shelf(settings.shelf),
        files=FileStore(),
        limits=Limits(f"org-{alphanumeric(f'org/{settings.seed}')}", tier=settings.tier),
        script=Script(lines),
    )
