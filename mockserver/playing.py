"""Which scenario a request asks for, and the faults of its turn around the app."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mockserver import errors
from mockserver.authentication import bearer_key
from mockserver.buffering import buffered
from mockserver.faults.fault import wrapped
from mockserver.faults.scene import Scene
from mockserver.journal import LOG, entry_of, telling
from mockserver.lines import endpoint_of
from mockserver.scenarios.play import KEY_PREFIX, Play, in_key, read
from mockserver.scenarios.scenario import ScenarioError
from mockserver.tagged import HEADER, TaggedError
from mockserver.wire import headers_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from mockserver.spaces import Space


@dataclass(frozen=True, slots=True)
class Playing:
    """Plays for one request."""

    app: ASGIApp
    space: Space
    door: Callable[[ASGIApp], ASGIApp]

    async def asked(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that may ask for a scenario by header, key or script, in this order.

        Raises:
            ApiError: its body is larger than any may be, or stops arriving, or what it asks for is not understood.
            ClientDisconnect: the client went away before its body was whole.
        """
        async with buffered(scope, receive) as body:
            parameters, request = await body.understood(scope)
            try:
                door, play = self._found(scope, parameters)
            except ScenarioError as error:
                raise errors.unknown_scenario(str(error)) from None
            streams = str(parameters.get("stream")).lower() == "true"
            if play is not None and not play.scenario.happens(endpoint_of(scope["path"]), streams=streams):
                entry_of(scope).hint = f"{play.scenario.id} does not happen here"
                play = None
            if play is None:
                await self.app(scope, body.receive(), send)
                return
            model = parameters.get("model")
            tagged = TaggedError(play, request, model if isinstance(model, str) else "", self.app)
            await self.tagged(tagged, scope, body.receive(), send, door)

    def _found(self, scope: Scope, parameters: dict[str, Any]) -> tuple[str, Play | None]:
        """Return the door by which a scenario is asked for, and the scenario."""
        headers, endpoint = headers_of(scope), endpoint_of(scope["path"])
        if HEADER in headers:
            return "header", read(headers[HEADER].decode("latin-1"))
        by_key = _by_key(bearer_key(scope))
        if by_key is not None:
            return "key", by_key
        for line in self.space.script.lines:
            if line.match.fits(endpoint, parameters):
                return f"script/{line.number}", line.play
        return "", None

    async def tagged(
        self, tagged: TaggedError, scope: Scope, receive: Receive, send: Send, door: str = "prompt"
    ) -> None:
        """Answer a request with what goes wrong at this attempt of it."""
        space, entry, key = self.space, entry_of(scope), bearer_key(scope)
        seed = space.settings.seed
        asked = tagged.play
        attempt = space.script.attempt(f"{door}/{key}/{asked.scenario.id}/{asked.options}", tagged.request)
        step = asked.faults(attempt, seed)
        answer = self.door(tagged.answer)
        if step is None:
            await answer(scope, receive, send)
            return
        entry.token = entry.token or space.identities.token()
        entry.played.append({"scenario": asked.scenario.id, "door": door, "attempt": attempt, "seed": seed})
        scene = Scene(
            clock=space.clock,
            token=entry.token,
            model=tagged.model or None,
            key=key,
            method=scope["method"],
            path=scope["path"],
            seed=seed,
            started=entry.started,
        )
        entry.status = 0
        await wrapped(step, answer, scene)(scope, receive, telling(entry, send))


def _by_key(key: str) -> Play | None:
    """Return the scenario of a key; one that names none is a key like any other, and the log says so."""
    try:
        return in_key(key.rpartition("@")[0] or key)
    except ScenarioError as error:
        LOG.warning("the key begins with %s but plays nothing: %s", KEY_PREFIX, error)
        return None
