"""A stream whose last event is not ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.faults.edits import completes, reframed

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mockserver.faults.scene import Scene


@dataclass(frozen=True, slots=True)
class NoBlankLine:
    """End the stream without the blank line after the completed event."""

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:  # noqa: ARG002 - every fault is given the scene
        """Return `app` without its last byte."""
        return reframed(app, lambda frame: (frame[:-1],) if completes(frame) else (frame,))
