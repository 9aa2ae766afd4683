"""Real clients, unmodified: only OPENAI_BASE_URL and OPENAI_API_KEY tell them about the server."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openai
import pytest

from mockserver.server import ServerThread
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

NODE = Path(__file__).parent / "clients" / "node"
PNG = "iVBORw0K"


@pytest.fixture(scope="module")
def guarded() -> Iterator[ServerThread]:
    """A server that knows its key."""
    with ServerThread(Settings(api_keys=("sk-test",))) as server:
        yield server


@pytest.fixture
def client(guarded: ServerThread, monkeypatch: pytest.MonkeyPatch) -> Iterator[openai.OpenAI]:
    """openai-python as an application makes it, which fails on a reply that its types do not allow."""
    monkeypatch.setenv("OPENAI_BASE_URL", guarded.base_url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    with openai.OpenAI(max_retries=0, _strict_response_validation=True) as made:
        yield made


@pytest.mark.parametrize("model", ["gpt-image-1", "gpt-image-1.5", "gpt-image-2", "gpt-image-2.5-flare"])
def test_python_generates(client: openai.OpenAI, model: str) -> None:
    """The reply passes the SDK's own strict types."""
    made = client.images.generate(model=model, prompt="a dot", quality="low", size="1024x1024")
    assert made.data
    assert made.usage
    assert base64.b64decode(str(made.data[0].b64_json)).startswith(b"\x89PNG")
    assert (made.size, made.quality, made.background, made.output_format) == ("1024x1024", "low", "opaque", "png")
    assert made.usage.total_tokens == made.usage.input_tokens + made.usage.output_tokens


def test_python_generates_without_a_model(client: openai.OpenAI) -> None:
    """dall-e-2, by URL, on the API's own origin."""
    made = client.images.generate(prompt="a dot", size="256x256")
    assert made.data
    assert str(made.data[0].url).startswith(str(client.base_url).removesuffix("/v1/"))


def test_python_streams(client: openai.OpenAI) -> None:
    """Partial images, then the picture with its usage."""
    stream = client.images.generate(
        model="gpt-image-1", prompt="a dot", quality="low", size="1024x1024", stream=True, partial_images=3
    )
    events = list(stream)
    assert [event.type for event in events] == ["image_generation.partial_image"] * 3 + ["image_generation.completed"]
    assert all(event.b64_json.startswith(PNG) for event in events)
    last = events[-1]
    assert last.type == "image_generation.completed"
    assert last.usage.output_tokens == 572


def test_python_reads_the_headers(client: openai.OpenAI) -> None:
    """The request id, and how long it took."""
    raw = client.images.with_raw_response.generate(model="gpt-image-1", prompt="a dot", quality="low")
    assert str(raw.request_id).startswith("req_")
    assert int(raw.headers["openai-processing-ms"]) >= 0


def test_python_works_asynchronously(client: openai.OpenAI) -> None:  # noqa: ARG001 - sets the environment
    """The same through AsyncOpenAI, several at once."""

    async def several() -> list[Any]:
        async with openai.AsyncOpenAI(max_retries=0) as made:
            wanted = [made.images.generate(model="gpt-image-1", prompt=f"dot {n}", quality="low") for n in range(4)]
            return await asyncio.gather(*wanted)

    assert len({reply.data[0].b64_json for reply in asyncio.run(several())}) == 4


@pytest.mark.parametrize(
    ("parameters", "code", "param", "kind"),
    [
        ({"model": "gpt-image-2", "size": "9x9"}, "invalid_value", "size", "image_generation_user_error"),
        ({"model": "nope"}, "invalid_value", "model", "image_generation_user_error"),
        ({"model": "gpt-image-1", "n": 11}, "integer_above_max_value", "n", "invalid_request_error"),
        (
            {"model": "gpt-image-1", "response_format": "url"},
            "unknown_parameter",
            "response_format",
            "invalid_request_error",
        ),
        (
            {"model": "gpt-image-2", "stream": True, "n": 2},
            "unsupported_parameter",
            "input",
            "image_generation_user_error",
        ),
    ],
    ids=str,
)
def test_python_raises_its_own_error(
    client: openai.OpenAI, parameters: dict[str, Any], code: str, param: str, kind: str
) -> None:
    """With every field of the refusal, and the request id."""
    with pytest.raises(openai.BadRequestError) as refusal:
        client.images.generate(prompt="a dot", **parameters)
    assert (refusal.value.code, refusal.value.param, refusal.value.type) == (code, param, kind)
    assert str(refusal.value.request_id).startswith("req_")


