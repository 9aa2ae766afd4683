"""The application: routes, wrappers, and the one door through which refusals leave."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.requests import ClientDisconnect
from starlette.routing import Route, Router

from mockserver import __version__, errors, journal
from mockserver.authentication import Authentication
from mockserver.azure import Azure
from mockserver.endpoints.contract import Contract
from mockserver.endpoints.delivery import Delivery
from mockserver.endpoints.edits import Edits
from mockserver.endpoints.elsewhere import UnknownPath, Welcome
from mockserver.endpoints.files import Files
from mockserver.endpoints.generations import Generations
from mockserver.endpoints.models import Models
from mockserver.endpoints.pictures import PictureByUrl
from mockserver.endpoints.variations import Variations
from mockserver.errors import ApiError
from mockserver.headers import azure_headers, blob_headers
from mockserver.intake import Intake
from mockserver.journal import Teller
from mockserver.player import Player
from mockserver.request_head import head_of
from mockserver.settings import Settings
from mockserver.spaces import DEFAULT, open_space
from mockserver.studio import Studio
from mockserver.tagged import TaggedError
from mockserver.wire import Reply, sized
from mockserver.worlds import World, Worlds

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from starlette.types import ASGIApp, Receive, Scope, Send

    from mockserver.clock import Clock
    from mockserver.headers import Head
    from mockserver.journal import Entry
    from mockserver.lines import Line
    from mockserver.script_file import ScriptFile
    from mockserver.spaces import Space

GENERATIONS: Final = "/v1/images/generations"


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> ASGIApp:
    """Return the server as an ASGI app.

    Args:
        settings: what it should be; None for the defaults.
        clock: where it gets its time from; None for the real time.

    Raises:
        ScenarioError: the script of the settings is not understood.
        OSError: it cannot be read.
    """
    chosen, studio = settings or Settings(), Studio()

    def put(lines: Sequence[Line]) -> None:
        for space in worlds.spaces():
            space.script.renew(lines)

    script = _script(chosen, put)

    def control(worlds: Worlds) -> ASGIApp:
        from mockserver.control import Control  # noqa: PLC0415 - most servers are never asked

        return Control(worlds, __version__, chosen.control_token)

    def make(name: str) -> World:
        return open_world(open_space(chosen, name, clock, script.lines if script else ()), studio)

    worlds = Worlds(make, control)
    if chosen.watch:
        worlds.lifespan = script
    return worlds


def _script(settings: Settings, put: Callable[[Sequence[Line]], None]) -> ScriptFile | None:
    """Read a script once, so that every space has the same, whatever becomes of the file."""
    if settings.script is None:
        return None
    from mockserver.script_file import ScriptFile  # noqa: PLC0415 - most servers have no script

    return ScriptFile(Path(settings.script), put)


def open_world(space: Space, studio: Studio) -> World:
    """Return a space with the app that answers in it."""
    delivery = Delivery(space, studio)
    keys = space.settings.api_keys
    intake = Intake(space.shelf, space.files)
    generations, edits = Generations(delivery), Edits(delivery, intake)
    models, files = Authentication(Models(delivery), keys), Authentication(Files(delivery, space.files), keys)
    azure = Azure({"generations": generations, "edits": edits}, frozenset(keys), dict(space.settings.deployments))
    exact: dict[str, ASGIApp] = {
        GENERATIONS: Authentication(generations, keys),
        "/v1/images/edits": Authentication(edits, keys),
        "/v1/images/variations": Authentication(Variations(delivery, intake), keys),
        "/v1/models": models,
        "/v1/files": files,
    }
    unknown = UnknownPath(tuple(exact))
    if space.settings.checks == "schema":  # what schema-only mocks serve has no /v1
        exact |= {path.removeprefix("/v1"): app for path, app in exact.items()}
    routes = [
        Route("/private/{organization}/{user}/{name}", PictureByUrl(space, studio)),
        Route("/", Welcome(GENERATIONS)),
        *([] if space.settings.checks == "schema" else [Route("/openapi.json", Contract(space, studio))]),
        Route("/v1/models/{name:path}", models),
        *([Route("/models/{name:path}", models)] if space.settings.checks == "schema" else []),
        Route("/v1/files/{name:path}", files),
        Route("/openai/{path:path}", azure),
        Route("/v1/{path:path}", Authentication(unknown, keys)),
        Route("/{path:path}", unknown),
    ]

    def door(app: ASGIApp) -> ASGIApp:
        return Door(app, space)

    if space.settings.require_space and space.name == DEFAULT:
        return _noted(space, door(_nameless))
    paths = Paths(exact, Router(routes, redirect_slashes=False))
    return _noted(space, Door(paths, space, Player(paths, space, door)))


def _noted(space: Space, app: ASGIApp) -> World:
    """Return a world whose exchanges are told in the log, and kept where they are wanted."""
    if not space.settings.journal:
        return World(space, Teller(app, space.clock), None)
    from mockserver.bill import Bill  # noqa: PLC0415 - most servers keep no journal
    from mockserver.journal.kept import Journal  # noqa: PLC0415 - as above
    from mockserver.journal.recorder import Recorder  # noqa: PLC0415 - as above

    kept = Journal(space.settings.journal)
    return World(space, Recorder(app, space.clock, kept, Bill(kept)), kept)


async def _nameless(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Refuse a request that names no space."""
    raise errors.space_required()


class Paths:
    """Sends a request to the app of its path; a plain lookup, as a router's patterns cost a hot request a tenth."""

    def __init__(self, exact: Mapping[str, ASGIApp], others: ASGIApp) -> None:
        self.exact = exact
        self.others = others

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass the request on; what the app returns is returned, as another coroutine is not for nothing."""
        return self.exact.get(scope["path"], self.others)(scope, receive, send)


class Door:
    """Wraps an app; every refusal that is raised inside leaves as a reply here, and nowhere else."""

    def __init__(self, app: ASGIApp, space: Space, player: Player | None = None) -> None:
        """Wrap `app`; `player` answers instead of it where a request asks for a scenario."""
        self.app = app
        self.space = space
        self.player = player

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and answer it where it is refused."""
        player = self.player
        try:
            if player is not None and (head_of(scope).asks or self.space.script.lines):
                await player.asked(scope, receive, send)
            else:
                await self.app(scope, receive, send)
        except ApiError as error:
            await self._refusal(journal.entry_of(scope), error)(scope, receive, send)
        except ClientDisconnect:
            entry = journal.entry_of(scope)
            entry.hint = "the client went away"
            entry.leave(self.space.clock.now())
        except TaggedError as error:
            if player is None:
                raise
            await player.tagged(error, scope, receive, send)

    def _refusal(self, entry: Entry, error: ApiError) -> Reply:
        entry.status, entry.rule = error.status, error.rule
        headers = self._headers(entry, error)
        headers += [(name.encode(), value.encode()) for name, value in error.headers.items()]
        headers += [(b"x-mock-rule", error.rule.encode())]
        return Reply(error.status, sized(headers, error.body), error.body)

    def _headers(self, entry: Entry, error: ApiError) -> Head:
        media_type = error.media_type.encode() if error.media_type else None
        identities = self.space.identities
        if error.family == "openai":
            seconds = self.space.clock.stopwatch() - entry.started
            return self.space.headers.of(entry.token or identities.token(), seconds, media_type, known=entry.known)
        own = {"azure": azure_headers, "blob": blob_headers}[error.family](identities.uuid())
        return [*own, (b"content-type", media_type or b"")]
