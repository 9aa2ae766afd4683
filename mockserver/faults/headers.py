"""Other headers than the app's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.faults.edits import headed, without

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mockserver.faults.scene import Scene


@dataclass(frozen=True, slots=True)
class Headers:
    """Set and leave out headers of the true reply."""

    set: tuple[tuple[str, str], ...] = ()
    """Names and values; words of the scene are filled in."""

    drop: tuple[str, ...] = ()
    """Names of headers that are not sent."""

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:
        """Return `app` with its headers changed."""
        names = [name.lower().encode() for name in (*self.drop, *(name for name, _ in self.set))]
        extra = [(name.lower().encode(), scene.header(value)) for name, value in self.set]
        return headed(app, lambda headers: [*without(headers, *names), *extra])
