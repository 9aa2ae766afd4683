"""`/_mock/`: what it tells and does, and whom it lets in."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest

from mockserver.app import create_app
from mockserver.server import ServerThread
from mockserver.settings import Settings
from mockserver.sources import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator


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


def test_a_clock_moves_wholly_or_not_at_all(server: ServerThread) -> None:
    """One part that is not understood leaves the rest undone."""
    clock = f"{server.url}/_mock/clock"
    assert httpx.post(clock, json={"freeze": True, "forward": 1}).status_code == 400
    assert not httpx.get(clock).json()["frozen"]


def test_the_day_of_a_space_is_chosen() -> None:
    """In its own space alone, and back."""
    with ServerThread(Settings()) as server:

        def names(space: str) -> set[str]:
            reply = httpx.get(f"{server.url}/s/{space}/v1/models", headers={"authorization": "Bearer k"})
            return {model["id"] for model in reply.json()["data"]}

        newest = names("blue")
        chosen = f"{server.url}/_mock/as-of?space=blue"
        assert httpx.get(chosen).json() == {"day": None}
        assert httpx.post(chosen, json={"day": "2025-06-01"}).json() == {"day": "2025-06-01"}
        assert names("blue") < names("red") == newest
        assert httpx.post(chosen, json={"day": None}).json() == {"day": None}
        assert names("blue") == newest


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
        ("GET", "/scenarios/rate_limt", None, 404, "did you mean 'rate_limit'?"),
        ("POST", "/clock", {"forward": 1}, 400, "forward"),
        ("POST", "/clock", {"advance": "1"}, 400, "advance"),
        ("POST", "/clock", {"advance": True}, 400, "advance"),
        ("POST", "/clock", {"freeze": 1e300}, 400, "freeze"),
        ("POST", "/as-of", {"day": "tomorrow"}, 400, "YYYY-MM-DD"),
        ("POST", "/as-of", {"day": 5}, 400, "YYYY-MM-DD"),
        ("POST", "/as-of", {"date": "2025-06-01"}, 400, "date"),
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


@pytest.mark.parametrize(
    ("machine", "token", "status"),
    [
        ("127.0.0.1", None, 200),
        ("127.8.9.1", None, 200),
        ("::1", None, 200),
        ("::ffff:127.0.0.1", None, 200),
        ("192.0.2.7", None, 403),
        ("::ffff:192.0.2.7", None, 403),
        ("2001:db8::7", None, 403),
        ("192.0.2.7", "secret", 200),
    ],
)
def test_another_machine_needs_a_token(machine: str, token: str | None, status: int) -> None:
    """By the address that the connection comes from, whatever its headers say."""
    app = create_app(Settings(control_token=token))
    headers = {"x-forwarded-for": "127.0.0.1", **({"authorization": f"Bearer {token}"} if token else {})}

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(machine, 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client:
            return await client.get("/_mock/health", headers=headers)

    reply = asyncio.run(ask())
    assert (reply.status_code, "this machine only" in reply.text) == (status, status == 403)


@pytest.fixture(scope="module")
def told() -> Iterator[ServerThread]:
    """A server with a journal: a picture, the same again, and a refusal, all in the space blue."""
    bodies = [{"model": "gpt-image-1", "prompt": "a dot", "quality": "low", "size": "1024x1024"}] * 2 + [
        {"model": "nope", "prompt": "a"}
    ]
    with ServerThread(Settings(journal=100)) as server:
        for body in bodies:
            headers = {"authorization": "Bearer sk-live-0123456789abcdefghij"}
            httpx.post(f"{server.url}/s/blue/v1/images/generations", json=body, headers=headers)
        yield server


@pytest.mark.parametrize(
    ("query", "numbers"),
    [("", [1, 2, 3]), ("status=4xx&", [3]), ("param.quality=low&after=1&", [2]), ("prompt=cat&", [])],
)
def test_a_journal_is_asked(told: ServerThread, query: str, numbers: list[int]) -> None:
    """By the query string, in its space."""
    reply = httpx.get(f"{told.url}/_mock/journal?{query}space=blue")
    assert [entry["number"] for entry in reply.json()["entries"]] == numbers
    assert "0123456789abcdefghij" not in reply.text
    archive = httpx.get(f"{told.url}/_mock/journal.har?{query}space=blue").json()
    assert [entry["_number"] for entry in archive["log"]["entries"]] == numbers


def test_an_entry_can_be_sent_again(told: ServerThread) -> None:
    """By curl and by openai-python."""
    entry = httpx.get(f"{told.url}/_mock/journal/1?space=blue").json()
    assert f"{told.url}/s/blue/v1/images/generations" in entry["curl"]
    assert "images.generate(" in entry["openai_python"]


@pytest.mark.parametrize(("count", "status", "said"), [(2, 200, "as expected"), (1, 417, "but found 2")])
def test_a_journal_is_judged(told: ServerThread, count: int, status: int, said: str) -> None:
    """The status tells a shell, the text a person."""
    expected = {"match": {"model": "gpt-image-1"}, "exactly": count}
    reply = httpx.post(f"{told.url}/_mock/verify?space=blue", json=expected)
    assert (reply.status_code, said in reply.json()["text"]) == (status, True), reply.text


def test_money_and_coverage_are_told(told: ServerThread) -> None:
    """Two pictures were drawn, one rule was met; the default space has seen nothing."""
    spent = httpx.get(f"{told.url}/_mock/ledger?space=blue").json()
    assert (spent["requests"], spent["billed_twice"]) == (2, [])
    assert spent["saved"] == pytest.approx(2 * 0.011, rel=0.1)
    assert httpx.get(f"{told.url}/_mock/coverage?space=blue").json()["rules"]["done"] == ["model-does-not-exist"]
    assert httpx.get(f"{told.url}/_mock/ledger").json()["requests"] == 0


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "said"),
    [
        ("GET", "/journal?modle=x", None, 400, "did you mean model"),
        ("GET", "/journal?limit=x", None, 400, "no number"),
        ("GET", "/journal/9", None, 404, "9 is not kept"),
        ("GET", "/journal/99999999999999999999999", None, 404, "is not kept"),
        ("POST", "/verify", {"exacty": 1}, 400, "did you mean exactly"),
        ("POST", "/verify", [], 400, "not a JSON object"),
    ],
)
def test_a_question_that_cannot_be_read(
    told: ServerThread, method: str, path: str, body: object, status: int, said: str
) -> None:
    """Is answered in one sentence."""
    reply = httpx.request(method, f"{told.url}/_mock{path}", json=body)
    assert (reply.status_code, said in reply.json()["error"]) == (status, True), reply.text


def test_a_journal_is_cleared() -> None:
    """Numbers go on."""
    with ServerThread(Settings(journal=2)) as server:
        for _ in range(3):
            httpx.get(f"{server.base_url}/models", headers={"authorization": "Bearer k"})
        kept = httpx.get(f"{server.url}/_mock/journal").json()
        assert ([entry["number"] for entry in kept["entries"]], kept["dropped"]) == ([2, 3], 1)
        assert httpx.delete(f"{server.url}/_mock/journal").json()["entries"] == []
        httpx.get(f"{server.base_url}/models", headers={"authorization": "Bearer k"})
        assert [entry["number"] for entry in httpx.get(f"{server.url}/_mock/journal").json()["entries"]] == [4]


def test_a_server_without_a_journal_says_how_to_have_one(server: ServerThread) -> None:
    """With the option."""
    reply = httpx.get(f"{server.url}/_mock/journal")
    assert (reply.status_code, "--journal 1000" in reply.json()["error"]) == (404, True)
