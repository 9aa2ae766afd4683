"""What a reply's head tells of its cost, and of an earlier bill for the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mockserver import MockServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mockserver.images_api import ImagesApi

ASKED: dict[str, object] = {"model": "gpt-image-1", "prompt": "a dot", "quality": "low", "size": "1024x1024"}


@pytest.fixture(scope="module")
def kept() -> Iterator[MockServer]:
    """A server that keeps a journal."""
    with MockServer() as running:
        yield running


@pytest.fixture
def api(kept: MockServer) -> Iterator[ImagesApi]:
    """A space of it for one test."""
    with kept.space() as own:
        yield own


def post(api: ImagesApi, body: dict[str, object] | None = None, **headers: str) -> httpx.Response:
    """Ask for a dot, or for something else."""
    told = {"authorization": "Bearer k"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.post(f"{api.base_url}/images/generations", json=ASKED | (body or {}), headers=told, timeout=60)


@pytest.mark.parametrize(
    "body",
    [{}, {"n": 2}, {"stream": True}, {"stream": True, "partial_images": 2}, {"model": "dall-e-3", "quality": "hd"}],
    ids=str,
)
def test_a_reply_tells_what_it_would_have_cost(api: ImagesApi, body: dict[str, object]) -> None:
    """As the journal does, whole or streamed."""
    reply = post(api, body)
    assert reply.status_code == 200, reply.text
    (entry,) = api.requests
    assert float(reply.headers["x-mock-dollars"]) == entry["dollars"] > 0
    assert re.fullmatch(r"\d+\.\d{6}", reply.headers["x-mock-dollars"])
    assert "x-mock-billed-twice" not in reply.headers


def test_what_costs_nothing_is_not_billed(api: ImagesApi) -> None:
    """A refusal, a failure that was asked for, a list."""
    replies = [post(api, {"n": 11}), post(api, x_mock_scenario="429-slow-down")]
    replies.append(httpx.get(f"{api.base_url}/models", headers={"authorization": "Bearer k"}))
    assert [reply.status_code for reply in replies] == [400, 429, 200]
    assert not any("x-mock-dollars" in reply.headers for reply in replies)


def test_a_server_without_a_journal_does_not_tell(http: httpx.Client) -> None:
    """It would have to compare what it does not keep."""
    headers = {"x-stainless-retry-count": "1"}
    reply = http.post("/images/generations", json=ASKED, headers=headers)
    assert reply.status_code == 200
    assert not [name for name in reply.headers if name.startswith("x-mock")]


@pytest.mark.parametrize("scenario", ["reset-body", "cut-body"])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_the_reply_that_bills_again_names_the_first(
    api: ImagesApi, wait_until: Callable[..., None], scenario: str, *, stream: bool
) -> None:
    """A client that says nothing of a retry is told too."""
    post(api, {"prompt": "another"})
    with pytest.raises(httpx.TransportError):
        post(api, {"stream": stream}, x_mock_scenario=scenario)
    wait_until(lambda: api.requests[1]["seconds"] is not None)
    reply = post(api, {"stream": stream})
    assert reply.headers["x-mock-billed-twice"] == "2"
    assert "x-mock-billed-twice" not in post(api, {"stream": stream}).headers


def test_a_retry_is_compared_with_all_that_was_paid(api: ImagesApi) -> None:
    """Its reply came, but the client asks again."""
    assert "x-mock-billed-twice" not in post(api, x_stainless_retry_count="0").headers
    assert "x-mock-billed-twice" not in post(api, {"prompt": "else"}, x_stainless_retry_count="1").headers
    assert post(api, x_stainless_retry_count="1").headers["x-mock-billed-twice"] == "1"


def test_the_same_words_are_not_yet_the_same_request(api: ImagesApi) -> None:
    """A log line shortens prompts; who pays does not."""
    long = "a fox " * 40
    with pytest.raises(httpx.TransportError):
        post(api, {"prompt": f"{long}red"}, x_mock_scenario="cut-body")
    assert "x-mock-billed-twice" not in post(api, {"prompt": f"{long}blue"}).headers


def test_a_reply_that_is_still_stalled_counts_as_lost(api: ImagesApi) -> None:
    """The client gave up on it without hanging up."""
    asked: Any = {"json": ASKED, "headers": {"authorization": "Bearer k", "x-mock-scenario": "stall_body"}}
    with httpx.stream("POST", f"{api.base_url}/images/generations", **asked) as stalled:
        assert stalled.status_code == 200
        assert post(api).headers["x-mock-billed-twice"] == "1"


def test_the_control_api_tells_it_of_one_entry(api: ImagesApi, kept: MockServer) -> None:
    """With the reason."""
    with pytest.raises(httpx.TransportError):
        post(api, x_mock_scenario="cut-body")
    post(api)
    told = [
        httpx.get(f"{kept.url}/_mock/journal/{number}", params={"space": api.name}).json()["billed_twice"]
        for number in (1, 2)
    ]
    assert told[0] is None
    assert (told[1]["first"], told[1]["second"]) == (1, 2)
