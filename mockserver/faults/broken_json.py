"""JSON that is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.faults.edits import edited, rebodied

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mockserver.faults.scene import Scene


@dataclass(frozen=True, slots=True)
class BrokenJson:
    """Leave out the end of the body, under a length that fits what is left."""

    missing: int = 2
    """Bytes left out at the end."""

    def __post_init__(self) -> None:
        if self.missing < 1:
            msg = "missing must be above 0"
            raise ValueError(msg)

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:  # noqa: ARG002 - every fault is given the scene
        """Return `app` with its body cut short."""
        return edited(app, lambda reply: rebodied(reply, reply.body[: -self.missing]))
