"""An error inside a stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.faults.edits import completes, reframed

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mockserver.faults.scene import Scene


@dataclass(frozen=True, slots=True)
class ErrorFrame:
    """Send exact bytes after some events, and end the stream."""

    frame: str
    """What is sent: an event, or anything else; words of the scene are filled in."""

    after: int | None = None
    """Events before it; None for all but the completed one, which it replaces in any case."""

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:
        """Return `app` with its stream ending so."""
        left = self.after
        out = scene.body(self.frame)

        def rewrite(frame: bytes) -> tuple[bytes | None, ...]:
            nonlocal left
            if left == 0 or completes(frame):
                return (out, None)
            left = left and left - 1
            return (frame,)

        return reframed(app, rewrite)
