"""A server whose journal lies open, and entries made by hand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import httpx
import pytest

from mockserver.app import create_app
from mockserver.journal import Entry
from mockserver.request_head import RequestHead
from mockserver.server import ServerThread
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mockserver.journal.kept import Journal
    from mockserver.journal.recorder import Recorder
    from mockserver.worlds import Worlds

KEY = "Bearer sk-live-0123456789abcdefghij"
BODY: dict[str, object] = {"model": "gpt-image-1", "prompt": "a dot", "quality": "low", "size": "1024x1024"}


@dataclass(frozen=True)
class Open:
    """A server, a client of it, and its journal."""

    server: ServerThread
    http: httpx.Client
    journal: Journal

    def ask(self, **parameters: object) -> httpx.Response:
        """Ask for a picture of a dot; a parameter of None is left out."""
        told = {name: value for name, value in {**BODY, **parameters}.items() if value is not None}
        return self.http.post("/images/generations", json=told)

    def last(self) -> Entry:
        """Return the newest entry."""
        return self.journal.entries()[-1]


@pytest.fixture(scope="session")
def _running() -> Iterator[Open]:
    app = cast("Worlds", create_app(Settings(journal=10_000)))
    recorder = cast("Recorder", app.default.app)
    with (
        ServerThread(app=app) as server,
        httpx.Client(base_url=server.base_url, headers={"authorization": KEY}, timeout=60) as http,
    ):
        yield Open(server, http, recorder.journal)


@pytest.fixture
def opened(_running: Open) -> Open:
    """The server of this directory, with an empty journal."""
    _running.journal.clear()
    return _running


@pytest.fixture
def made() -> Callable[..., Entry]:
    """Make an entry that is answered: a generation of a dot, unless fields say otherwise."""

    def make(journal: Journal | None = None, body: dict[str, object] | bytes | None = None, **fields: object) -> Entry:
        headers = cast("list[tuple[bytes, bytes]]", fields.pop("headers", [(b"authorization", KEY.encode())]))
        head = RequestHead(
            str(fields.pop("method", "POST")),
            str(fields.pop("path", "/v1/images/generations")),
            headers,
            cast("bytes", fields.pop("query", b"")),
            str(fields.pop("scheme", "http")),
        )
        entry = Entry(head, 0.0, cast("float", fields.pop("arrived", 1000.0)))
        entry.body = body if isinstance(body, bytes) else json.dumps(BODY if body is None else body).encode()
        entry.received = len(entry.body)
        answered = {"status": 200, "seconds": 1.0, "complete": True, **fields}
        for name, value in answered.items():
            setattr(entry, name, value)
        if journal is not None:
            journal.open(entry)
            journal.close(entry)
        return entry

    return make
