"""The endpoint as a client sees it: status, headers, bytes, time."""

from __future__ import annotations

import base64
import io
import json
import logging
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from PIL import Image

from mockserver.app import create_app
from mockserver.clock import FrozenClock
from mockserver.models import MODELS
from mockserver.pictures import read_digest
from mockserver.server import ServerThread
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

GENERATIONS = "/images/generations"


def ask(client: httpx.Client, **parameters: object) -> httpx.Response:
    """Ask for a picture of a dot."""
    return client.post(GENERATIONS, json={"prompt": "a dot", **parameters})


def opened(item: dict[str, Any]) -> Image.Image:
    """Decode the picture of a reply wholly."""
    picture = Image.open(io.BytesIO(base64.b64decode(item["b64_json"], validate=True)))
    picture.load()
    return picture


@pytest.mark.parametrize("model", [name for name in MODELS if MODELS[name].tokens])
def test_a_gpt_body_has_its_keys_in_wire_order(http: httpx.Client, model: str) -> None:
    """created first, then alphabetical; two spaces, no final newline (recordings 2025 to 2026)."""
    reply = ask(http, model=model, quality="low")
    body = reply.json()
    assert list(body) == ["created", "background", "data", "output_format", "quality", "size", "usage"]
    item = ["b64_json", "generation_id"] if model.startswith("gpt-image-2.5") else ["b64_json"]
    assert list(body["data"][0]) == item
    usage = ["input_tokens", "input_tokens_details", "output_tokens", "output_tokens_details", "total_tokens"]
    assert list(body["usage"]) == usage
    assert reply.text == json.dumps(body, indent=2)


@pytest.mark.parametrize(
    ("parameters", "item"),
    [
        ({"model": "dall-e-2", "size": "256x256"}, ["url"]),
        ({"model": "dall-e-2", "size": "256x256", "response_format": "b64_json"}, ["b64_json"]),
        ({"model": "dall-e-3"}, ["revised_prompt", "url"]),
        ({"model": "dall-e-3", "response_format": "b64_json"}, ["b64_json", "revised_prompt"]),
    ],
)
def test_a_dall_e_body_has_its_keys_in_wire_order(
    http: httpx.Client, parameters: dict[str, object], item: list[str]
) -> None:
    """created and data alone (recordings 2023 to 2026)."""
    reply = ask(http, **parameters)
    body = reply.json()
    assert (list(body), list(body["data"][0])) == (["created", "data"], item)
    assert reply.text == json.dumps(body, indent=2)


def test_the_headers_are_those_of_the_recordings(http: httpx.Client) -> None:
    """August 2026, less the edge's cookies; every value has its shape."""
    headers = ask(http, model="gpt-image-1", quality="low").headers
    shapes = {
        "content-type": "application/json",
        "transfer-encoding": "chunked",
        "openai-version": "2020-10-01",
        "openai-organization": r"[\w-]+",
        "openai-project": r"proj_\w{24}",
        "openai-processing-ms": r"\d+",
        "x-request-id": "req_[0-9a-f]{32}",
        "access-control-expose-headers": "X-Request-ID, CF-Ray, CF-Ray",
        "strict-transport-security": "max-age=31536000; includeSubDomains; preload",
        "x-content-type-options": "nosniff",
        "server": "cloudflare",
        "cf-ray": r"[0-9a-f]{16}-[A-Z]{3}",
        "cf-cache-status": "DYNAMIC",
        "alt-svc": re.escape('h3=":443"; ma=86400'),
    }
    wrong = {
        name: headers.get(name) for name, shape in shapes.items() if not re.fullmatch(shape, headers.get(name, ""))
    }
    assert not wrong
    assert not [name for name in headers if name.startswith(("x-ratelimit", "x-mock"))]


def test_each_request_has_an_id_of_its_own(http: httpx.Client) -> None:
    """Also the same request again."""
    assert len({ask(http, model="gpt-image-1", quality="low").headers["x-request-id"] for _ in range(5)}) == 5


def test_the_same_request_gets_the_same_picture_and_another_generation_id(http: httpx.Client) -> None:
    """Pictures are a function of the request; identifiers are not."""
    first, second = (ask(http, model="gpt-image-2.5-flare", quality="low").json()["data"][0] for _ in range(2))
    assert first["b64_json"] == second["b64_json"]
    assert first["generation_id"] != second["generation_id"]
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", first["generation_id"])


