"""The published document is fresh, well-formed, tight, and true of the server."""

from __future__ import annotations

import json
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Any, cast

import httpx
import jsonschema_rs
import pytest
import schemathesis
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import ignored_auth

from mockserver import datafiles
from mockserver.apis import NEWEST, Api
from mockserver.contract.document.examples import EXAMPLES
from mockserver.contract.document.openapi import document, written
from mockserver.contract.document.proofs import disjoint
from mockserver.server import ServerThread
from mockserver.settings import Settings
from mockserver.usage import estimated_tokens, prompt_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT = json.loads(written())
APIS = [NEWEST, Api(date(2025, 5, 1)), Api(date(2026, 11, 23)), Api(date(2027, 1, 1))]
KEYWORDS = {
    "$ref",
    "additionalProperties",
    "anyOf",
    "const",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "default",
    "description",
    "enum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "not",
    "oneOf",
    "pattern",
    "properties",
    "required",
    "type",
}
"""What its schemas are made of: no `if`, whose positives testers do not find, and nothing of OpenAPI 3.0."""
OPEN = ("paths", "/v1/files", "post", "requestBody", "content", "multipart/form-data", "schema")
"""The one object that is not closed: the server does not look at other fields of an upload."""

Path = tuple[str | int, ...]


def schemas(node: object, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield each schema that stands somewhere in a document, with its place; those inside it too."""
    if isinstance(node, dict):
        for name, child in node.items():
            if name in {"example", "examples", "value"}:
                continue
            if name == "schema" or path[-2:] == ("components", "schemas"):
                yield from inner(child, (*path, name))
            else:
                yield from schemas(child, (*path, name))
    elif isinstance(node, list):
        for place, child in enumerate(node):
            yield from schemas(child, (*path, place))


def inner(schema: dict[str, Any], path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield a schema and those inside it."""
    yield path, schema
    for name in ("items", "not", "contentSchema"):
        if name in schema:
            yield from inner(schema[name], (*path, name))
    for name in ("anyOf", "oneOf"):
        for place, child in enumerate(schema.get(name, [])):
            yield from inner(child, (*path, name, place))
    for name, child in schema.get("properties", {}).items():
        yield from inner(child, (*path, "properties", name))


def resolved(schema: dict[str, Any], of: Any = DOCUMENT) -> dict[str, Any]:  # noqa: ANN401 - parsed JSON
    """Return a schema that stands alone."""
    return {**schema, "components": of["components"]}


def is_valid(schema: dict[str, Any], value: object) -> bool:
    """Hold a value against a schema of the document."""
    return jsonschema_rs.validator_for(resolved(schema)).is_valid(value)


def referred(schema: dict[str, Any]) -> dict[str, Any]:
    """Return what a reference refers to."""
    found: dict[str, Any] = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def is_event(schema: dict[str, Any], event: dict[str, str]) -> bool:
    """Hold an event against the schema of events, and its data against what that says of it."""
    kinds = [referred(each) for each in referred(schema)["anyOf"] if is_valid(each, event)]
    return any(is_valid(kind["properties"]["data"]["contentSchema"], json.loads(event["data"])) for kind in kinds)


def test_the_committed_document_is_fresh() -> None:
    """`make contract` writes it anew."""
    committed = datafiles.path("contracts", "openapi.json").read_text()
    assert committed == written(), "run make contract, and commit contracts/openapi.json"


@pytest.mark.parametrize("api", APIS, ids=str)
def test_the_document_is_openapi(api: Api) -> None:
    """The API of any day, for a validator that is not ours; defaults are checked too."""
    OpenAPIV31SpecValidator(json.loads(written(api))).validate()


@pytest.mark.parametrize("api", APIS, ids=str)
def test_schemas_are_made_of_few_keywords(api: Api) -> None:
    """Those that every tool reads alike."""
    for path, schema in schemas(document(api)):
        assert schema.keys() <= KEYWORDS, path
        assert "nullable" not in schema


@pytest.mark.parametrize("api", APIS, ids=str)
def test_each_object_is_closed(api: Api) -> None:
    """So that a typing error is one; what must not hold, and what only requires, is none of its own."""
    for path, schema in schemas(document(api)):
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is (path == OPEN), path
        elif "properties" in schema:
            assert "not" in path, path


@pytest.mark.parametrize("api", APIS, ids=str)
def test_the_objects_of_a_body_have_nothing_in_common(api: Api) -> None:
    """Proved, pair by pair: no request fits two of them."""
    pairs = 0
    for _, schema in schemas(document(api)):
        branches = [each for each in schema.get("oneOf", []) if "$ref" in each]
        for one, other in combinations(branches, 2):
            assert disjoint(resolved(one, document(api)), resolved(other, document(api))), (one, other)
            pairs += 1
    assert pairs


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield path, method and operation."""
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def shown(kind: str) -> list[Any]:
    """Return each example of a kind of content, as (where, schema, value)."""
    found = []
    for path, method, operation in operations():
        contents = {"request": operation.get("requestBody", {}).get("content", {})}
        contents |= {status: told["content"] for status, told in operation["responses"].items()}
        for place, content in contents.items():
            for media_type, told in content.items():
                for name, example in told.get("examples", {}).items():
                    if (media_type == "text/event-stream") is (kind == "event"):
                        value = (told["schema"], example["value"])
                        found.append(pytest.param(*value, id=f"{method} {path} {place} {name}"))
    return found


@pytest.mark.parametrize(("schema", "value"), shown("whole"))
def test_an_example_is_valid(schema: dict[str, Any], value: object) -> None:
    """By the schema beside which it stands."""
    assert is_valid(schema, value)


@pytest.mark.parametrize(("schema", "event"), shown("event"))
def test_an_event_of_an_example_is_valid(schema: dict[str, Any], event: dict[str, str]) -> None:
    """As an event, and its data as what it holds."""
    assert is_event(schema, event)


ASKED = [
    pytest.param(operation, name, example.parameters, id=f"{operation} {name}")
    for operation, examples in EXAMPLES.items()
    for name, example in examples.items()
]


def comparable(reply: Any) -> Any:  # noqa: ANN401 - parsed JSON
    """Return a reply without what is new each time, or shortened in the document."""
    hidden = {"created", "created_at", "b64_json", "url", "generation_id"}
    if isinstance(reply, dict):
        return {name: "…" if name in hidden else comparable(value) for name, value in reply.items()}
    return [comparable(each) for each in reply] if isinstance(reply, list) else reply


@pytest.mark.parametrize(("operation", "name", "parameters"), ASKED)
def test_an_example_is_true(operation: str, name: str, parameters: dict[str, Any], http: httpx.Client) -> None:
    """The server answers what the document says, and in the schema that it says."""
    responses = DOCUMENT["paths"][f"/v1/images/{operation}"]["post"]["responses"]
    reply = http.post(f"images/{operation}", json=parameters)
    told = responses[str(reply.status_code)]["content"][reply.headers["content-type"].partition(";")[0]]
    if parameters.get("stream") and reply.is_success:
        frames = [dict(line.split(": ", 1) for line in frame.split("\n")) for frame in reply.text.strip().split("\n\n")]
        assert all(is_event(told["schema"], frame) for frame in frames)
        examples = [value["value"] for key, value in told["examples"].items() if key.startswith(f"{name}-")]
        assert [comparable(json.loads(frame["data"])) for frame in frames] == [
            comparable(json.loads(example["data"])) for example in examples
        ]
        return
    assert is_valid(told["schema"], reply.json())
    assert comparable(reply.json()) == comparable(told["examples"][name]["value"])


PROMPTS = sorted({example.parameters.get("prompt", "") for each in EXAMPLES.values() for example in each.values()})


@pytest.mark.parametrize("prompt", PROMPTS)
def test_a_prompt_that_is_shown_counts_the_same_with_and_without_a_vocabulary(prompt: str) -> None:
    """So that the document does not depend on what is installed."""
    assert estimated_tokens(prompt) == prompt_tokens(prompt)


def test_each_refusal_that_is_shown_is_one() -> None:
    """Examples of both kinds are there."""
    responses = DOCUMENT["paths"]["/v1/images/generations"]["post"]["responses"]
    assert len(responses["400"]["content"]["application/json"]["examples"]) == 5
    assert len(responses["200"]["content"]["application/json"]["examples"]) == 5


def test_the_server_serves_it_to_whoever_asks(server: ServerThread) -> None:
    """Without a key, with the address that the caller used."""
    reply = httpx.get(f"{server.url}/openapi.json")
    assert reply.headers["content-type"] == "application/json"
    assert reply.json() == {**DOCUMENT, "servers": [{**DOCUMENT["servers"][0], "url": server.url}]}


def test_a_space_is_told_its_own_address(server: ServerThread) -> None:
    """With the name of the space in it, behind whatever host the caller names."""
    reply = httpx.get(f"{server.url}/s/mine/openapi.json", headers={"host": "mock.example:8000"})
    assert reply.json()["servers"][0]["url"] == "http://mock.example:8000/s/mine"


def test_the_document_is_of_the_day_that_is_served(server: ServerThread) -> None:
    """After DALL-E nothing varies a picture, and a model must be named."""
    reply = httpx.get(f"{server.url}/openapi.json", headers={"x-mock-as-of": "2026-12-24"})
    told = reply.json()
    assert "/v1/images/variations" not in told["paths"]
    assert "model" in told["components"]["schemas"]["generations-gpt-image-2"]["required"]
    assert "2026-12-24" in told["info"]["description"]


def test_only_get_is_answered(server: ServerThread) -> None:
    """Another method is refused as everywhere."""
    assert httpx.post(f"{server.url}/openapi.json").status_code == 405


def test_a_lenient_server_has_no_contract_of_its_own() -> None:
    """It keeps to OpenAI's document, which is not ours to serve."""
    with ServerThread(Settings(checks="schema")) as lenient:
        assert httpx.get(f"{lenient.url}/openapi.json").status_code == 404


WHOLE = {"model": "gpt-image-2", "prompt": "a dot", "quality": "low"}
KEY = {"authorization": "Bearer sk-test"}
STREAM = {"model": "gpt-image-1", "prompt": "a dot", "stream": True, "partial_images": 2, "quality": "low"}


def answered(contract: dict[str, Any], server: ServerThread, body: dict[str, Any]) -> None:
    """Send a body with schemathesis, and let its own checks judge the reply; any key is good here.

    Raises:
        FailureGroup: the reply is not what the contract says.
    """
    operation = schemathesis.openapi.from_dict(contract)["/v1/images/generations"]["POST"]
    case = operation.Case(body=body, media_type="application/json")
    case.call_and_validate(base_url=server.url, headers=KEY, excluded_checks=[ignored_auth])


@pytest.mark.parametrize("body", [STREAM, WHOLE, {"prompt": 1}])
def test_schemathesis_reads_it_as_it_is_meant(body: dict[str, Any], server: ServerThread) -> None:
    """Events, replies, refusals and their headers satisfy its checks."""
    answered(DOCUMENT, server, body)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (STREAM, "image_generation-completed-data-"),
        (WHOLE, "generation-reply-"),
    ],
    ids=["stream", "whole"],
)
def test_schemathesis_sees_a_reply_that_lacks_something(body: dict[str, Any], named: str, server: ServerThread) -> None:
    """A contract that wants more of each event, or of each reply, is not met."""
    wanting = cast("dict[str, Any]", json.loads(json.dumps(DOCUMENT)))
    for name, told in wanting["components"]["schemas"].items():
        if name.startswith(named):
            told["required"].append("watermark")
    with pytest.raises(FailureGroup, match="violates"):
        answered(wanting, server, body)
