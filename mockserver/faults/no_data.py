"""A success without `data`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.faults.edits import edited_json

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mockserver.faults.scene import Scene


@dataclass(frozen=True, slots=True)
class NoData:
    """Leave `data` out of the true reply."""

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:  # noqa: ARG002 - every fault is given the scene
        """Return `app` without `data`."""
        return edited_json(app, lambda told: told.pop("data", None))