@pytest.mark.parametrize(
    ("parameters", "form", "mode", "size"),
    [
        ({"model": "gpt-image-1", "size": "1024x1536"}, "PNG", "RGB", (1024, 1536)),
        ({"model": "gpt-image-1", "size": "1024x1024", "background": "transparent"}, "PNG", "RGBA", (1024, 1024)),
        ({"model": "gpt-image-2", "size": "1536x864", "output_format": "jpeg"}, "JPEG", "RGB", (1536, 864)),
        ({"model": "gpt-image-2", "size": "2160x3840", "output_format": "webp"}, "WEBP", "RGB", (2160, 3840)),
        (
            {"model": "gpt-image-2.5-flare", "size": "816x816", "background": "transparent", "output_format": "webp"},
            "WEBP",
            "RGBA",
            (816, 816),
        ),
        ({"model": "dall-e-2", "size": "256x256", "response_format": "b64_json"}, "PNG", "RGB", (256, 256)),
        ({"model": "dall-e-3", "size": "1792x1024", "response_format": "b64_json"}, "PNG", "RGB", (1792, 1024)),
    ],
)
def test_the_picture_is_truly_what_was_asked(
    http: httpx.Client, parameters: dict[str, object], form: str, mode: str, size: tuple[int, int]
) -> None:
    """Format, alpha and pixels, decoded wholly."""
    body = ask(http, **parameters).json()
    picture = opened(body["data"][0])
    assert (picture.format, picture.mode, picture.size) == (form, mode, size)
    if "usage" in body:
        assert body["size"] == f"{size[0]}x{size[1]}"
        assert body["output_format"] == form.lower()
        assert body["background"] == ("transparent" if mode == "RGBA" else "opaque")


def test_an_auto_size_is_echoed_as_drawn(http: httpx.Client) -> None:
    """What the reply says is what the file has."""
    body = ask(http, model="gpt-image-2", quality="low").json()
    assert "x".join(map(str, opened(body["data"][0]).size)) == body["size"]


def test_n_pictures_differ(http: httpx.Client) -> None:
    """Ten of them, each with a digest of its own; usage counts all."""
    body = ask(http, model="gpt-image-1", quality="low", size="1024x1024", n=10).json()
    files = [base64.b64decode(item["b64_json"]) for item in body["data"]]
    assert len({read_digest(file) for file in files} - {None}) == 10
    assert body["usage"]["output_tokens"] == 2720


@pytest.mark.parametrize("parameters", [{"model": "gpt-image-1", "quality": "low"}, {"model": "dall-e-2"}], ids=str)
def test_created_is_the_time_of_completion(parameters: dict[str, object]) -> None:
    """Integer seconds, after the latency has passed."""
    clock = FrozenClock(1000.5)
    with (
        ServerThread(app=create_app(Settings(latency=1), clock)) as server,
        httpx.Client(base_url=server.base_url, headers={"authorization": "Bearer k"}) as client,
    ):
        reply = ask(client, **parameters)
        again = ask(client, **parameters)
    seconds = MODELS[str(parameters["model"])].seconds
    took = seconds.get("low") or seconds["standard"]
    assert reply.json()["created"] == int(1000.5 + took)
    assert reply.headers["openai-processing-ms"] == str(int(took * 1000))
    assert again.json()["created"] == int(1000.5 + 2 * took)


def test_latency_is_a_factor() -> None:
    """Half the real time of gpt-image-2 at high, and of an auto quality."""
    with (
        ServerThread(app=create_app(Settings(latency=0.5), FrozenClock())) as server,
        httpx.Client(base_url=server.base_url, headers={"authorization": "Bearer k"}) as client,
    ):
        high = ask(client, model="gpt-image-2", quality="high", size="1024x1024")
        auto = ask(client, model="gpt-image-2.5-flare", size="1024x1024")
    assert [reply.headers["openai-processing-ms"] for reply in (high, auto)] == ["77500", "8000"]


@pytest.mark.parametrize(
    ("parameters", "low", "high"),
    [
        ({"model": "gpt-image-1", "size": "1024x1024", "quality": "medium"}, 1_350_000, 1_560_000),
        ({"model": "gpt-image-1", "size": "1024x1024", "quality": "high"}, 1_630_000, 1_840_000),
        ({"model": "dall-e-2", "size": "256x256", "response_format": "b64_json"}, 190_000, 270_000),
        ({"model": "gpt-image-1", "size": "1536x1024", "output_format": "jpeg"}, 120_000, 260_000),
    ],
    ids=str,
)
def test_real_weight_is_that_of_real_files(parameters: dict[str, object], low: int, high: int) -> None:
    """The ranges of recorded files; the picture still decodes."""
    with (
        ServerThread(Settings(real_weight=True)) as server,
        httpx.Client(base_url=server.base_url, headers={"authorization": "Bearer k"}) as client,
    ):
        item = ask(client, **parameters).json()["data"][0]
    assert low <= len(base64.b64decode(item["b64_json"])) <= high
    opened(item)


