"""Every door takes the same options, and clients that knock at once do not count for each other."""

from __future__ import annotations

import http.client
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest

from mockserver.mock_server import MockServer
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mockserver.images_api import ImagesApi

OVERLOADED = "503-overloaded"
CLIENTS = 64

OPTIONS: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [503, 503, 503, 503]),
    ({"times": 2}, [503, 503, 200, 200]),
    ({"after": 1}, [200, 503, 503, 503]),
    ({"every": 2}, [200, 503, 200, 503]),
    ({"after": 1, "every": 2, "times": 1}, [200, 200, 503, 200]),
    ({"probability": 0}, [200, 200, 200, 200]),
    ({"probability": 1, "seed": 7, "times": 1}, [503, 200, 200, 200]),
]


def sent(options: dict[str, Any]) -> str:
    """Return a scenario with its options as a header, a key or a tag has it."""
    return ";".join([OVERLOADED, *(f"{name}={value}" for name, value in options.items())])


def ask(api: ImagesApi, headers: dict[str, str] | None = None, prompt: str = "a dot") -> int:
    """Return the status of a request."""
    body = {"model": "gpt-image-1", "prompt": prompt, "quality": "low", "size": "1024x1024"}
    told = {"authorization": "Bearer sk-test", "content-type": "application/json", **(headers or {})}
    place = urlsplit(f"{api.base_url}/images/generations")
    with closing(http.client.HTTPConnection(place.netloc, timeout=60)) as line:
        line.request("POST", place.path, json.dumps(body), told)
        reply = line.getresponse()
        reply.read()
        return reply.status


def by_header(api: ImagesApi, options: dict[str, Any]) -> int:
    """Ask with the header."""
    return ask(api, {"x-mock-scenario": sent(options)})


def by_key(api: ImagesApi, options: dict[str, Any]) -> int:
    """Ask with a key."""
    return ask(api, {"authorization": f"Bearer sk-mock-{sent(options)}"})


def by_prompt(api: ImagesApi, options: dict[str, Any]) -> int:
    """Ask with a tag in the prompt."""
    return ask(api, prompt=f"a dot [mock:{sent(options)}]")


def as_ever(api: ImagesApi, _options: dict[str, Any]) -> int:
    """Ask with nothing of the kind."""
    return ask(api)


def by_control(server: MockServer, api: ImagesApi, options: dict[str, Any]) -> None:
    """Ask the control API beforehand."""
    line = {"scenario": OVERLOADED, "options": options}
    assert httpx.post(f"{server.url}/_mock/scripts?space={api.name}", json=line).status_code == 200


def by_method(_server: MockServer, api: ImagesApi, options: dict[str, Any]) -> None:
    """Say it in a sentence beforehand."""
    api.fail(OVERLOADED, **options)


def by_nothing(_server: MockServer, _api: ImagesApi, _options: dict[str, Any]) -> None:
    """Say nothing beforehand."""


DOORS: dict[str, tuple[Callable[[MockServer, ImagesApi, dict[str, Any]], None], Callable[..., int]]] = {
    "header": (by_nothing, by_header),
    "key": (by_nothing, by_key),
    "prompt": (by_nothing, by_prompt),
    "control": (by_control, as_ever),
    "method": (by_method, as_ever),
}


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    """A server for all tests here, each with a space of its own."""
    with MockServer() as running:
        yield running


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("options", "statuses"), OPTIONS, ids=str)
def test_an_option_means_the_same_through_every_door(
    server: MockServer, door: str, options: dict[str, Any], statuses: list[int]
) -> None:
    """At attempt after attempt of one request."""
    before, asked = DOORS[door]
    with server.space() as api:
        before(server, api, options)
        assert [asked(api, options) for _ in statuses] == statuses


@pytest.mark.parametrize(("options", "statuses"), OPTIONS, ids=str)
def test_an_option_means_the_same_in_a_file(tmp_path: Path, options: dict[str, Any], statuses: list[int]) -> None:
    """As a table, and behind the name."""
    script = tmp_path / "script.toml"
    table = ", ".join(f"{name} = {value}" for name, value in options.items())
    for text in (f'scenario = "{OVERLOADED}"\noptions = {{ {table} }}', f'scenario = "{sent(options)}"'):
        script.write_text(f"[[line]]\n{text}\n")
        with MockServer(Settings(script=str(script))) as api:
            assert [ask(api) for _ in statuses] == statuses


@pytest.mark.parametrize(
    "statuses",
    [
        pytest.param(statuses, marks=pytest.mark.images_scenario(OVERLOADED, **options), id=sent(options))
        for options, statuses in OPTIONS
    ],
)
def test_an_option_means_the_same_in_a_marker(images_api: ImagesApi, statuses: list[int]) -> None:
    """On a test."""
    assert [ask(images_api) for _ in statuses] == statuses


@pytest.mark.parametrize("door", DOORS)
def test_chance_means_the_same_through_every_door(server: MockServer, door: str) -> None:
    """Drawn from its seed, and told with it: the same again in another space, something else with another seed."""
    before, asked = DOORS[door]
    found = []
    for seed in (7, 7, 8):
        options = {"probability": 0.5, "seed": seed}
        with server.space() as api:
            before(server, api, options)
            found.append([asked(api, options) for _ in range(24)])
            assert {entry["seed"] for entry in api.requests if entry["status"] == 503} == {seed}
    assert found[0] == found[1] != found[2]
    assert set(found[0]) == {200, 503}


@pytest.mark.parametrize("door", DOORS)
def test_a_delay_means_the_same_through_every_door(server: MockServer, door: str) -> None:
    """Before whatever goes wrong."""
    before, asked = DOORS[door]
    with server.space() as api:
        before(server, api, {"delay": 0.2})
        began = time.monotonic()
        assert asked(api, {"delay": 0.2}) == 503
        assert time.monotonic() - began >= 0.2


def at_once(client: Callable[[int], list[int]]) -> list[list[int]]:
    """Return what many clients see that begin together, each in a thread."""
    together = threading.Barrier(CLIENTS)

    def begin(number: int) -> list[int]:
        together.wait(60)
        return client(number)

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(begin, range(CLIENTS)))


def test_clients_with_keys_of_their_own_do_not_count_for_each_other(server: MockServer) -> None:
    """In one space, with the same request and the same scenario."""
    with server.space() as api:
        api.fail_next("quota")

        def client(number: int) -> list[int]:
            headers = {"x-mock-scenario": f"{OVERLOADED}; times=2", "authorization": f"Bearer sk-{number}"}
            return [ask(api, headers) for _ in range(4)]

        assert at_once(client) == [[503, 503, 429, 200]] * CLIENTS


def test_clients_with_spaces_of_their_own_do_not_count_for_each_other(server: MockServer) -> None:
    """With the same key and request: attempts, calls and steps."""

    def client(number: int) -> list[int]:
        with server.space(f"of-{number}") as api:
            api.fail("moderation", match={"call": 1 + number % 2})
            api.fail(steps=["quota", OVERLOADED])
            return [ask(api) for _ in range(4)]

    assert at_once(client) == [[400, 429, 503, 200], [429, 400, 503, 200]] * (CLIENTS // 2)


def test_calls_are_counted_one_by_one(server: MockServer) -> None:
    """Of clients that share a space, a line for the nth call meets exactly one."""
    with server.space() as api:
        api.fail("quota", match={"call": [10, 50]})
        statuses = [status for seen in at_once(lambda number: [ask(api, prompt=f"dot {number}")]) for status in seen]
    assert sorted(statuses) == [200] * (CLIENTS - 2) + [429] * 2
