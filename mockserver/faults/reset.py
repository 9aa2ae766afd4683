"""A connection that is torn down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.faults.line import reset
from mockserver.faults.places import START, lost

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mockserver.faults.places import Place
    from mockserver.faults.scene import Scene


@dataclass(frozen=True, slots=True)
class Reset:
    """Reset the connection: the client's TCP stack sees RST once it has what came before."""

    at: Place = START
    """Where the reply stops."""

    answered: bool = True
    """At `start`, whether the app does its work (and bills it) before; elsewhere it always does."""

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:
        """Return `app` with the reply stopping so."""
        return lost(app, self.at, reset, scene, answered=self.answered)
