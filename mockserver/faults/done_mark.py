"""A stream that ends as chat streams do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.faults.edits import completes, reframed

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mockserver.faults.scene import Scene


@dataclass(frozen=True, slots=True)
class DoneMark:
    """Append `data: [DONE]` to the completed event."""

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:  # noqa: ARG002 - every fault is given the scene
        """Return `app` with the mark at its end."""
        return reframed(app, lambda frame: (frame, b"data: [DONE]\n\n") if completes(frame) else (frame,))
