"""The application: routes, wrappers, and the one door through which refusals leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.requests import ClientDisconnect
from starlette.routing import Route, Router

from mockserver import journal
from mockserver.authentication import Authentication
from mockserver.endpoints.delivery import Delivery
from mockserver.endpoints.elsewhere import UnknownPath, Welcome
from mockserver.endpoints.generations import Generations
from mockserver.endpoints.pictures import PictureByUrl
from mockserver.errors import BLOB_ERROR, ApiError
from mockserver.headers import blob_headers
from mockserver.journal import Recorder
from mockserver.settings import Settings
from mockserver.spaces import open_space
from mockserver.studio import Studio
from mockserver.wire import Reply, sized

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

    from mockserver.clock import Clock
    from mockserver.headers import Header
    from mockserver.journal import Entry
    from mockserver.spaces import Space

GENERATIONS: Final = "/v1/images/generations"


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> ASGIApp:
    """Return the server as an ASGI app.

    Args:
        settings: what it should be; None for the defaults.
        clock: where it gets its time from; None for the real time.
    """
    space = open_space(settings or Settings(), clock)
    studio = Studio()
    delivery = Delivery(space, studio)
    keys = space.settings.api_keys
    exact: dict[str, ASGIApp] = {GENERATIONS: Authentication(Generations(delivery), keys)}
    unknown = UnknownPath(tuple(exact))
    routes = [
        Route("/private/{organization}/{user}/{name}", PictureByUrl(space, studio)),
        Route("/", Welcome(GENERATIONS)),
        Route("/v1/{path:path}", Authentication(unknown, keys)),
        Route("/{path:path}", unknown),
    ]
    return Recorder(Door(Paths(exact, Router(routes, redirect_slashes=False)), space), space.clock)


class Paths:
    """Sends a request to the app of its path; a plain lookup, as a router's patterns cost a hot request a tenth."""

    def __init__(self, exact: Mapping[str, ASGIApp], others: ASGIApp) -> None:
        self.exact = exact
        self.others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        await self.exact.get(scope["path"], self.others)(scope, receive, send)


class Door:
    """Wraps an app; every refusal that is raised inside leaves as a reply here, and nowhere else."""

    def __init__(self, app: ASGIApp, space: Space) -> None:
        self.app = app
        self.space = space

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and answer it where it is refused."""
        try:
            await self.app(scope, receive, send)
        except ApiError as error:
            await self._refusal(journal.entry_of(scope), error)(scope, receive, send)
        except ClientDisconnect:
            journal.entry_of(scope).hint = "the client went away"

    def _refusal(self, entry: Entry, error: ApiError) -> Reply:
        entry.status, entry.rule = error.status, error.rule
        headers = self._blob_headers() if error.media_type == BLOB_ERROR else self._api_headers(entry, error)
        headers += [(name.encode(), value.encode()) for name, value in error.headers.items()]
        headers.append((b"x-mock-rule", error.rule.encode()))
        return Reply(error.status, sized(headers, error.body), error.body)

    def _api_headers(self, entry: Entry, error: ApiError) -> list[Header]:
        milliseconds = int((self.space.clock.stopwatch() - entry.started) * 1000)
        media_type = error.media_type.encode() if error.media_type else None
        return self.space.headers.of(self.space.identities.token(), milliseconds, media_type, known=entry.known)

    def _blob_headers(self) -> list[Header]:
        return [*blob_headers(self.space.identities.uuid()), (b"content-type", BLOB_ERROR.encode())]
