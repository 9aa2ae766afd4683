"""A media type that is not the body's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.faults.edits import headed, without

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mockserver.faults.fault import HeaderText
    from mockserver.faults.scene import Scene


@dataclass(frozen=True, slots=True)
class WrongType:
    """Declare another content type than the body has."""

    media_type: HeaderText = "text/plain"
    """What is declared; empty declares nothing."""

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:  # noqa: ARG002 - every fault is given the scene
        """Return `app` with another content type."""
        declared = [(b"content-type", self.media_type.encode())] if self.media_type else []
        return headed(app, lambda headers: [*without(headers, b"content-type"), *declared])
