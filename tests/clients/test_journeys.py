"""Each client through OpenAI's own door: only OPENAI_BASE_URL and OPENAI_API_KEY tell it about the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from clients.judging import Told, judge_events, judge_picture

if TYPE_CHECKING:
    from pathlib import Path

    from clients.conftest import Client
    from mockserver.server import ServerThread

EDITS = {
    "edit path": 1,
    "edit open file": 1,
    "edit two files": 2,
    "edit with a mask": 1,
    "edit bytes": 1,
    "file edit": 1,
}
"""Steps, and how many pictures go in with each."""

USER = "image_generation_user_error"
INVALID = "invalid_request_error"


def test_generates(told: Told) -> None:
    """A PNG of the size that was asked for, with its usage and a request id."""
    judge_picture(told["generate"])
    assert told["generate"]["size"] == "1024x1024"


def test_generates_by_url(told: Told, guarded: ServerThread) -> None:
    """The picture can be loaded from the server itself."""
    url = told["generate by url"]["url"]
    assert url.startswith(guarded.url)
    reply = httpx.get(url)
    assert (reply.status_code, reply.headers["content-type"]) == (200, "image/png")


@pytest.mark.parametrize(("step", "inputs"), EDITS.items(), ids=EDITS)
def test_edits(told: Told, step: str, inputs: int) -> None:
    """However the client hands pictures over, each of them is counted."""
    judge_picture(told[step], inputs=inputs)


def test_varies(told: Told) -> None:
    """As many pictures as were asked for, by URL."""
    assert told["variation"].get("count") == 2, told["variation"]
    assert "/private/" in told["variation"]["url"]


@pytest.mark.parametrize(
    ("step", "family"), [("generate streamed", "image_generation"), ("edit streamed", "image_edit")]
)
def test_streams(told: Told, step: str, family: str) -> None:
    """Partial pictures, then the picture."""
    judge_events(told[step], family)


def test_has_a_method_that_streams(client: Client, told: Told) -> None:
    """All but openai-node 4, which knows no streamed pictures: its method gives the text of the whole stream."""
    assert told["stream method"] is (str(client) != "node@4.104.0")


def test_uploads_a_file(told: Told, pictures: Path) -> None:
    """For vision, whole."""
    upload = told["file upload"]
    size = (pictures / "a.png").stat().st_size
    assert (upload["purpose"], upload["filename"], upload["bytes"]) == ("vision", "a.png", size)
    assert upload["id"].startswith("file-")


def test_lists_the_file(told: Told) -> None:
    """Through the pages of the client."""
    assert told["file listed"] is True


def test_deletes_the_file(told: Told) -> None:
    """After that it cannot be edited any more."""
    assert told["file delete"] is True
    refusal = told["file edit afterwards"]
    assert (refusal["code"], refusal["param"]) == ("invalid_value", "images[0].file_id")
    assert told["file upload"]["id"] in refusal["message"]


def test_lists_models(told: Told) -> None:
    """Those that make pictures."""
    assert {"gpt-image-1", "gpt-image-2", "dall-e-2", "dall-e-3"} <= set(told["models"])


def test_retrieves_a_model(told: Told) -> None:
    """By its id."""
    assert told["model"] == "gpt-image-1"


def test_reads_the_headers(told: Told) -> None:
    """The request id, and how long it took."""
    assert told["raw"]["request"].startswith("req_")
    assert int(told["raw"]["milliseconds"]) >= 0


def test_works_asynchronously(told: Told) -> None:
    """Several generations and edits at the same time."""
    for made, inputs in zip(told["together"], (0, 0, 1, 1), strict=True):
        judge_picture(made, inputs=inputs)


@pytest.mark.parametrize(
    ("step", "error", "status", "fields"),
    [
        ("bad size", "BadRequestError", 400, ("invalid_value", "size", USER)),
        ("bad stream", "BadRequestError", 400, ("unsupported_parameter", "input", USER)),
        ("unknown model", "BadRequestError", 400, ("invalid_value", "model", USER)),
        ("edit untyped bytes", "BadRequestError", 400, ("unsupported_file_mimetype", "image", INVALID)),
        ("edit untyped list", "BadRequestError", 400, ("unsupported_file_mimetype", "image[0]", INVALID)),
        ("wrong key", "AuthenticationError", 401, ("invalid_api_key", None, INVALID)),
        ("model not there", "NotFoundError", 404, ("model_not_found", "model", INVALID)),
        ("unknown path", "NotFoundError", 404, (None, None, None)),
    ],
)
def test_raises_its_own_error(
    told: Told, step: str, error: str, status: int, fields: tuple[str | None, str | None, str | None]
) -> None:
    """With every field of the refusal, and the request id."""
    refusal = told[step]
    assert (refusal["error"], refusal["status"]) == (error, status)
    assert (refusal["code"], refusal["param"], refusal["type"]) == fields
    assert refusal["request"].startswith("req_")
