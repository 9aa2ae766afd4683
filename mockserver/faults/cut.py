"""A reply that ends inside something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.faults.line import close
from mockserver.faults.places import MIDDLE, lost

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mockserver.faults.places import Place
    from mockserver.faults.scene import Scene


@dataclass(frozen=True, slots=True)
class Cut:
    """End inside the head, the body, a picture or an event: a length is promised in vain, chunks are not ended."""

    at: Place = MIDDLE
    """Where; without a number in the middle."""

    def __post_init__(self) -> None:
        if self.at.where == "start":
            msg = "a cut is inside something: to end before the status line, use close"
            raise ValueError(msg)

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:
        """Return `app` with its reply cut."""
        return lost(app, self.at, close, scene, answered=True)
