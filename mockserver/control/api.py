"""`/_mock/…`: what a test asks of the server itself, as JSON. Not of the API, and not for web pages or strangers."""

from __future__ import annotations

import ipaddress
import json
import secrets
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from starlette.requests import Request
from starlette.routing import Route, Router

from mockserver.control.document import document, index
from mockserver.control.inquiries import Inquiries
from mockserver.control.wire import ControlError, told, wanted
from mockserver.journal.plain import plain
from mockserver.lines import read_line
from mockserver.scenarios.catalogue import find, scenarios
from mockserver.scenarios.scenario import ScenarioError
from mockserver.sources import RULES
from mockserver.spaces import DEFAULT
from mockserver.worlds import CONTROL

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.responses import JSONResponse
    from starlette.types import Receive, Scope, Send

    from mockserver.clock import VirtualClock
    from mockserver.worlds import World, Worlds

PREFIX: Final = CONTROL.rstrip("/")

_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

_LOCAL_NAMES: Final = {"localhost", "testserver"}


class Control:
    """Answers everything below `/_mock`."""

    def __init__(self, worlds: Worlds, version: str, token: str | None = None) -> None:
        self.worlds = worlds
        self.version = version
        self.token = token
        self._router = Router(
            [
                self._route("/", self.index, "GET"),
                self._route("", self.index, "GET"),
                self._route("/openapi.json", self.document, "GET"),
                self._route("/health", self.health, "GET"),
                self._route("/rules", self.rules, "GET"),
                self._route("/rules/{rule}", self.rule, "GET"),
                self._route("/spaces", self.spaces, "GET"),
                self._route("/spaces/{name}", self.delete_space, "DELETE"),
                self._route("/clock", self.clock, "GET", "POST"),
                self._route("/as-of", self.as_of, "GET", "POST"),
                self._route("/limits", self.limits, "GET", "POST"),
                self._route("/scripts", self.scripts, "GET", "POST", "DELETE"),
                self._route("/scripts/{number:int}", self.unscript, "DELETE"),
                self._route("/scenarios", self.scenarios, "GET"),
                self._route("/scenarios/{name}", self.scenario, "GET"),
                *[
                    self._route(each.path, each.answer, *each.methods)
                    for each in Inquiries(self._world, version).routes()
                ],
                self._route("/reset", self.reset, "POST"),
                self._route("/{path:path}", self.unknown, *_METHODS),
            ]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, unless it comes from where it should not."""
        try:
            self._guard(Request(scope))
        except ControlError as error:
            await told(error.status, error=str(error))(scope, receive, send)
            return
        await self._router(scope, receive, send)

    def _route(self, path: str, answer: Callable[[Request], Awaitable[JSONResponse]], *methods: str) -> Route:
        async def guarded(request: Request) -> JSONResponse:
            try:
                return await answer(request)
            except ControlError as error:
                return told(error.status, error=str(error))

        return Route(PREFIX + path, guarded, methods=list(methods))

    def _guard(self, request: Request) -> None:
        """Let in who has the token, and else only this machine itself under its own name, and no web page."""
        if self.token is not None:
            sent = request.headers.get("authorization", "")
            if not secrets.compare_digest(sent.encode(), f"Bearer {self.token}".encode()):
                raise ControlError(401, "this server's control API wants its token as a bearer key")
            return
        client = request.client.host if request.client else ""
        if not _is_local(client):
            raise ControlError(
                403, "the control API answers this machine only; start the server with a token for others"
            )
        if not _is_local(request.url.hostname or ""):
            raise ControlError(403, f"the control API is not {request.headers.get('host')}: use 127.0.0.1 or localhost")
        origin = request.headers.get("origin")
        if origin is not None and origin != f"{request.url.scheme}://{request.headers.get('host')}":
            raise ControlError(403, f"a page of {origin} may not drive this server")

    def _world(self, request: Request) -> World:
        name = request.query_params.get("space", DEFAULT)
        if name not in self.worlds.names():
            raise ControlError(404, f"there is no space {name}; it is made by the first request that names it")
        return self.worlds.world(name)

    async def index(self, _: Request) -> JSONResponse:
        """List what there is to ask for."""
        return told(200, **index(PREFIX))

    async def document(self, _: Request) -> JSONResponse:
        """Tell the same as an OpenAPI document."""
        return told(200, **document(PREFIX))

    async def health(self, _: Request) -> JSONResponse:
        """Say that the server is there."""
        return told(200, status="ok", version=self.version, spaces=len(self.worlds.names()))

    async def rules(self, _: Request) -> JSONResponse:
        """List the rules that a refusal may name in `x-mock-rule`."""
        return told(200, rules=[{"id": name, **asdict(source)} for name, source in RULES.items()])

    async def rule(self, request: Request) -> JSONResponse:
        """Tell where one rule was seen."""
        name = request.path_params["rule"]
        if name not in RULES:
            raise ControlError(404, f"there is no rule {name}; {PREFIX}/rules lists them")
        return told(200, id=name, **asdict(RULES[name]))

    async def spaces(self, _: Request) -> JSONResponse:
        """List the spaces."""
        return told(200, spaces=self.worlds.names())

    async def delete_space(self, request: Request) -> JSONResponse:
        """Forget a space."""
        name = request.path_params["name"]
        if not self.worlds.delete(name):
            raise ControlError(404, f"there is no space {name}")
        return told(200, deleted=name)

    async def reset(self, request: Request) -> JSONResponse:
        """Let a space begin anew."""
        name = self._world(request).space.name
        self.worlds.delete(name)
        self.worlds.world(name)
        return told(200, reset=name)

    async def clock(self, request: Request) -> JSONResponse:
        """Tell the time of a space, or change how it passes: `freeze` (true or Unix seconds), `advance`, `thaw`."""
        clock = self._world(request).space.clock
        asked = await wanted(request) if request.method == "POST" else {}
        moves = [_move(clock, name, value) for name, value in asked.items()]  # all are understood before one is made
        for move in moves:
            move()
        return told(200, now=clock.now(), frozen=clock.frozen)

    async def as_of(self, request: Request) -> JSONResponse:
        """Tell whose day's API a space serves, or choose another `day`: `YYYY-MM-DD`, or null for all of it."""
        served = self._world(request).space.served
        asked = await wanted(request) if request.method == "POST" else {}
        for name, value in asked.items():
            try:
                day = date.max if value is None else date.fromisoformat(value)
            except (TypeError, ValueError):
                day = None
            if name != "day" or day is None:
                raise ControlError(400, f"{name}: {json.dumps(value)} is not a day, written YYYY-MM-DD, or null")
            served.day = day
        return told(200, day=None if served.day == date.max else served.day.isoformat())

    async def limits(self, request: Request) -> JSONResponse:
        """Tell the limits of a space, or set them: `tier`, `images_per_minute`, `dollars`; null lifts one."""
        limits = self._world(request).space.limits
        asked = await wanted(request) if request.method == "POST" else {}
        for name, value in asked.items():
            if name not in _LIMITS or not (value is None or (_is_number(value) and _LIMITS[name](value))):
                raise ControlError(
                    400, f"{name}: {json.dumps(value)} is no tier of 1 to 5, images per minute or dollars"
                )
        for name, value in asked.items():
            setattr(limits, name, value)
        return told(200, **{name: getattr(limits, name) for name in _LIMITS}, spent=round(limits.spent, 6))

    async def scripts(self, request: Request) -> JSONResponse:
        """List what is to go wrong in a space, add a line to it, or clear it; a line is what a script file has."""
        script = self._world(request).space.script
        if request.method == "DELETE":
            script.clear()
        if request.method == "POST":
            try:
                line = read_line(await wanted(request))
            except ScenarioError as error:
                raise ControlError(400, str(error)) from None
            return told(200, number=script.add(line), scenario=line.play.name)
        return told(200, scripts=[plain({"number": number, **line.wanted}) for number, line in script.lines])

    async def unscript(self, request: Request) -> JSONResponse:
        """Take one line out of a script."""
        number = request.path_params["number"]
        if not self._world(request).space.script.remove(number):
            raise ControlError(404, f"there is no line {number}")
        return told(200, removed=number)

    async def scenarios(self, _: Request) -> JSONResponse:
        """List the catalogue."""
        every = [
            {"id": each.id, "aliases": each.aliases, "about": each.about, "topic": each.topic} for each in scenarios()
        ]
        return told(200, scenarios=every)

    async def scenario(self, request: Request) -> JSONResponse:
        """Explain one failure, by id or alias, and what a well-behaved client does about it."""
        try:
            found = find(request.path_params["name"])
        except ScenarioError as error:
            raise ControlError(404, str(error)) from None
        told_apart = {"seen": asdict(found.seen), "client": asdict(found.client)}
        fields = {name: getattr(found, name) for name in _EXPLAINED}
        return told(200, **fields, **told_apart)

    async def unknown(self, request: Request) -> JSONResponse:
        """Say what there is instead."""
        routes = [route for route in self._router.routes if isinstance(route, Route) and not _is_rest(route)]
        taken = {
            method for route in routes if route.path_regex.match(request.url.path) for method in route.methods or ()
        }
        if taken:
            message = f"{request.url.path} takes {' or '.join(sorted(taken - {'HEAD'}))}, not {request.method}"
            raise ControlError(405, message)
        there = sorted({route.path for route in routes})
        raise ControlError(404, f"{request.url.path} is not there; there are {', '.join(there)}")


def _is_rest(route: Route) -> bool:
    """Whether a route takes what no other does."""
    return route.path.endswith("{path:path}")


def _move(clock: VirtualClock, name: str, value: Any) -> Callable[[], None]:  # noqa: ANN401 - whatever was sent
    """Return what changes a clock as it is asked for. Raises `ControlError`."""
    if name in {"freeze", "thaw"} and value is True:
        return clock.freeze if name == "freeze" else clock.thaw
    if name in {"freeze", "advance"} and _is_number(value):
        return lambda: clock.freeze(value) if name == "freeze" else clock.advance(value)
    raise ControlError(400, f"{name}: {json.dumps(value)} is not freeze, advance or thaw with its value")


_EXPLAINED: Final = ("id", "aliases", "about", "topic", "endpoints", "models", "streams")
"""What is told of a scenario as it is."""

_LIMITS: Final[dict[str, Callable[[Any], bool]]] = {
    "tier": lambda value: value in range(1, 6),
    "images_per_minute": lambda value: isinstance(value, int) and value >= 0,
    "dollars": lambda value: value >= 0,
}
"""What can be limited, and what each limit may be."""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12  # noqa: PLR2004 - further than any date


def _is_local(host: str) -> bool:
    if host in _LOCAL_NAMES:
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback  # before Python 3.13 a mapped address was not
