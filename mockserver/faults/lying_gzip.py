"""A compression that is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.faults.edits import headed

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mockserver.faults.fault import HeaderText
    from mockserver.faults.scene import Scene


@dataclass(frozen=True, slots=True)
class LyingGzip:
    """Claim a content encoding that the body does not have."""

    encoding: HeaderText = "gzip"
    """What is claimed."""

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:  # noqa: ARG002 - every fault is given the scene
        """Return `app` with the claim."""
        claim = (b"content-encoding", self.encoding.encode())
        return headed(app, lambda headers: [*headers, claim])
