"""The server under a client that is tested, and what it hears of each session on the wire."""

from __future__ import annotations

import hashlib
import http.client
import itertools
import threading
from typing import TYPE_CHECKING, Final, Self, cast
from urllib.parse import urlsplit

from mockserver.app import create_app
from mockserver.contract.certify.tape import Tape
from mockserver.contract.certify.wiretap import BARRIER, Wiretap
from mockserver.lines import Line
from mockserver.match import Match
from mockserver.request_head import SPACE_NAME, SPACE_PREFIX
from mockserver.scenarios.catalogue import find
from mockserver.scenarios.options import read_options
from mockserver.scenarios.play import Play
from mockserver.server import ServerThread
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from mockserver.contract.certify.exchange import Exchange
    from mockserver.journal.kept import Journal
    from mockserver.scenarios.scenario import Scenario
    from mockserver.worlds import World, Worlds

_JOURNAL: Final = 100
"""Entries that the journal of a session keeps."""


class Tap:
    """One mockserver on a free local port while the `with` block lasts; each session is a space of its own."""

    def __init__(self, settings: Settings | None = None) -> None:
        """Prepare a server of `settings`; None for the defaults with a journal."""
        self._worlds = cast("Worlds", create_app(settings or Settings(journal=_JOURNAL)))
        self._server = ServerThread(app=Wiretap(self._worlds, self._find))
        self._sessions: dict[str, Session] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """Where it answers, as `http://127.0.0.1:PORT`."""
        return self._server.url

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for session in list(self._sessions.values()):
            session.close()
        self._server.stop()

    def session(self, name: str | None = None) -> Session:
        """Return a fresh space with its own address and key.

        Args:
            name: what it is called; None for a name that no other session has.

        Raises:
            ValueError: the name is taken, or none that a space may have.
        """
        with self._lock:
            name = name or next(free for free in map("s{}".format, self._numbers) if free not in self._sessions)
            if name in self._sessions or not SPACE_NAME.fullmatch(name):
                msg = f"no session can be called {name!r}: a name is free, and has letters, digits, . _ - (64 at most)"
                raise ValueError(msg)
            session = self._sessions[name] = Session(self, name, self._worlds.world(name))
        return session

    def barrier(self) -> None:
        """Return when the server has heard all that was sent to it before."""
        where = urlsplit(self.url)
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
        try:
            connection.request("GET", BARRIER)
            connection.getresponse().read()
        finally:
            connection.close()

    def forget(self, name: str) -> None:
        """Delete a session and its space; one that is gone already is no fault."""
        with self._lock:
            if self._sessions.pop(name, None) is not None:
                self._worlds.delete(name)

    def _find(self, path: str, headers: Mapping[bytes, bytes]) -> tuple[Tape, str] | None:
        """Return the tape of a request's session, and the prefix of its path; a lost prefix is known by the key."""
        named = SPACE_PREFIX.match(path)
        session = self._sessions.get(named[1]) if named else None
        if named and session is not None:
            return session.tape, named[0]
        key = (headers.get(b"authorization") or headers.get(b"api-key") or b"").decode("latin-1")
        sent = key.rpartition(" ")[2]
        known = next((each for each in list(self._sessions.values()) if each.api_key == sent), None)
        return (known.tape, "") if known else None


class Session:
    """A space for one question to a client: nobody else's requests, faults or sums are in it."""

    def __init__(self, tap: Tap, name: str, world: World) -> None:
        self.name = name
        self.base_url = f"{tap.url}/s/{name}/v1"
        """What the client is told to talk to."""

        self.api_key = f"sk-certify-{hashlib.sha256(name.encode()).hexdigest()[:32]}"
        """The key that the client is told to send; no other session has it."""

        self.world = world
        """The space behind it, with its clock, its script and its journal."""

        self.tape = Tape()
        self._tap = tap

    @property
    def exchanges(self) -> list[Exchange]:
        """What was exchanged, in order of arrival; `settle` first, as an exchange grows until it is over."""
        return list(self.tape.exchanges)

    @property
    def journal(self) -> Journal | None:
        """What the server itself kept; None where it keeps nothing."""
        return self.world.journal

    def play(self, scenario: str | Scenario, **options: float) -> None:
        """Let a scenario of the catalogue, or one of one's own, go wrong for every request that follows.

        Args:
            scenario: its name, or itself.
            options: `times`, `after`, `every`, `delay`, `probability` and `seed`, as every door takes them.

        Raises:
            ScenarioError: there is no such scenario or option.
        """
        chosen = find(scenario) if isinstance(scenario, str) else scenario
        self.world.space.script.add(Line(Play.of(chosen, read_options(options)), Match(), {"scenario": chosen.id}))

    def settle(self, deadline: float = 5.0) -> bool:
        """Wait until every exchange is over, `deadline` seconds at most; return whether that is so."""
        self._tap.barrier()
        return self.tape.settle(deadline)

    def close(self) -> None:
        """Delete the space and all that is known of it."""
        self._tap.forget(self.name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
