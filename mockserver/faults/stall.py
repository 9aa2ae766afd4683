"""A reply that never comes, or never ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.faults.places import START, lost
from mockserver.faults.waiting import gone

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mockserver.faults.places import Place
    from mockserver.faults.scene import Scene


@dataclass(frozen=True, slots=True)
class Stall:
    """Say nothing more for ever, until the client goes away."""

    at: Place = START
    """Where the reply stops."""

    answered: bool = True
    """At `start`, whether the app does its work (and bills it) before; elsewhere it always does."""

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:
        """Return `app` with the reply stopping so."""
        return lost(app, self.at, gone, scene, answered=self.answered)
