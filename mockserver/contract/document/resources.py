"""What stands beside the making of pictures: the pictures themselves, the models, and uploaded files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver.contract.document import answers, refusals
from mockserver.contract.document.schemas import FILE, one_of
from mockserver.files import PURPOSES
from mockserver.models import models_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mockserver.apis import Api

    Schema = dict[str, Any]

_FILE_NAMED = {"name": "file_id", "in": "path", "required": True, "schema": answers.FILE_ID}


def fetch_picture() -> dict[str, Any]:
    """Return the operation that fetches what a `url` names."""
    names = ("organization", "user", "name")
    query = ("st", "se", "sp", "sv", "sr", "rscd", "rsct", "skoid", "sktid", "skt", "ske", "sks", "skv", "sig")
    file: dict[str, Any] = {f"image/{form}": {} for form in ("png", "jpeg", "webp")}
    return {
        "operationId": "fetchPicture",
        "tags": ["Pictures"],
        "summary": "Fetch the picture that a `url` of a reply names; it is good for an hour.",
        "description": "Take the URL as it is: its query is signed, in this order.",
        "security": [],
        "parameters": [
            *({"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names),
            *({"name": name, "in": "query", "required": True, "schema": {"type": "string"}} for name in query),
        ],
        "responses": {
            "200": {"description": "The picture.", "headers": refusals.headers("x-ms-request-id"), "content": file},
            "206": {
                "description": "The part of it that a `Range` asks for.",
                "headers": refusals.headers("x-ms-request-id", "content-range"),
                "content": file,
            },
            "403": refusals.store_refusal("The hour is over, or the signature is not ours."),
            "404": refusals.store_refusal("The picture is no longer kept."),
        },
    }


def list_models() -> dict[str, Any]:
    """Return the operation that lists the models."""
    return _plain("listModels", "Models", "List the models.", answers.MODELS, (401,))


def retrieve_model(api: Api) -> dict[str, Any]:
    """Return the operation that tells of one model."""
    names = {"type": "string", "enum": list(models_of(api))}
    named = {"name": "model", "in": "path", "required": True, "schema": names}
    return {
        **_plain("retrieveModel", "Models", "Tell of one model.", answers.MODEL, (401, 404)),
        "parameters": [named],
    }


def _plain(identifier: str, tag: str, summary: str, schema: Schema, statuses: Iterable[int]) -> dict[str, Any]:
    return {
        "operationId": identifier,
        "tags": [tag],
        "summary": summary,
        "responses": {
            "200": refusals.response(summary, refusals.OF_API, "application/json", schema),
            **refusals.refusals(statuses, {}),
        },
    }


def create_file() -> dict[str, Any]:
    """Return the operation that uploads a file."""
    told = {
        "type": "object",
        "properties": {"file": FILE, "purpose": one_of(PURPOSES)},
        "required": ["file", "purpose"],
        "additionalProperties": True,
    }
    links = {
        identifier: {"operationId": identifier, "parameters": {"file_id": "$response.body#/id"}}
        for identifier in ("retrieveFile", "downloadFile", "deleteFile")
    }
    operation = _plain("createFile", "Files", "Upload a file, for edits to name.", answers.STORED, (400, 401, 413))
    operation["responses"]["200"]["links"] = links
    return {
        **operation,
        "description": "Fields that are not described are not looked at.",
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": told}}},
    }


def list_files() -> dict[str, Any]:
    """Return the operation that lists the files."""
    about = {
        "purpose": "Only files of this purpose.",
        "order": "`asc` lists the oldest first, anything else the newest.",
        "after": "Only files behind this id.",
        "limit": "1 to 10000 files; what is no number is not looked at.",
    }
    return {
        **_plain("listFiles", "Files", "List the files.", answers.STORED_LIST, (401,)),
        "parameters": [
            {"name": name, "in": "query", "description": text, "schema": {"type": "string"}}
            for name, text in about.items()
        ],
    }


def retrieve_file() -> dict[str, Any]:
    """Return the operation that tells of one file."""
    return _of_file("retrieveFile", "Tell of one file.", answers.STORED)


def delete_file() -> dict[str, Any]:
    """Return the operation that deletes a file."""
    return _of_file("deleteFile", "Delete a file.", answers.DELETED)


def download_file() -> dict[str, Any]:
    """Return the operation that fetches the bytes of a file."""
    operation = _of_file("downloadFile", "Fetch a file.", {})
    operation["responses"]["200"]["content"] = {"application/octet-stream": {}}
    return operation


def _of_file(identifier: str, summary: str, schema: Schema) -> dict[str, Any]:
    operation = _plain(identifier, "Files", summary, schema, (401,))
    missing = "There is no such file."
    operation["responses"]["404"] = refusals.response(
        missing, (*refusals.OF_API, "x-mock-rule"), "application/json", refusals.NO_FILE
    )
    return {**operation, "parameters": [_FILE_NAMED]}
