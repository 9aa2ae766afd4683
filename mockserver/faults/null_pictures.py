"""Pictures that are null."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mockserver.faults.edits import edited_json

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mockserver.faults.scene import Scene


@dataclass(frozen=True, slots=True)
class NullPictures:
    """Make every `b64_json` and `url` of the true reply null."""

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:  # noqa: ARG002 - every fault is given the scene
        """Return `app` with nulls for pictures."""
        return edited_json(app, _emptied)


def _emptied(told: dict[str, Any]) -> None:
    for item in told["data"]:
        item.update((name, None) for name in ("b64_json", "url") if name in item)
