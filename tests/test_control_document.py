"""The control API's document: whether it is one, whether it is whole, and whether it is true."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import httpx
import jsonschema_rs
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.routing import Route

from mockserver import MockServer, lines, match
from mockserver.control import Control
from mockserver.control.document import VERSION, document
from mockserver.control.operations import OPERATIONS, Operation
from mockserver.control.schemas import SCHEMAS
from mockserver.scenarios.options import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.images_api import ImagesApi
    from mockserver.worlds import Worlds

DOCUMENT = document("/_mock")
README = (Path(__file__).parent.parent / "README.md").read_text()
COMMANDS = re.findall(r"^\| `([A-Z, ]+) (/\S*)` \| .* \| `(curl .*)` \|$", README, re.MULTILINE)


def validator(schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    """Return what judges a value by a schema of the document."""
    return jsonschema_rs.Draft202012Validator({**schema, "components": DOCUMENT["components"]}, validate_formats=True)


def name_of(operation: Operation) -> str:
    """Return how a test calls it."""
    return f"{operation.method} {operation.path}"


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    """A server with a journal."""
    with MockServer() as running:
        yield running


@pytest.fixture
def api(server: MockServer) -> Iterator[ImagesApi]:
    """A space that has seen a picture, one that was lost and paid for again, a stream, an edit, and a refusal."""
    asked = {"model": "gpt-image-1", "prompt": "a dot", "quality": "low", "size": "1024x1024"}
    with server.space() as own, httpx.Client(headers={"authorization": "Bearer k"}, timeout=60) as http:
        url = f"{own.base_url}/images/generations"
        own.fail_next("cut_body", match={"parameters": {"n": 2}})
        http.post(url, json=asked)
        with pytest.raises(httpx.TransportError):
            http.post(url, json=asked | {"n": 2})
        http.post(url, json=asked | {"n": 2})
        http.post(url, json=asked | {"stream": True})
        picture = ("a.png", b"not a picture", "image/png")
        http.post(f"{own.base_url}/images/edits", data=asked, files={"image": picture})
        http.post(url, json=asked | {"n": 11})
        own.freeze()
        yield own


def ask(url: str, space: str, operation: Operation, body: object = None) -> httpx.Response:
    """Do what an operation does."""
    path = operation.path
    if operation.variable is not None:
        path = re.sub(r"\{\w+\}", str(operation.variable[2]), path)
    query = {"space": space} if operation.of_a_space else {}
    return httpx.request(operation.method, f"{url}/_mock{path}", params=query, json=body, timeout=60)


def test_it_is_an_openapi_document(server: MockServer) -> None:
    """Valid by the book, served, and with a version of its own."""
    OpenAPIV31SpecValidator(cast("Any", DOCUMENT)).validate()
    assert httpx.get(f"{server.url}/_mock/openapi.json").json() == DOCUMENT
    assert DOCUMENT["info"]["version"] == VERSION


def test_the_index_needs_no_slash(server: MockServer) -> None:
    """Whoever types it by hand forgets it."""
    told = httpx.get(f"{server.url}/_mock").json()
    assert told == httpx.get(f"{server.url}/_mock/").json()
    assert {"method": "GET", "path": "/_mock/health", "says": "Say that the server is there."} in told["endpoints"]


def test_it_has_every_route_and_no_other() -> None:
    """With every method."""
    routes = Control(cast("Worlds", None), "0")._router.routes  # noqa: SLF001 - the truth that it is held against
    real = {
        (method, re.sub(r":\w+\}", "}", route.path))
        for route in routes
        if isinstance(route, Route) and route.path not in {"/_mock", "/_mock/{path:path}"}
        for method in route.methods or ()
    }
    told = {(method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods}
    assert told == {(method, path) for method, path in real if method != "HEAD"}
    assert len(told) == len(OPERATIONS)


def test_a_line_has_the_keys_of_a_script_file() -> None:
    """With its options and matches."""
    line = SCHEMAS["Line"]["properties"]
    assert set(line) == set(lines.KEYS)
    assert set(line["options"]["properties"]) == set(OPTIONS)
    assert set(line["match"]["properties"]) == set(match.KEYS)


def test_no_schema_is_left_over() -> None:
    """And each operation has a name of its own."""
    text = str(DOCUMENT)
    assert {name for name in SCHEMAS if f"#/components/schemas/{name}'" not in text} == set()
    names = [told["operationId"] for methods in DOCUMENT["paths"].values() for told in methods.values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("operation", OPERATIONS, ids=name_of)
def test_its_example_is_accepted_and_the_reply_is_as_it_says(
    server: MockServer, api: ImagesApi, operation: Operation
) -> None:
    """By the schemas of the document."""
    body = None
    if operation.body:
        told = DOCUMENT["paths"][f"/_mock{operation.path}"][operation.method.lower()]["requestBody"]["content"]
        body = told["application/json"]["example"]
        validator(told["application/json"]["schema"]).validate(body)
    reply = ask(server.url, api.name, operation, body)
    assert reply.status_code == 200, reply.text
    validator(SCHEMAS[operation.reply]).validate(reply.json())


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/clock", {"freeze": True, "advance": 1.5, "thaw": True}),
        ("/clock", {"freeze": 1764072000}),
        ("/as-of", {"day": None}),
        ("/limits", {"tier": None, "images_per_minute": 0}),
        ("/verify", {"match": {"param.size": "auto"}, "exactly": 0, "at_most": 3, "order": [{"status": 200}]}),
        ("/scripts", {"scenario": "429; times=1"}),
        ("/scripts", {"steps": ["503-overloaded", [{"fault": "delay", "seconds": 1}], []], "repeat": "last"}),
        (
            "/scripts",
            {"scenario": "reset", "match": {"endpoint": ["edits"], "parameters": {"n": ">=2"}, "call": "2-5"}},
        ),
        ("/scripts", {"scenario": "reset", "options": {"every": 2, "probability": 0.5, "seed": 7, "delay": 0.5}}),
        ("/scripts", {"steps": ["429", []], "repeat": "last", "match": {"call": "2-"}}),
    ],
    ids=str,
)
def test_what_its_schemas_allow_is_accepted(
    server: MockServer, api: ImagesApi, path: str, body: dict[str, object]
) -> None:
    """Whatever was not understood would be a 400."""
    operation = next(each for each in OPERATIONS if (each.method, each.path) == ("POST", path))
    assert validator(SCHEMAS[operation.body]).is_valid(body)
    assert ask(server.url, api.name, operation, body).status_code in {200, 417}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/clock", {"forward": 1}),
        ("/clock", {"freeze": False}),
        ("/as-of", {"day": 5}),
        ("/as-of", {"date": "2025-06-01"}),
        ("/limits", {"tier": 6}),
        ("/limits", {"dollars": -1}),
        ("/verify", {"exacty": 1}),
        ("/verify", {"exactly": -1}),
        ("/scripts", {"scenario": 5}),
        ("/scripts", {}),
        ("/scripts", {"scenario": "reset", "steps": ["reset"]}),
        ("/scripts", {"scenario": "reset", "options": {"times": 0}}),
        ("/scripts", {"scenario": "reset", "match": {"modle": "x"}}),
        ("/scripts", {"steps": []}),
        ("/scripts", {"steps": ["429"], "repeat": "first"}),
        ("/scripts", []),
    ],
    ids=str,
)
def test_what_its_schemas_forbid_is_refused(server: MockServer, api: ImagesApi, path: str, body: object) -> None:
    """With the sentence that it promises."""
    operation = next(each for each in OPERATIONS if (each.method, each.path) == ("POST", path))
    assert not validator(SCHEMAS[operation.body]).is_valid(body)
    reply = ask(server.url, api.name, operation, body)
    assert reply.status_code == 400
    validator(SCHEMAS["Error"]).validate(reply.json())


def test_a_verdict_that_fails_is_as_it_says(server: MockServer, api: ImagesApi) -> None:
    """A 417 has a schema too."""
    operation = next(each for each in OPERATIONS if each.path == "/verify")
    reply = ask(server.url, api.name, operation, {"exactly": 99})
    assert operation.otherwise is not None
    assert reply.status_code == operation.otherwise[0]
    validator(SCHEMAS[operation.otherwise[2]]).validate(reply.json())


@pytest.mark.parametrize(
    ("least", "status", "said"),
    [("0", 200, ""), ("0.001", 200, ""), ("1", 417, "never met: "), ("x", 400, "no share"), ("nan", 400, "no share")],
)
def test_a_build_may_want_a_share_of_all_failures(
    server: MockServer, api: ImagesApi, least: str, status: int, said: str
) -> None:
    """The status tells a shell, the text a person."""
    reply = httpx.get(f"{server.url}/_mock/coverage", params={"space": api.name, "least": least})
    told = reply.json()
    assert reply.status_code == status
    assert said in told.get("shortfall", told.get("error"))
    validator(SCHEMAS["Error" if status == 400 else "Coverage"]).validate(told)


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("POST", "/health", 405, "takes GET, not POST"),
        ("PATCH", "/scripts", 405, "takes DELETE or GET or POST"),
        ("OPTIONS", "/nope", 404, "is not there"),
        ("GET", "/spaces/x", 405, "takes DELETE"),
    ],
)
def test_a_wrong_turn_is_explained(server: MockServer, method: str, path: str, status: int, said: str) -> None:
    """By what there is."""
    reply = httpx.request(method, f"{server.url}/_mock{path}")
    assert (reply.status_code, said in reply.json()["error"]) == (status, True), reply.text


def test_the_readme_lists_every_path() -> None:
    """With all its methods."""
    listed = {
        (method, re.sub(r"NAME|NUMBER|ID", "*", path))
        for methods, path, _ in COMMANDS
        for method in methods.split(", ")
    }
    assert listed == {(each.method, re.sub(r"\{\w+\}", "*", each.path)) for each in OPERATIONS}


@pytest.mark.parametrize(("methods", "path", "command"), COMMANDS, ids=[each[1] for each in COMMANDS])
def test_the_readmes_command_works(server: MockServer, methods: str, path: str, command: str) -> None:
    """As it stands there."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    server.space("blue")
    server.fail("rate_limit", match={"prompt": "never"})
    draw = {"model": "gpt-image-1", "prompt": "a dot", "quality": "low"}
    for scenario in ("fewer_partials", "429", "500", "503"):  # the first does not happen to a whole reply
        headers = {"authorization": "Bearer k", "x-mock-scenario": scenario}
        httpx.post(f"{server.base_url}/images/generations", json=draw, headers=headers, timeout=60)
    own = command.replace("$MOCK", f"{server.url}/_mock").replace("curl ", "curl -s --fail-with-body ")
    done = subprocess.run(["bash", "-c", own], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603, S607 - the README's own
    assert done.returncode == 0, f"{methods} {path}: {done.stdout}"
    assert done.stdout.startswith("{")
