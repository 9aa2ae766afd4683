"""A reply that takes its time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.faults.places import START, paused

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from mockserver.faults.places import Place
    from mockserver.faults.scene import Scene


@dataclass(frozen=True, slots=True)
class Delay:
    """Wait once, and go on."""

    seconds: float
    """How long, by the clock of the scene."""

    at: Place = START
    """Where the reply pauses."""

    answered: bool = False
    """With a pause at `start`, whether the app has done its work (and billed it) when the pause begins."""

    def __post_init__(self) -> None:
        if self.at.where == "head":
            msg = "a reply cannot pause inside its head: choose start, or body 0"
            raise ValueError(msg)

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:
        """Return `app` with the pause."""
        if self.answered or self.at.where != "start":
            return paused(app, self.at, lambda: scene.clock.sleep(self.seconds))

        async def delayed(scope: Scope, receive: Receive, send: Send) -> None:
            await scene.clock.sleep(self.seconds)
            await app(scope, receive, send)

        return delayed
