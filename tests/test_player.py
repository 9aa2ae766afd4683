"""Scenarios through every door: by header, key, prompt and script, counted and in order of precedence."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import openai
import pytest

from mockserver import forms
from mockserver.app import create_app
from mockserver.server import ServerThread
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

BODY = {"model": "gpt-image-1", "prompt": "a dot", "quality": "low", "size": "1024x1024"}
LIMITED = "429-gpt-image-ipm"


@pytest.fixture
def server() -> Iterator[ServerThread]:
    """A server of its own for each test."""
    with ServerThread(Settings()) as running:
        yield running


@pytest.fixture
def control(server: ServerThread) -> Iterator[httpx.Client]:
    """Its control API."""
    with httpx.Client(base_url=f"{server.url}/_mock") as client:
        yield client


def ask(server: ServerThread, headers: dict[str, str] | None = None, **parameters: object) -> httpx.Response:
    """Ask for a picture."""
    sent = {"authorization": "Bearer sk-test", **(headers or {})}
    return httpx.post(f"{server.base_url}/images/generations", json={**BODY, **parameters}, headers=sent, timeout=10)


@pytest.mark.parametrize(
    ("headers", "parameters"),
    [
        ({"x-mock-scenario": LIMITED}, {}),
        ({"authorization": f"Bearer sk-mock-{LIMITED}"}, {}),
        ({"authorization": f"Bearer sk-mock-{LIMITED}@blue"}, {}),
        ({}, {"prompt": f"a dot [mock:{LIMITED}]"}),
        ({"x-mock-scenario": "rate_limit"}, {}),
    ],
    ids=["header", "key", "key-and-space", "prompt", "alias"],
)
def test_one_name_works_through_every_door(
    server: ServerThread, headers: dict[str, str], parameters: dict[str, Any]
) -> None:
    """Without a change in the application."""
    reply = ask(server, headers, **parameters)
    assert (reply.status_code, reply.json()["error"]["code"]) == (429, "rate_limit_exceeded")
    assert "Rate limit reached for gpt-image-1" in reply.json()["error"]["message"]


@pytest.mark.parametrize("door", ["header", "prompt"])
def test_a_retrying_client_sees_it_fail_and_then_succeed(server: ServerThread, door: str) -> None:
    """`times=1` counts attempts of the same request; another request has a count of its own."""
    asked = f"{LIMITED}; times=1"
    headers = {"x-mock-scenario": asked} if door == "header" else {}
    prompt = "a dot" if door == "header" else f"a dot [mock:{asked}]"
    assert [ask(server, headers, prompt=prompt).status_code for _ in range(3)] == [429, 200, 200]
    assert ask(server, headers, prompt=f"{prompt} again").status_code == 429


def test_the_sdk_retries_and_gets_its_picture(server: ServerThread) -> None:
    """Nothing but a header in its defaults."""
    headers = {"x-mock-scenario": "503-overloaded; times=2"}
    with openai.OpenAI(base_url=server.base_url, api_key="k", max_retries=2, default_headers=headers) as client:
        made = client.with_options(timeout=20).images.generate(model="gpt-image-1", prompt="a dot", quality="low")
    assert made.data


def test_a_script_plays_for_the_requests_that_it_means(server: ServerThread, control: httpx.Client) -> None:
    """By endpoint, model, prompt and parameters."""
    match = {"endpoint": "generations", "model": "gpt-image-1", "prompt": "dot", "parameters": {"quality": "low"}}
    added = control.post("/scripts", json={"scenario": "quota", "options": {"times": 1}, "match": match})
    assert added.status_code == 200, added.text
    assert ask(server, quality="medium").status_code == 200
    assert ask(server, prompt="a square").status_code == 200
    assert [ask(server).status_code for _ in range(2)] == [429, 200]
    assert len(control.get("/scripts").json()["scripts"]) == 1
    assert control.delete(f"/scripts/{added.json()['number']}").status_code == 200
    assert control.get("/scripts").json() == {"scripts": []}


def test_a_script_is_of_its_space(server: ServerThread, control: httpx.Client) -> None:
    """Others never see it."""
    ask(server, {"x-mock-space": "blue"})
    control.post("/scripts?space=blue", json={"scenario": "quota"})
    assert ask(server).status_code == 200
    assert ask(server, {"x-mock-space": "blue"}).status_code == 429


def test_a_header_goes_before_a_key_before_a_script_before_a_prompt(
    server: ServerThread, control: httpx.Client
) -> None:
    """In the documented order."""
    prompt, key = "a dot [mock:moderation]", {"authorization": "Bearer sk-mock-quota"}
    assert ask(server, prompt=prompt).json()["error"]["code"] == "moderation_blocked"
    control.post("/scripts", json={"scenario": "400-billing-hard-limit-gpt-image"})
    assert ask(server, prompt=prompt).json()["error"]["code"] == "billing_hard_limit_reached"
    assert ask(server, key, prompt=prompt).json()["error"]["code"] == "insufficient_quota"
    assert ask(server, {**key, "x-mock-scenario": "overloaded"}, prompt=prompt).status_code == 503


@pytest.mark.parametrize(
    ("headers", "prompt", "said"),
    [
        ({"x-mock-scenario": "429-slow-donw"}, "a dot", "did you mean"),
        ({"x-mock-scenario": f"{LIMITED}; time=1"}, "a dot", "did you mean 'times'"),
        ({"x-mock-scenario": ""}, "a dot", "no scenario is named"),
        ({}, "a dot [mock:nope]", "no scenario 'nope'"),
    ],
)
def test_a_name_that_is_unknown_is_explained(
    server: ServerThread, headers: dict[str, str], prompt: str, said: str
) -> None:
    """To the person behind the client."""
    reply = ask(server, headers, prompt=prompt)
    assert (reply.status_code, said in reply.json()["error"]["message"]) == (400, True), reply.text


def test_a_key_that_names_no_scenario_is_a_key(server: ServerThread) -> None:
    """Any key passes."""
    assert ask(server, {"authorization": "Bearer sk-mock-of-somebody"}).status_code == 200


def test_a_stream_is_cut_on_the_socket(server: ServerThread) -> None:
    """A true reply, lost on its way."""
    with pytest.raises(httpx.TransportError):
        ask(server, {"x-mock-scenario": "body-truncated"})


def test_an_edit_can_fail_too(server: ServerThread) -> None:
    """A form is read once and given again, and known again under another boundary."""
    files = {"image": ("a.png", b"not looked at", "image/png")}
    sent = {"authorization": "Bearer k", "x-mock-scenario": f"{LIMITED}; times=1"}
    replies = [httpx.post(f"{server.base_url}/images/edits", data=BODY, files=files, headers=sent) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [429, 400]


def test_the_catalogue_is_told(control: httpx.Client) -> None:
    """Every scenario with its one line."""
    told = control.get("/scenarios").json()["scenarios"]
    assert LIMITED in {each["id"] for each in told}
    assert all(each["about"] for each in told)


def test_a_server_may_want_a_space() -> None:
    """And says how to name one."""
    with ServerThread(Settings(require_space=True)) as server:
        refused = ask(server)
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "space_required")
        assert ask(server, {"x-mock-space": "blue"}).status_code == 200


def test_a_body_that_is_too_large_is_refused_before_a_scenario_plays(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the API does, not with a 500."""
    monkeypatch.setattr(forms, "FORM_LIMIT", 10)
    with ServerThread() as server:
        reply = ask(server, {"authorization": "Bearer sk-mock-quota"})
    assert (reply.status_code, reply.headers["x-mock-rule"]) == (413, "body-too-large")


def test_a_client_that_leaves_before_a_scenario_plays_is_no_error() -> None:
    """Its request ends quietly."""

    async def gone() -> dict[str, str]:
        return {"type": "http.disconnect"}

    async def send(_message: object) -> None:
        pytest.fail("nobody is there")

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/images/generations",
        "scheme": "http",
        "query_string": b"",
        "headers": [(b"authorization", b"Bearer sk-mock-quota"), (b"content-type", b"application/json")],
    }

    async def ask_and_leave() -> None:
        await create_app()(scope, gone, send)

    asyncio.run(ask_and_leave())
