"""Another reply instead of the app's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.faults.edits import without
from mockserver.faults.line import CLOSE, RAW, head_bytes, require
from mockserver.faults.scene import FAMILIES
from mockserver.wire import Reply, sized

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from mockserver.faults.fault import HeaderText
    from mockserver.faults.scene import Scene


@dataclass(frozen=True, slots=True)
class Refuse:
    """Answer with a status, headers and exact bytes; `{request_id}` and other words of the scene are filled in."""

    status: int

    body: str = ""
    """Sent in UTF-8; may be JSON, HTML, text or nothing."""

    media_type: HeaderText = "application/json"
    """The content type; empty for none."""

    family: str = "api"
    """Whose headers the reply has, a key of `scene.FAMILIES`."""

    headers: tuple[tuple[str, str], ...] = ()
    """Headers on top; one that the family has is replaced, and left out where the value is empty."""

    reason: HeaderText = ""
    """The reason phrase, where it is not the usual one; the connection then ends with the reply."""

    answered: bool = False
    """Whether the app does its work (and bills it) before its reply is thrown away."""

    def __post_init__(self) -> None:
        if self.status not in range(200, 1000):
            msg = f"status is {self.status}: a reply has one from 200 to 999"
            raise ValueError(msg)
        if self.family not in FAMILIES:
            msg = f"family is {self.family!r}: it can be {', '.join(FAMILIES)}"
            raise ValueError(msg)

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:
        """Return what answers instead of `app`."""

        async def refusing(scope: Scope, receive: Receive, send: Send) -> None:
            if self.answered:
                await app(scope, receive, _unheard)
            reply = self.reply(scene)
            if self.reason:
                require(scope)
                await _raw(reply, self.reason, scene.clock.now(), send)
            else:
                await reply(scope, receive, send)

        return refusing

    def reply(self, scene: Scene) -> Reply:
        """Return the reply in a scene."""
        body = scene.body(self.body)
        extra = [(name.lower().encode(), scene.header(value)) for name, value in self.headers]
        own = without(scene.headers(self.family, self.media_type), *(name for name, _ in extra))
        return Reply(self.status, sized([*own, *(each for each in extra if each[1])], body), body)


async def _unheard(_message: Message) -> None:
    """Take what the app says and tell nobody."""


async def _raw(reply: Reply, reason: str, now: float, send: Send) -> None:
    head = head_bytes({"status": reply.status, "headers": reply.headers}, now, reason)
    await send({"type": RAW, "body": head + reply.body})
    await send({"type": CLOSE})
