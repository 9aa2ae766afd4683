"""A stream with comments between its events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.faults.edits import reframed

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mockserver.faults.scene import Scene


@dataclass(frozen=True, slots=True)
class Comments:
    """Send a comment before each event, as servers do to keep a line open."""

    text: str = "ping"
    """What each comment says, on one line."""

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:  # noqa: ARG002 - every fault is given the scene
        """Return `app` with comments."""
        comment = f": {self.text}\n\n".encode()
        return reframed(app, lambda frame: (comment, frame))
