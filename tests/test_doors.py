"""The other doors: models and files, Azure, the API of a day, and checks as lenient as the published document."""

from __future__ import annotations

import base64
import io
from datetime import date
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from PIL import Image

from mockserver.models import MODELS
from mockserver.server import ServerThread
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

GENERATIONS = "/images/generations"
BODY = {"model": "gpt-image-1", "prompt": "a dot", "size": "1024x1024", "quality": "low"}
VERSION = "?api-version=2025-04-01-preview"


def png() -> tuple[str, bytes, str]:
    """Return a file part."""
    out = io.BytesIO()
    Image.new("RGBA", (64, 64)).save(out, "PNG")
    return ("a.png", out.getvalue(), "image/png")


def test_the_models_are_listed_with_their_dates(http: httpx.Client) -> None:
    """All rows, in the shape of the list of 2026-10."""
    told = http.get("/models").json()
    assert told["object"] == "list"
    assert [row["id"] for row in told["data"]] == list(MODELS)
    wanted = {"id": "dall-e-3", "object": "model", "created": 1698785189, "owned_by": "system"}
    assert told["data"][1] == {**wanted, "shutdown_date": "2026-05-12"}
    assert http.get("/models/gpt-image-2").json()["shutdown_date"] is None


@pytest.mark.parametrize(
    ("method", "path", "status", "rule"),
    [
        ("GET", "/models/nope", 404, "no-such-model"),
        ("GET", "/models/ft:a/b", 404, "no-such-model"),
        ("DELETE", "/models/gpt-image-2", 405, "wrong-method"),
        ("POST", "/models", 405, "wrong-method"),
        ("GET", "/files/file-nope", 404, "no-such-file"),
        ("DELETE", "/files/file-nope", 404, "no-such-file"),
        ("GET", "/files/file-nope/content", 404, "no-such-file"),
        ("GET", "/files/a/b/c", 404, "unknown-path"),
        ("PUT", "/files", 405, "wrong-method"),
        ("POST", "/files", 400, "unsupported-content-type"),
        ("GET", "/images/edits", 405, "wrong-method"),
        ("GET", "/images/variations", 405, "wrong-method"),
    ],
)
def test_what_is_not_there_is_said(http: httpx.Client, method: str, path: str, status: int, rule: str) -> None:
    """By the rule of each path."""
    reply = http.request(method, path)
    assert (reply.status_code, reply.headers["x-mock-rule"]) == (status, rule)


def upload(http: httpx.Client, purpose: str = "vision", name: str = "a.png") -> dict[str, Any]:
    """Upload a picture and return what is told of it."""
    reply = http.post("/files", data={"purpose": purpose}, files={"file": (name, *png()[1:])})
    assert reply.status_code == 200, reply.text
    told: dict[str, Any] = reply.json()
    return told


def test_a_file_lives_from_its_upload_to_its_deletion(http: httpx.Client) -> None:
    """Told, fetched, deleted, gone."""
    told = upload(http, name='we"ird\n.png')
    assert http.get(f"/files/{told['id']}").json() == told
    content = http.get(f"/files/{told['id']}/content")
    assert (content.content, int(content.headers["content-length"])) == (png()[1], told["bytes"])
    assert http.delete(f"/files/{told['id']}").json() == {"object": "file", "id": told["id"], "deleted": True}
    assert http.get(f"/files/{told['id']}").status_code == 404


def test_files_are_listed_newest_first_in_pages() -> None:
    """By purpose, order, limit and after."""
    with (
        ServerThread(Settings()) as server,
        httpx.Client(base_url=server.base_url, headers={"authorization": "Bearer k"}) as http,
    ):
        ids = [upload(http, purpose)["id"] for purpose in ("vision", "batch", "vision", "vision")]

        def listed(**query: str) -> list[str]:
            return [row["id"] for row in http.get("/files", params=query).json()["data"]]

        assert listed() == ids[::-1]
        assert listed(order="asc", purpose="vision") == [ids[0], ids[2], ids[3]]
        assert listed(limit="2") == [ids[3], ids[2]]
        assert listed(limit="2", after=ids[2]) == [ids[1], ids[0]]
        assert listed(limit="none", after="nobody") == ids[::-1]
        assert http.get("/files", params={"limit": "1"}).json()["has_more"] is True


@pytest.mark.parametrize(
    ("data", "files", "param"),
    [
        ({}, {"file": png()}, "purpose"),
        ({"purpose": "vision"}, {"other": png()}, "file"),
        ({"purpose": "vision", "file": "text"}, {"x": png()}, "file"),
        ({"purpose": "fun"}, {"file": png()}, "purpose"),
    ],
)
def test_an_upload_says_what_it_is_and_what_for(
    http: httpx.Client, data: dict[str, str], files: dict[str, Any], param: str
) -> None:
    """A file and a purpose of the list."""
    reply = http.post("/files", data=data, files=files)
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, param)


