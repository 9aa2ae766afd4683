"""What comes in to the control API, and what goes out: JSON, and one sentence where something is wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from starlette.requests import Request

_BODY_LIMIT: Final = 1024 * 1024


class ControlError(Exception):
    """What is wrong with a request to the control API, for the person who sent it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def told(code: int, /, **told: Any) -> JSONResponse:  # noqa: ANN401 - whatever JSON can hold
    """Return a reply."""
    return JSONResponse(told, status_code=code)


async def wanted(request: Request) -> dict[str, Any]:
    """Return the JSON object of a request. Raises `ControlError`."""
    body = b""
    try:
        async for part in request.stream():
            body += part
            if len(body) > _BODY_LIMIT:
                raise ControlError(413, f"more than {_BODY_LIMIT} bytes")
        wanted = json.loads(body)
    except (ValueError, RecursionError, ClientDisconnect):
        raise ControlError(400, "the body is not a JSON object") from None
    if not isinstance(wanted, dict):
        raise ControlError(400, "the body is not a JSON object")
    return wanted
