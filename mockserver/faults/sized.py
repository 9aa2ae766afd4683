"""A whole reply with its length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.faults.edits import edited, without
from mockserver.wire import Reply, sized

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mockserver.faults.scene import Scene


@dataclass(frozen=True, slots=True)
class Sized:
    """Send the reply in one piece with its content length, as a reply without chunks."""

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:  # noqa: ARG002 - every fault is given the scene
        """Return `app` with a content length."""

        def edit(reply: Reply) -> ASGIApp:
            return Reply(reply.status, sized(without(reply.headers, b"content-length"), reply.body), reply.body)

        return edited(app, edit)
