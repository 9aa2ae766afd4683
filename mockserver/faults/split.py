"""A body that arrives in odd pieces."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, repeat
from typing import TYPE_CHECKING

from mockserver.faults.slices import sliced

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mockserver.faults.scene import Scene


@dataclass(frozen=True, slots=True)
class Split:
    """Send the body in pieces that respect neither lines, events nor characters."""

    sizes: tuple[int, ...] = (1, 6, 1, 2, 13, 1, 1, 30, 7, 1024)
    """Bytes of each piece; the last is repeated."""

    pause: float = 0.002
    """Seconds between two pieces, so that each is a segment of its own."""

    def __post_init__(self) -> None:
        if not self.sizes or min(self.sizes) < 1:
            msg = "sizes must hold numbers above 0"
            raise ValueError(msg)

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:
        """Return `app` with its body in pieces."""
        return sliced(app, chain(self.sizes, repeat(self.sizes[-1])), self.pause, scene.clock)
