"""A reply that drips."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING, Final

from mockserver.faults.slices import sliced

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mockserver.faults.scene import Scene

_TICKS: Final = 10
"""Pieces a second, where there are bytes enough."""


@dataclass(frozen=True, slots=True)
class Trickle:
    """Send the body slowly; status and headers come at once."""

    bytes_per_second: float

    def __post_init__(self) -> None:
        if self.bytes_per_second <= 0:
            msg = "bytes_per_second must be above 0: a reply that stands still is a stall"
            raise ValueError(msg)

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:
        """Return `app` with its body slowed down."""
        size = max(1, int(self.bytes_per_second / _TICKS))
        return sliced(app, repeat(size), size / self.bytes_per_second, scene.clock)
