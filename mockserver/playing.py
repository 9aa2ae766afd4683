"""Which scenario a request asks for, and the faults of its turn around the app."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mockserver import errors
from mockserver.azure import model_asked
from mockserver.buffering import buffered
from mockserver.faults.fault import wrapped
from mockserver.faults.scene import Scene
from mockserver.faults.table import FAULTS
from mockserver.journal import LOG, entry_of, telling
from mockserver.lines import endpoint_of
from mockserver.request_head import SCENARIO, head_of
from mockserver.scenarios.play import KEY_PREFIX, Act, Play, in_key, read
from mockserver.scenarios.scenario import ScenarioError
from mockserver.whole import watched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import ASGIApp, Receive, Scope, Send

    from mockserver.spaces import Space
    from mockserver.tagged import TaggedError


@dataclass(frozen=True, slots=True)
class Playing:
    """Plays for one request."""

    app: ASGIApp
    space: Space
    door: Callable[[ASGIApp], ASGIApp]

    async def asked(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that may ask for a scenario by header, key or script, in this order.

        The first whose turn it is plays; where it is nobody's, the prompt may still ask.

        Raises:
            ApiError: its body is larger than any may be, or stops arriving, or what it asks for is not understood.
            ClientDisconnect: the client went away before its body was whole.
        """
        receive, send = watched(scope, receive, send)
        async with buffered(scope, receive) as body:
            parameters, request = await body.understood(scope)
            model = model_asked(scope["path"], parameters.get("model"), dict(self.space.settings.deployments))
            if model:
                parameters["model"] = model
            try:
                found = self._turn(scope, parameters, request)
            except ScenarioError as error:
                raise errors.unknown_scenario(str(error)) from None
            if found is None:
                await self.app(scope, body.receive(), send)
            else:
                await self._play(found, self.app, model)(scope, body.receive(), send)

    def _turn(self, scope: Scope, parameters: dict[str, Any], request: str) -> Turn | None:
        """Return whose turn it is; None where it is nobody's."""
        endpoint, streams = endpoint_of(scope["path"]), str(parameters.get("stream")).lower() == "true"
        for door, counted, play in self._asking(scope, endpoint, parameters):
            turn = self._counted(door, counted, play, request, scope)
            if turn is None:
                continue
            if turn.act.happens(endpoint, streams=streams):
                entry_of(scope).hint = ""
                return turn
            entry_of(scope).hint = f"{_name(turn.act)} does not happen here"
        return None

    def _asking(self, scope: Scope, endpoint: str, parameters: dict[str, Any]) -> Iterator[tuple[str, str, Play]]:
        """Give the doors by which something is asked for, what each counts by, and what is asked for."""
        meant = self.space.script.meant(endpoint, parameters)  # counted as calls, whoever plays
        headers = head_of(scope).named
        if SCENARIO in headers:
            text = headers[SCENARIO].decode("latin-1")
            play = read(text)
            yield "header", f"header/{play.name}/{play.options}", play
        key = head_of(scope).key
        by_key = _by_key(key)
        if by_key is not None:
            yield "key", "key", by_key
        for number, line in meant:
            yield f"script/{number}", f"script/{number}", line.play

    def _counted(self, door: str, counted: str, play: Play, request: str, scope: Scope) -> Turn | None:
        """Count an attempt; return what is played at it, None where nothing is."""
        seed = self.space.settings.seed
        count = self.space.script.count(f"{counted}/{head_of(scope).key}", request)
        act = play.act(count, request, seed)
        return None if act is None else Turn(door, act, count.attempts, play.options.seed_of(seed))

    async def tagged(self, tagged: TaggedError, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request with what its prompt asks for."""
        play = tagged.play
        turn = self._counted("prompt", f"prompt/{play.name}/{play.options}", play, tagged.request, scope)
        if turn is not None and not turn.act.happens(endpoint_of(scope["path"]), streams=tagged.streams):
            entry_of(scope).hint = f"{_name(turn.act)} does not happen here"
            turn = None
        app = self.door(tagged.answer) if turn is None else self._play(turn, tagged.answer, tagged.model)
        await app(scope, *watched(scope, receive, send))

    def _play(self, turn: Turn, app: ASGIApp, model: str) -> ASGIApp:
        """Return `app` with what goes wrong at a turn."""

        async def played(scope: Scope, receive: Receive, send: Send) -> None:
            space, entry = self.space, entry_of(scope)
            entry.token = entry.token or space.identities.token()
            entry.played = (*entry.played, turn.told())
            entry.suspect()
            entry.seed = turn.seed
            scene = Scene(
                clock=space.clock,
                token=entry.token,
                model=model or None,
                key=head_of(scope).key,
                method=scope["method"],
                path=scope["path"],
                seed=space.settings.seed,
                started=entry.started,
            )
            entry.status = 0
            await wrapped(turn.act.faults, self.door(app), scene)(scope, receive, telling(entry, send))

        return played


class Turn(NamedTuple):
    """What is played at an attempt of a request."""

    door: str
    act: Act
    attempt: int
    seed: int
    """What its chance was drawn from."""

    def told(self) -> dict[str, object]:
        """Return it as the journal keeps it."""
        scenario, told = self.act.scenario, {"door": self.door, "attempt": self.attempt, "seed": self.seed}
        if scenario is not None:
            return {"scenario": scenario.id, **told}
        return {"faults": [_NAMES[type(fault)] for fault in self.act.faults], **told}


_NAMES: Final = {kind: name for name, kind in FAULTS.items()}


def _name(act: Act) -> str:
    return act.scenario.id if act.scenario else "it"


def _by_key(key: str) -> Play | None:
    """Return the scenario of a key; one that names none is a key like any other, and the log says so."""
    try:
        return in_key(key.rpartition("@")[0] or key)
    except ScenarioError as error:
        LOG.warning("the key begins with %s but plays nothing: %s", KEY_PREFIX, error)
        return None
