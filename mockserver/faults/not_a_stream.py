"""A whole reply where a stream was asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mockserver.faults.edits import completes, edited, media_type, without
from mockserver.wire import Reply

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mockserver.faults.scene import Scene


_ECHOED: Final = ("background", "output_format", "quality", "size", "usage")


@dataclass(frozen=True, slots=True)
class NotAStream:
    """Send the stream's picture as one JSON body."""

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:  # noqa: ARG002 - every fault is given the scene
        """Return `app` without its stream."""

        def edit(reply: Reply) -> ASGIApp:
            last = next(filter(completes, reply.body.split(b"\n\n")), None)
            if media_type(reply.headers) != b"text/event-stream" or last is None:
                return reply
            headers = [*without(reply.headers, b"content-type"), (b"content-type", b"application/json")]
            return Reply(reply.status, headers, _whole(json.loads(last.partition(b"data: ")[2])))

        return edited(app, edit)


def _whole(event: dict[str, Any]) -> bytes:
    """Return the JSON body that would have carried the picture of an event."""
    told = {"created": event["created_at"], "data": [{"b64_json": event["b64_json"]}]}
    told |= {name: event[name] for name in _ECHOED if name in event}
    return json.dumps(dict(sorted(told.items(), key=lambda pair: pair[0] != "created")), indent=2).encode("ascii")
