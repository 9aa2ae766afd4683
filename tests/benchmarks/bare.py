"""The bare reference: Starlette routes that send bytes prepared beforehand and do nothing else.

The bytes come from the directory that `BENCHMARK_REPLIES` names; without it a few bytes stand in.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request


def prepared(name: str) -> bytes:
    """Return the prepared bytes called `name`."""
    directory = os.environ.get("BENCHMARK_REPLIES")
    return (Path(directory) / name).read_bytes() if directory else b'{"data": []}\n\n'


REPLY = prepared("reply")
FRAMES = [frame + b"\n\n" for frame in prepared("stream").split(b"\n\n") if frame]


async def reply(_request: Request) -> Response:
    """Send the prepared reply."""
    return Response(REPLY, media_type="application/json")


async def stream(_request: Request) -> Response:
    """Send the prepared frames, one by one."""

    async def frames() -> AsyncIterator[bytes]:
        for frame in FRAMES:
            yield frame

    return StreamingResponse(frames(), media_type="text/event-stream")


app = Starlette(
    routes=[
        Route("/v1/images/generations", reply, methods=["POST"]),
        Route("/v1/stream", stream, methods=["POST"]),
    ]
)
