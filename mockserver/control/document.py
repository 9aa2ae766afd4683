"""The control API's own OpenAPI document, made from its table."""

from __future__ import annotations

from typing import Any, Final

from mockserver.control.operations import OPERATIONS, Operation, parameters
from mockserver.control.schemas import SCHEMAS, of

VERSION: Final = "1.0.0"
"""Of the control API: the first number changes where a test that uses it would have to."""

_ABOUT: Final = (
    "What a test asks of a mockserver itself. It answers this machine only, under its own name, and no web page; "
    "a server that was given a token wants it, and then answers anyone."
)


def document(prefix: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document; its paths begin with `prefix`."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(prefix + operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "mockserver control API", "version": VERSION, "description": _ABOUT},
        "paths": paths,
        "components": {
            "schemas": dict(SCHEMAS),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def index(prefix: str) -> dict[str, Any]:
    """Return what there is, a sentence each."""
    told = [{"method": each.method, "path": prefix + each.path, "says": each.says} for each in OPERATIONS]
    return {"version": VERSION, "document": f"{prefix}/openapi.json", "endpoints": told}


def _operation(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {"operationId": _id(operation), "summary": operation.says}
    if taken := parameters(operation):
        told["parameters"] = taken
    if operation.body:
        content = {"application/json": {"schema": of(operation.body), "example": dict(operation.example)}}
        told["requestBody"] = {"required": True, "content": content}
    replies = {"200": _reply("Done.", operation.reply), "default": _reply("Not done, and why.", "Error")}
    if operation.otherwise is not None:
        status, says, schema = operation.otherwise
        replies[str(status)] = _reply(says, schema)
    return {**told, "responses": replies}


def _reply(says: str, schema: str) -> dict[str, Any]:
    return {"description": says, "content": {"application/json": {"schema": of(schema)}}}


def _id(operation: Operation) -> str:
    words = operation.path.replace("/", " ").replace(".", " ").replace("-", " ").replace("{", "by ").replace("}", "")
    return "_".join([operation.method.lower(), *words.split()])