@pytest.fixture(scope="module")
def azure() -> Iterator[httpx.Client]:
    """A client of Azure's door, with a deployment of its own name."""
    settings = Settings(api_keys=("azure-key",), deployments=(("my-images", "gpt-image-1"),))
    with (
        ServerThread(settings) as server,
        httpx.Client(base_url=f"{server.url}/openai", headers={"api-key": "azure-key"}) as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("path", "model"),
    [
        (f"/deployments/my-images/images/generations{VERSION}", "whatever"),
        (f"/deployments/gpt-image-1/images/generations{VERSION}", None),
        ("/v1/images/generations", "my-images"),
        ("/v1/images/generations", "gpt-image-1"),
    ],
)
def test_a_deployment_stands_for_its_model(azure: httpx.Client, path: str, model: str | None) -> None:
    """By path or, on v1, by name; the body is created, data and usage alone, quality high unless told otherwise."""
    body = {"prompt": "a dot", "size": "1024x1024", **({"model": model} if model else {})}
    reply = azure.post(path, json=body)
    assert list(reply.json()) == ["created", "data", "usage"], reply.text
    assert reply.json()["usage"]["output_tokens"] == 4160


def test_a_deployment_edits(azure: httpx.Client) -> None:
    """As a form; JSON is not taken there."""
    path = f"/deployments/my-images/images/edits{VERSION}"
    assert azure.post(path, data={"prompt": "a hat"}, files={"image": png()}).status_code == 200
    assert azure.post(path, json={"prompt": "a hat", "images": [{"file_id": "x"}]}).status_code == 400


def test_azure_offers_no_webp(azure: httpx.Client) -> None:
    """In the sentence of 2026-09."""
    body = {"prompt": "a dot", "output_format": "webp"}
    reply = azure.post(f"/deployments/my-images/images/generations{VERSION}", json=body)
    assert reply.json()["error"]["message"] == "Invalid value: 'webp'. Supported values are: 'png' and 'jpeg'."


def test_azure_gives_dall_e_3_a_url_of_a_day(azure: httpx.Client) -> None:
    """On a path of its own shape, and it can be fetched."""
    reply = azure.post(f"/deployments/dall-e-3/images/generations{VERSION}", json={"prompt": "a dot"})
    url = reply.json()["data"][0]["url"]
    assert "/private/images/" in url
    assert "/generated_00.png?" in url
    assert httpx.get(url).status_code == 200


@pytest.mark.parametrize(
    ("path", "headers", "status", "code"),
    [
        (f"/deployments/my-images/images/generations{VERSION}", {"api-key": "wrong"}, 401, "401"),
        (f"/deployments/my-images/images/generations{VERSION}", {"api-key": ""}, 401, "401"),
        ("/deployments/my-images/images/generations", {}, 404, "404"),
        (f"/deployments/nope/images/generations{VERSION}", {}, 404, "DeploymentNotFound"),
        (f"/deployments/my-images/chat/completions{VERSION}", {}, 404, "404"),
        ("/v1/images/nope", {}, 404, "404"),
    ],
)
def test_azure_refuses_in_its_own_words(
    azure: httpx.Client, path: str, headers: dict[str, str], status: int, code: str
) -> None:
    """With its own request id and without OpenAI's."""
    reply = azure.post(path, json={"prompt": "a dot"}, headers=headers)
    assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)
    assert reply.headers["apim-request-id"]
    assert "x-request-id" not in reply.headers


def test_azure_takes_a_bearer_key_too(azure: httpx.Client) -> None:
    """As Entra sends it."""
    headers = {"api-key": "", "authorization": "Bearer azure-key"}
    reply = azure.post(f"/deployments/my-images/images/generations{VERSION}", json={"prompt": "a"}, headers=headers)
    assert reply.status_code == 200


def on(http: httpx.Client, day: str, body: dict[str, Any] = BODY) -> httpx.Response:
    """Ask the API of a day."""
    return http.post(GENERATIONS, json=body, headers={"x-mock-as-of": day})


@pytest.mark.parametrize(
    ("day", "keys", "details", "newline"),
    [
        ("2025-05-01", ["created", "data", "usage"], False, False),
        ("2025-07-01", ["created", "background", "data", "output_format", "quality", "size", "usage"], False, False),
        ("2026-06-01", ["created", "background", "data", "output_format", "quality", "size", "usage"], True, False),
    ],
)
def test_a_reply_has_the_keys_of_its_day(
    http: httpx.Client, day: str, keys: list[str], details: bool, newline: bool
) -> None:
    """Those that appeared later are absent."""
    reply = on(http, day)
    assert list(reply.json()) == keys
    assert ("output_tokens_details" in reply.json()["usage"]) is details
    assert reply.text.endswith("\n") is newline


def test_an_old_reply_ends_in_a_newline(http: httpx.Client) -> None:
    """Until 2025-04-18."""
    assert on(http, "2024-01-01", {"model": "dall-e-2", "prompt": "a", "size": "256x256"}).text.endswith("}\n")


