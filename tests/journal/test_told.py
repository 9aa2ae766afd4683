"""All that is told of an exchange, as a test asks for it: over HTTP, after real requests."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from PIL import Image

from mockserver import MockServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mockserver.images_api import ImagesApi

KEY = "sk-live-0123456789abcdefghij"
ASKED = {"model": "gpt-image-1", "prompt": "a dot", "quality": "low", "size": "1024x1024"}


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    """A server with a journal."""
    with MockServer() as running:
        yield running


@pytest.fixture
def api(server: MockServer) -> Iterator[ImagesApi]:
    """A space of it."""
    with server.space() as own:
        yield own


def post(api: ImagesApi, path: str = "/images/generations?x=1", **parts: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own
    """Ask for something, with a key that is a secret."""
    headers = {"authorization": f"Bearer {KEY}", **parts.pop("headers", {})}
    return httpx.post(f"{api.base_url}{path}", headers=headers, timeout=60, **parts)


def told(api: ImagesApi, **filters: str) -> dict[str, Any]:
    """Return the first exchange that passes, as the control API tells it."""
    url = api.url.removesuffix(f"/s/{api.name}")
    reply = httpx.get(f"{url}/_mock/journal", params={"space": api.name, **filters})
    found: dict[str, Any] = reply.json()["entries"][0]
    return found


def test_exchanges_stand_in_the_order_of_their_arrival(api: ImagesApi) -> None:
    """Numbered from 1."""
    for prompt in "abc":
        post(api, json=ASKED | {"prompt": prompt})
    seen = [(entry["number"], entry["parameters"]["prompt"]) for entry in api.requests]
    assert seen == [(1, "a"), (2, "b"), (3, "c")]


def test_the_request_is_told_as_it_was_read(api: ImagesApi) -> None:
    """Line, headers, parameters, the retry; nothing of the key."""
    reply = post(api, json=ASKED, headers={"x-stainless-retry-count": "2", "x-own": "1"})
    entry = told(api)
    line = (entry["method"], entry["prefix"], entry["path"], entry["query"])
    assert line == ("POST", f"/s/{api.name}", "/v1/images/generations", "x=1")
    headers = dict(entry["headers"])
    assert (headers["x-own"], headers["authorization"]) == ("1", "Bearer sk-live…ghij")
    assert (entry["parameters"], entry["model"], entry["endpoint"]) == (ASKED, "gpt-image-1", "generations")
    assert (entry["retry"], entry["attempt"], entry["status"]) == (2, 1, 200)
    assert entry["reply"]["bytes"] == len(reply.content)
    assert entry["request_id"] == reply.headers["x-request-id"]


def test_uploads_are_told_by_hash_type_and_pixels(api: ImagesApi) -> None:
    """Of each file, its mask too."""
    files = {}
    for name, mode in (("image", "RGB"), ("mask", "RGBA")):
        buffer = io.BytesIO()
        Image.new(mode, (64, 48)).save(buffer, "PNG")
        files[name] = buffer.getvalue()
    parts = {name: (f"{name}.png", data, "image/png") for name, data in files.items()}
    assert post(api, "/images/edits", data=ASKED, files=parts).status_code == 200
    parameters = told(api)["parameters"]
    for name, data in files.items():
        (seen,) = parameters[name] if isinstance(parameters[name], list) else [parameters[name]]
        assert seen["sha256"] == hashlib.sha256(data).hexdigest()
        assert (seen["bytes"], seen["format"], seen["width"], seen["height"]) == (len(data), "png", 64, 48)


def test_the_rule_that_refused_it_is_told(api: ImagesApi) -> None:
    """The one that the reply names, and the control API explains."""
    refused = post(api, json=ASKED | {"n": 11})
    entry = told(api, status="4xx")
    assert (entry["status"], entry["rule"]) == (400, refused.headers["x-mock-rule"])


def test_faults_are_told_with_their_seed(api: ImagesApi) -> None:
    """And how the line ended, what was sent, and that it was not all."""
    api.fail_next("cut_body")
    with pytest.raises(httpx.RemoteProtocolError):
        post(api, json=ASKED)
    entry = told(api)
    (played,) = entry["played"]
    assert (played["scenario"], played["attempt"], played["seed"]) == ("body-truncated", 1, 0)
    assert (entry["cut"], entry["reply"]["complete"], entry["gone"]) == ("close", False, None)
    assert 0 < entry["reply"]["bytes"] < 10**6


def test_events_are_told_as_they_were_sent(api: ImagesApi) -> None:
    """By name, in order."""
    post(api, json=ASKED | {"stream": True, "partial_images": 2})
    partial = "image_generation.partial_image"
    assert told(api)["reply"]["events"] == [partial, partial, "image_generation.completed"]


def test_a_client_that_went_away_is_told_with_the_moment(
    api: ImagesApi, wait_until: Callable[[Callable[[], bool]], None]
) -> None:
    """By the clock of the space."""
    api.freeze(1_000_000_000)
    api.fail_next("stream-stall")
    asked: dict[str, Any] = {"json": ASKED | {"stream": True}, "headers": {"authorization": "Bearer k"}}
    with httpx.stream("POST", f"{api.base_url}/images/generations", **asked) as stream:
        assert stream.status_code == 200
    wait_until(lambda: told(api)["seconds"] is not None)
    assert (told(api)["gone"], told(api)["cut"]) == (1_000_000_000, "")


def test_it_is_asked_from_python_in_the_same_words(api: ImagesApi) -> None:
    """By the filters of the query string; what fails says what came nearest."""
    post(api, json=ASKED)
    post(api, json=ASKED | {"n": 11})
    filters = {"status": "4xx", "param.n": "11"}
    assert [entry.number for entry in api.journal.find(filters)] == [told(api, **filters)["number"]] == [2]
    with pytest.raises(AssertionError, match="nearest:") as failed:
        api.verify({"status": "200", "param.size": "auto"})
    assert "param.size" in str(failed.value)
    assert "1024x1024" in str(failed.value)
