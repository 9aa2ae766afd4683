"""`/_mock/`: what it tells and does, and whom it lets in."""

from __future__ import annotations

import httpx
import pytest

from mockserver.server import ServerThread
from mockserver.settings import Settings
from mockserver.sources import RULES


def test_it_says_that_it_is_there(server: ServerThread) -> None:
    """With its version."""
    told = httpx.get(f"{server.url}/_mock/health").json()
    assert told["status"] == "ok"


def test_a_refusal_leads_to_its_rule(server: ServerThread, http: httpx.Client) -> None:
    """By the id in the header."""
    refused = http.post("/images/generations", json={"model": "nope", "prompt": "a"})
    told = httpx.get(f"{server.url}/_mock/rules/{refused.headers['x-mock-rule']}").json()
    assert told["kind"] == "observed"
    assert told["seen"] == RULES["model-does-not-exist"].seen
    assert len(httpx.get(f"{server.url}/_mock/rules").json()["rules"]) == len(RULES)


def test_the_clock_of_a_space_is_driven() -> None:
    """A picture's hour passes in no time, in its own space alone."""
    with ServerThread(Settings()) as server:

        def url(space: str) -> str:
            body = {"model": "dall-e-2", "prompt": "a", "size": "256x256"}
            headers = {"authorization": "Bearer k", "x-mock-space": space}
            reply = httpx.post(f"{server.base_url}/images/generations", json=body, headers=headers)
            return str(reply.json()["data"][0]["url"])

        urls = {space: url(space) for space in ("blue", "red")}
        told = httpx.post(f"{server.url}/_mock/clock?space=blue", json={"freeze": True, "advance": 3700}).json()
        assert told["frozen"]
        found = {space: httpx.get(urls[space], headers={"x-mock-space": space}).status_code for space in urls}
        assert found == {"blue": 403, "red": 200}
        assert not httpx.post(f"{server.url}/_mock/clock?space=blue", json={"thaw": True}).json()["frozen"]


def test_a_space_is_listed_reset_and_deleted() -> None:
    """It is made by the first request that names it."""
    with ServerThread(Settings()) as server:
        httpx.get(f"{server.url}/s/blue/v1/models", headers={"authorization": "Bearer k"})
        assert httpx.get(f"{server.url}/_mock/spaces").json() == {"spaces": ["default", "blue"]}
        assert httpx.post(f"{server.url}/_mock/reset?space=blue").json() == {"reset": "blue"}
        assert httpx.delete(f"{server.url}/_mock/spaces/blue").json() == {"deleted": "blue"}
        assert httpx.delete(f"{server.url}/_mock/spaces/blue").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "said"),
    [
        ("GET", "/nope", None, 404, "/_mock/health"),
        ("GET", "/rules/nope", None, 404, "no rule nope"),
        ("GET", "/clock?space=nope", None, 404, "no space nope"),
        ("POST", "/clock", {"forward": 1}, 400, "forward"),
        ("POST", "/clock", {"advance": "1"}, 400, "advance"),
        ("POST", "/clock", {"advance": True}, 400, "advance"),
        ("POST", "/clock", {"freeze": 1e300}, 400, "freeze"),
        ("POST", "/clock", [], 400, "not a JSON object"),
    ],
)
def test_a_mistake_is_explained(
    server: ServerThread, method: str, path: str, body: object, status: int, said: str
) -> None:
    """In one sentence."""
    reply = httpx.request(method, f"{server.url}/_mock{path}", json=body)
    assert (reply.status_code, said in reply.json()["error"]) == (status, True), reply.text


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff", b" " * 2_000_000])
def test_hostile_bodies_are_refused(server: ServerThread, body: bytes) -> None:
    """Never a 500."""
    assert httpx.post(f"{server.url}/_mock/clock", content=body).status_code in {400, 413}


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "evil.example:8080"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"host": "192.168.1.5"},
    ],
)
def test_a_web_page_cannot_drive_it(server: ServerThread, headers: dict[str, str]) -> None:
    """Neither by its own origin nor by a name that it points here."""
    assert httpx.get(f"{server.url}/_mock/health", headers=headers).status_code == 403


def test_a_page_of_its_own_may(server: ServerThread) -> None:
    """The same origin."""
    assert httpx.get(f"{server.url}/_mock/health", headers={"origin": server.url}).status_code == 200


@pytest.mark.parametrize(("key", "status"), [("secret", 200), ("other", 401), (None, 401)])
def test_a_token_opens_it_from_anywhere(key: str | None, status: int) -> None:
    """And then it is needed."""
    headers = {"host": "ci.example", **({"authorization": f"Bearer {key}"} if key else {})}
    with ServerThread(Settings(control_token="secret")) as server:  # noqa: S106 - not a real one
        assert httpx.get(f"{server.url}/_mock/health", headers=headers).status_code == status
