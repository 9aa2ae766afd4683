"""A content length that is not the body's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.faults.edits import edited, without
from mockserver.faults.line import CLOSE, RAW, head_bytes, require

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from mockserver.faults.scene import Scene
    from mockserver.wire import Reply


@dataclass(frozen=True, slots=True)
class WrongLength:
    """Promise more or fewer bytes than are sent, and close."""

    by: int
    """Bytes promised beyond those sent; below 0, bytes sent beyond those promised."""

    def __post_init__(self) -> None:
        if not self.by:
            msg = "by is 0, which promises what is sent"
            raise ValueError(msg)

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:
        """Return `app` with the wrong length."""

        def edit(reply: Reply) -> ASGIApp:
            async def wrong(scope: Scope, _receive: Receive, send: Send) -> None:
                require(scope)
                length = (b"content-length", b"%d" % max(len(reply.body) + self.by, 0))
                headers = [*without(reply.headers, b"content-length", b"transfer-encoding"), length]
                head = head_bytes({"status": reply.status, "headers": headers}, scene.clock.now())
                await send({"type": RAW, "body": head + reply.body})
                await send({"type": CLOSE})

            return wrong

        return edited(app, edit)