@pytest.mark.parametrize(
    ("authorization", "rule"),
    [
        (None, "no-api-key"),
        ("", "no-api-key"),
        ("Bearer", "no-api-key"),
        ("Basic OnNr", "no-api-key"),
        ("sk-alone", "no-api-key"),
        ("Bearer sk-other-key-of-mine", "incorrect-api-key"),
    ],
)
def test_a_key_is_needed(authorization: str | None, rule: str) -> None:
    """The 401 of 2026: told by its rule, with a challenge and without an organisation."""
    headers = {"authorization": authorization} if authorization is not None else {}
    with ServerThread(Settings(api_keys=("sk-one", "sk-two"))) as server:
        reply = httpx.post(f"{server.base_url}{GENERATIONS}", json={}, headers=headers)
    assert (reply.status_code, reply.headers["x-mock-rule"]) == (401, rule)
    assert reply.headers["www-authenticate"] == 'Bearer realm="OpenAI API"'
    assert not {"openai-organization", "openai-project"} & set(reply.headers)


@pytest.mark.parametrize("key", ["sk-one", "sk-two"])
def test_a_configured_key_opens(key: str) -> None:
    """Each of them; the scheme's case does not matter."""
    with ServerThread(Settings(api_keys=("sk-one", "sk-two"))) as server:
        body = {"model": "gpt-image-1", "prompt": "a dot", "quality": "low"}
        reply = httpx.post(f"{server.base_url}{GENERATIONS}", json=body, headers={"authorization": f"bearer {key}"})
    assert reply.status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "rule"),
    [
        ("GET", "/v1/images/generations", 405, "wrong-method"),
        ("DELETE", "/v1/images/generations", 405, "wrong-method"),
        ("POST", "/v1/images/generations/", 404, "unknown-path"),
        ("POST", "/v1/images/nope", 404, "unknown-path"),
        ("POST", "/v1images/generations", 404, "unknown-path"),
        ("POST", "/images/generations", 404, "unknown-path"),
        ("GET", "/favicon.ico", 404, "unknown-path"),
        ("GET", "/%00%ff/..%2f", 404, "unknown-path"),
    ],
)
def test_paths_and_methods_that_do_not_exist(
    server: ServerThread, http: httpx.Client, method: str, path: str, status: int, rule: str
) -> None:
    """404 is bare, as measured 2026-08."""
    reply = http.request(method, server.url + path)
    assert (reply.status_code, reply.headers["x-mock-rule"]) == (status, rule)
    assert (reply.content == b"") is (status == 404)


def test_the_address_itself_says_what_to_do(server: ServerThread) -> None:
    """For whoever opens it in a browser."""
    assert f"export OPENAI_BASE_URL={server.base_url}\n" in httpx.get(server.url).text


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (
            {"model": "gpt-image-1", "prompt": "a dot", "size": "1024x1024", "quality": "low"},
            r'200 POST /v1/images/generations · gpt-image-1 1024x1024 low png "a dot" · \d+ ms · \$0.011 saved',
        ),
        (
            {"model": "gpt-image-2", "prompt": "a dot", "size": "9x9"},
            r'400 POST /v1/images/generations · gpt-image-2 size=9x9 "a dot" · refused by size-not-divisible · \d+ ms',
        ),
        (
            {"model": "gpt-image-2", "prompt": "\x1b[2J\u202e" + "x" * 99, "n": 0},
            r'400 .* · gpt-image-2 n=0 "·\[2J·x{55}…" · refused by integer-below-minimum · \d+ ms',
        ),
    ],
    ids=["answered", "refused", "untrusted"],
)
def test_a_request_is_one_line_of_log(
    http: httpx.Client,
    caplog: pytest.LogCaptureFixture,
    wait_until: Callable[..., None],
    body: dict[str, object],
    line: str,
) -> None:
    """Status, what was asked, the rule that refused it; a prompt cannot move the terminal's cursor."""
    with caplog.at_level(logging.INFO, logger="mockserver"):
        http.post(GENERATIONS, json=body)
        wait_until(lambda: any(re.fullmatch(line, message) for message in caplog.messages))


def test_a_wrong_base_url_gets_a_hint_in_the_log(
    server: ServerThread, http: httpx.Client, caplog: pytest.LogCaptureFixture, wait_until: Callable[..., None]
) -> None:
    """The commonest mistake is a base URL without /v1."""
    with caplog.at_level(logging.INFO, logger="mockserver"):
        http.post(f"{server.url}/images/generations", json={})
        wait_until(lambda: any("did you mean /v1/images/generations?" in message for message in caplog.messages))
