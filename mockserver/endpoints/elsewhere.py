"""Paths that the API does not have: the server's own address, and all the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver import errors, journal
from mockserver.endpoints.delivery import origin_of
from mockserver.wire import Reply, sized

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send


class Welcome:
    """`GET /`, for whoever opens the server's address in a browser; not of the API."""

    def __init__(self, example: str) -> None:
        self.example = example

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell what to set and what to try."""
        origin = origin_of(scope)
        text = (
            "mockserver: the OpenAI Images API, offline.\n\n"
            f"  export OPENAI_BASE_URL={origin}/v1\n"
            "  export OPENAI_API_KEY=sk-mock\n\n"
            f"Then ask for a picture: POST {origin}{self.example}\n"
        ).encode()
        journal.entry_of(scope).status = 200
        headers = [(b"content-type", b"text/plain; charset=utf-8")]
        await Reply(200, sized(headers, text), text)(scope, receive, send)


class UnknownPath:
    """Every path that the API does not have."""

    def __init__(self, known: tuple[str, ...]) -> None:
        self.known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's shape
        """Refuse one request, with a hint in the log where a path of ours ends in what was asked.

        Raises:
            ApiError: always.
        """
        entry = journal.entry_of(scope)
        wanted = entry.path.rstrip("/").rpartition("/")[2]
        near = [path for path in self.known if wanted and path.endswith(f"/{wanted}")]
        entry.hint = f"did you mean {near[0]}?" if near else ""
        raise errors.unknown_path()