@pytest.mark.parametrize(
    ("day", "body", "message"),
    [
        ("2026-11-23", {"prompt": "a dot"}, "Missing required parameter: 'model'."),
        ("2026-11-23", {"prompt": "a dot", "model": "dall-e-2"}, "The model 'dall-e-2' does not exist."),
        ("2026-11-23", BODY, "The model 'gpt-image-1' does not exist."),
        ("2025-01-01", BODY, "The model 'gpt-image-1' does not exist."),
    ],
)
def test_a_model_exists_from_its_first_day_to_its_last(
    http: httpx.Client, day: str, body: dict[str, Any], message: str
) -> None:
    """And must be named once the default is gone."""
    assert on(http, day, body).json()["error"]["message"] == message


def test_variations_went_with_their_model(http: httpx.Client) -> None:
    """A bare 404, measured 2026-08; the day before the end they were there."""
    for day, status in (("2026-05-11", 200), ("2026-05-12", 404)):
        reply = http.post("/images/variations", files={"image": png()}, headers={"x-mock-as-of": day})
        assert reply.status_code == status
    assert reply.content == b""


def test_models_are_those_of_the_day(http: httpx.Client) -> None:
    """Without the key that appeared in 2026-10."""
    told = http.get("/models", headers={"x-mock-as-of": "2025-06-01"}).json()["data"]
    assert [row["id"] for row in told] == ["dall-e-2", "dall-e-3", "gpt-image-1"]
    assert list(told[0]) == ["id", "object", "created", "owned_by"]


def test_a_whole_server_can_be_of_a_day() -> None:
    """A request may still choose another."""
    with (
        ServerThread(Settings(as_of=date(2026, 11, 23))) as server,
        httpx.Client(base_url=server.base_url, headers={"authorization": "Bearer k"}) as http,
    ):
        assert http.post(GENERATIONS, json=BODY).status_code == 400
        assert on(http, "2026-01-01").status_code == 200


def test_a_header_that_names_no_day_is_refused(http: httpx.Client) -> None:
    """With a sentence that says how."""
    assert "write it as YYYY-MM-DD" in on(http, "yesterday").text


@pytest.fixture(scope="module")
def lenient() -> Iterator[httpx.Client]:
    """A client of a server that checks the published schema alone."""
    with (
        ServerThread(Settings(checks="schema")) as server,
        httpx.Client(base_url=server.url, headers={"authorization": "Bearer k"}) as client,
    ):
        yield client


@pytest.mark.parametrize("prefix", ["", "/v1"])
@pytest.mark.parametrize(
    "parameters",
    [
        {"model": "anything"},
        {"model": "gpt-image-1", "response_format": "url", "style": "vivid"},
        {"model": "dall-e-3", "background": "transparent", "n": 10},
        {"size": "256x256"},
        {"size": "bogus", "quality": "hd"},
        {"output_compression": 50, "partial_images": 1},
        {"model": None, "unknown": 1},
    ],
    ids=str,
)
def test_the_schema_alone_takes_what_it_allows(lenient: httpx.Client, prefix: str, parameters: dict[str, Any]) -> None:
    """With echoes inside the published enums, under whatever base."""
    body = lenient.post(f"{prefix}{GENERATIONS}", json={"prompt": "a dot", **parameters}).json()
    assert body["size"] in {"1024x1024", "1024x1536", "1536x1024"}, body
    assert body["quality"] in {"low", "medium", "high"}
    for item in body["data"]:
        picture = base64.b64decode(item["b64_json"]) if "b64_json" in item else httpx.get(item["url"]).content
        assert Image.open(io.BytesIO(picture)).size == tuple(map(int, body["size"].split("x")))


@pytest.mark.parametrize(
    "parameters", [{"n": 11}, {"quality": "ultra"}, {"stream": "yes"}, {"partial_images": 4}], ids=str
)
def test_the_schema_alone_refuses_what_it_does_not_allow(lenient: httpx.Client, parameters: dict[str, Any]) -> None:
    """No more lenient than the document."""
    assert lenient.post(GENERATIONS, json={"prompt": "a dot", **parameters}).status_code == 400


def test_the_schema_alone_opens_no_upload(lenient: httpx.Client) -> None:
    """`Example data` passes for a picture, as in the SDKs' own suites."""
    files = {"image": ("upload", b"Example data", "application/octet-stream")}
    assert lenient.post("/images/edits", data={"prompt": "a hat"}, files=files).status_code == 200
    assert lenient.post("/images/variations", data={"model": "string", "n": "1"}, files=files).status_code == 200


def test_the_schema_alone_knows_every_model(lenient: httpx.Client) -> None:
    """Told, and deleted."""
    assert lenient.get("/models/gpt-4o-mini").json()["id"] == "gpt-4o-mini"
    deleted = {"id": "ft:a:b", "object": "model", "deleted": True}
    assert lenient.delete("/models/ft:a:b").json() == deleted
