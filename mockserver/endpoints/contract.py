"""`GET /openapi.json`: what this server takes and answers, as a document for machines; not of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver import errors, journal
from mockserver.apis import api_of
from mockserver.endpoints.delivery import JSON, origin_of
from mockserver.wire import Reply, sized

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from mockserver.spaces import Space
    from mockserver.studio import Studio


class Contract:
    """Serves the contract of the API that the space serves, with the address at which the caller sees it."""

    def __init__(self, space: Space, studio: Studio) -> None:
        self.space = space
        self.studio = studio

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            ApiError: another method than GET.
        """
        from mockserver.contract.document.openapi import written  # noqa: PLC0415 - most servers are never asked

        entry = journal.entry_of(scope)
        if entry.method != "GET":
            raise errors.wrong_method(entry.method, entry.path, ("GET",))
        api = api_of(scope, self.space.served.day)
        body = (await self.studio.run(written, api, origin_of(scope))).encode("ascii")
        entry.status = 200
        headers = [(b"content-type", JSON), (b"access-control-allow-origin", b"*")]  # viewers live on other origins
        await Reply(200, sized(headers, body), body)(scope, receive, send)
