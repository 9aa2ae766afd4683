"""Spaces: found by path, key or header; they never meet."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest

from mockserver import worlds
from mockserver.app import create_app
from mockserver.clock import FrozenClock, VirtualClock
from mockserver.server import ServerThread
from mockserver.settings import Settings
from mockserver.worlds import Worlds

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

BODY = {"model": "gpt-image-1", "prompt": "a dot", "quality": "low", "size": "1024x1024"}
FILE = {"file": ("a.png", b"picture", "image/png")}


@pytest.fixture
def app() -> Worlds:
    """An app whose worlds can be looked at."""
    made = create_app(Settings(api_keys=("sk-key",)))
    assert isinstance(made, Worlds)
    return made


@pytest.fixture
def server(app: Worlds) -> Iterator[ServerThread]:
    """It, on a socket."""
    with ServerThread(app=app) as running:
        yield running


@pytest.mark.parametrize(
    ("prefix", "key", "headers", "space"),
    [
        ("", "sk-key", {}, "default"),
        ("/s/blue", "sk-key", {}, "blue"),
        ("", "sk-key@green", {}, "green"),
        ("", "sk-key", {"x-mock-space": "red"}, "red"),
        ("/s/blue", "sk-key@green", {"x-mock-space": "red"}, "blue"),
        ("", "sk-key@green", {"x-mock-space": "red"}, "green"),
        ("", "sk-key", {"x-mock-space": "no good name"}, "default"),
    ],
)
def test_a_request_names_its_space(
    app: Worlds, server: ServerThread, prefix: str, key: str, headers: dict[str, str], space: str
) -> None:
    """By path, key or header, in this order; a file that is uploaded there is found there alone."""
    sent = {"authorization": f"Bearer {key}", **headers}
    url = f"{server.url}{prefix}/v1/files"
    reply = httpx.post(url, data={"purpose": "vision"}, files=FILE, headers=sent)
    assert reply.status_code == 200, reply.text
    assert [name for name in app.names() if app.world(name).space.files.all()] == [space]


@pytest.mark.parametrize("path", ["/s/", "/s", "/s//v1/models", "/s/a b/v1/models", "/s/-x/v1/models"])
def test_a_path_that_names_no_space_is_unknown(app: Worlds, server: ServerThread, path: str) -> None:
    """And makes none."""
    assert httpx.get(server.url + path, headers={"authorization": "Bearer sk-key"}).status_code == 404
    assert app.names() == ["default"]


def test_a_picture_url_lies_in_its_space(server: ServerThread) -> None:
    """On the API's own origin, below the prefix."""
    reply = httpx.post(
        f"{server.url}/s/blue/v1/images/generations",
        json={"model": "dall-e-2", "prompt": "a dot", "size": "256x256"},
        headers={"authorization": "Bearer sk-key"},
    )
    url = reply.json()["data"][0]["url"]
    assert url.startswith(f"{server.url}/s/blue/private/")
    assert httpx.get(url).status_code == 200


def test_two_hundred_spaces_at_once_never_meet(app: Worlds, server: ServerThread) -> None:
    """Each sees its own files, and nothing else."""

    async def live(client: httpx.AsyncClient, name: str) -> list[str]:
        base = f"{server.url}/s/{name}/v1"
        for number in range(3):
            files = {"file": (f"{name}-{number}.png", b"picture", "image/png")}
            await client.post(f"{base}/files", data={"purpose": "vision"}, files=files)
            assert (await client.post(f"{base}/images/generations", json=BODY)).status_code == 200
        return [row["filename"] for row in (await client.get(f"{base}/files")).json()["data"]]

    async def all_at_once() -> list[list[str]]:
        limits = httpx.Limits(max_connections=32)
        headers = {"authorization": "Bearer sk-key"}
        async with httpx.AsyncClient(headers=headers, limits=limits, timeout=60) as client:
            return await asyncio.gather(*[live(client, f"space-{number}") for number in range(200)])

    seen = asyncio.run(all_at_once())
    assert seen == [[f"space-{number}-{file}.png" for file in (2, 1, 0)] for number in range(200)]
    assert len(app.names()) == 201


def test_the_space_that_was_not_used_for_longest_makes_room(app: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounded in number."""
    monkeypatch.setattr(worlds, "MOST_WORLDS", 3)
    for name in ("a", "b", "c", "a", "d"):
        app.world(name)
    assert app.names() == ["default", "c", "a", "d"]


def test_spaces_that_keep_too_much_make_room(
    app: Worlds, server: ServerThread, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Bounded in bytes: the one not used for longest first, never the one that is used; and the log says so."""
    monkeypatch.setattr(worlds, "MOST_BYTES", 50_000)
    monkeypatch.setattr(worlds, "_EVERY", 1)
    headers = {"authorization": "Bearer sk-key"}
    with caplog.at_level("WARNING", "mockserver"):
        for name, size in (("a", 20_000), ("b", 20_000), ("c", 20_000), ("d", 90_000), ("d", 1)):
            upload = {"file": ("a.png", bytes(size), "image/png")}
            url = f"{server.url}/s/{name}/v1/files"
            assert httpx.post(url, data={"purpose": "vision"}, files=upload, headers=headers).status_code == 200
            app.world(name)
    assert app.names() == ["default", "d"]
    assert len(app.world("d").space.files.all()) == 2
    assert "space a was not used for longest and made room for c" in caplog.text


def test_a_deleted_space_begins_anew(app: Worlds) -> None:
    """The default one too."""
    for name in ("default", "blue"):
        old = app.world(name)
        assert app.delete(name)
        assert app.world(name) is not old
    assert not app.delete("never")


def test_a_virtual_clock_runs_stands_and_jumps() -> None:
    """On top of any other clock."""
    base = FrozenClock(1000)
    clock = VirtualClock(base)
    base.advance(1)
    assert clock.now() == 1001
    clock.advance(60)
    assert clock.now() == 1061
    clock.freeze()
    base.advance(10)
    clock.advance(5)
    assert (clock.now(), clock.frozen) == (1066, True)
    asyncio.run(clock.sleep(4))
    clock.thaw()
    base.advance(1)
    assert (clock.now(), clock.frozen) == (1071, False)


def test_a_stopwatch_only_ever_grows() -> None:
    """Wherever the clock is moved to while a request is answered."""
    clock = VirtualClock()
    seen = [clock.stopwatch()]
    for move in (clock.freeze, clock.thaw, lambda: clock.freeze(at=5), lambda: clock.advance(60), clock.thaw):
        move()
        seen.append(clock.stopwatch())
    assert seen == sorted(seen)
    assert 60 <= seen[-1] - seen[0] < 70


def test_a_header_that_names_no_space_is_told(server: ServerThread, caplog: pytest.LogCaptureFixture) -> None:
    """The request goes to the default space, and the log says why."""
    headers = {"authorization": "Bearer sk-key", "x-mock-space": "../blue"}
    with caplog.at_level("WARNING", "mockserver"):
        assert httpx.get(f"{server.base_url}/models", headers=headers).status_code == 200
    assert "X-Mock-Space: '../blue' names no space" in caplog.text


def test_what_is_no_request_needs_no_space(app: Worlds) -> None:
    """A server under which the app is put asks whether it has started."""
    asked = iter(({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}))
    answered: list[str] = []

    async def receive() -> dict[str, str]:
        return next(asked)

    async def send(message: MutableMapping[str, object]) -> None:
        answered.append(str(message["type"]))

    asyncio.run(app({"type": "lifespan"}, receive, send))
    assert answered == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
