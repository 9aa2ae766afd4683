"""A stream that ends too early, cleanly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.faults.edits import completes, reframed

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mockserver.faults.scene import Scene


@dataclass(frozen=True, slots=True)
class NoCompleted:
    """Leave out the completed event."""

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:  # noqa: ARG002 - every fault is given the scene
        """Return `app` without its last event."""
        return reframed(app, lambda frame: () if completes(frame) else (frame,))