def test_python_is_told_that_its_key_is_wrong(client: openai.OpenAI) -> None:
    """AuthenticationError, with the masked key."""
    with pytest.raises(openai.AuthenticationError, match=r"sk-of-so\*\*\*\*\*\*\*else") as refusal:
        client.with_options(api_key="sk-of-somebody-else").images.generate(prompt="a dot")
    assert refusal.value.code == "invalid_api_key"


def test_python_is_told_that_a_path_is_unknown(client: openai.OpenAI) -> None:
    """NotFoundError for a base URL that already holds the endpoint."""
    wrong = client.with_options(base_url=f"{client.base_url}images/generations")
    with pytest.raises(openai.NotFoundError):
        wrong.images.generate(prompt="a dot")


def missing(what: str) -> None:
    """Skip where a client cannot be had; in CI that is a failure."""
    if "CI" in os.environ:
        pytest.fail(f"CI must have {what}")
    pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="module")
def node(guarded: ServerThread) -> dict[str, Any]:
    """What openai-node was told on its journey."""
    program, installer = shutil.which("node"), shutil.which("npm")
    if program is None or installer is None:
        missing("node and npm")
    if not (NODE / "node_modules" / "openai").exists():
        command = [str(installer), "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=NODE, check=True, timeout=300)  # noqa: S603 - a fixed command
    environment = {**os.environ, "OPENAI_BASE_URL": guarded.base_url, "OPENAI_API_KEY": "sk-test"}
    done = subprocess.run(  # noqa: S603 - a fixed command
        [str(program), "journey.mjs"],
        cwd=NODE,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_node_generates(node: dict[str, Any]) -> None:
    """A PNG with usage, size and a request id."""
    told = node["generate"]
    assert (told["magic"], told["size"], told["usage"]["output_tokens"]) == (PNG, "1024x1024", 272)
    assert told["request"].startswith("req_")


def test_node_loads_a_picture_by_url(node: dict[str, Any]) -> None:
    """From the server itself, with a revised prompt beside it."""
    assert (node["url"]["status"], node["url"]["type"]) == (200, "image/png")
    assert "a dot" in node["url"]["revised"]


def test_node_streams(node: dict[str, Any]) -> None:
    """Two partial images, then the picture."""
    assert [event["type"].partition(".")[2] for event in node["stream"]] == [
        "partial_image",
        "partial_image",
        "completed",
    ]
    assert [event.get("index") for event in node["stream"]] == [0, 1, None]
    assert {event["magic"] for event in node["stream"]} == {PNG}
    assert node["stream"][-1]["usage"]["output_tokens"] == 349


@pytest.mark.parametrize(
    ("step", "name", "status", "code", "param"),
    [
        ("badRequest", "BadRequestError", 400, "invalid_value", "size"),
        ("badStream", "BadRequestError", 400, "unsupported_parameter", "input"),
        ("stranger", "AuthenticationError", 401, "invalid_api_key", None),
        ("notFound", "NotFoundError", 404, None, None),
    ],
)
def test_node_raises_its_own_error(
    node: dict[str, Any], step: str, name: str, status: int, code: str | None, param: str | None
) -> None:
    """With every field of the refusal, and the request id."""
    told = node[step]
    assert (told["name"], told["status"], told.get("code"), told.get("param")) == (name, status, code, param)
    assert told["request"].startswith("req_")
