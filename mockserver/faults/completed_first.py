"""A stream in the wrong order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.faults.edits import completes, reframed

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mockserver.faults.scene import Scene


@dataclass(frozen=True, slots=True)
class CompletedFirst:
    """Send the completed event before the partial images."""

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:  # noqa: ARG002 - every fault is given the scene
        """Return `app` with its last event first."""
        held: list[bytes] = []

        def rewrite(frame: bytes) -> tuple[bytes, ...]:
            if completes(frame):
                return (frame, *held)
            held.append(frame)
            return ()

        return reframed(app, rewrite)
