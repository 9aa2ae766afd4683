"""Makes a request from the fields of a case or of one of its steps."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mockserver.contract import inputs
from mockserver.contract.case import Part, Request, Step
from mockserver.contract.fault import fault

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELDS: Mapping[str, type | tuple[type, ...]] = {
    "method": str,
    "path": str,
    "root": bool,
    "auth": str,
    "headers": dict,
    "json": dict,
    "body_json": str,
    "body": str,
    "body_bytes": int,
    "form": list,
    "cut": int,
    "prompt_length": int,
}
BODIES = {"json", "body_json", "body", "body_bytes", "form"}
_FILE = {"file", "filename", "type", "size"}


def request(row: Mapping[str, Any], file: str, name: str) -> Request:
    """Return the request that the fields of `row` describe.

    Raises:
        ValueError: its JSON is none, a part is faulty, or a picture is not among the fixtures.
    """
    try:
        form = tuple(_part(one, row.get("prompt_length", 1)) for one in row.get("form", ()))
        body = _body(row)
    except ValueError as error:
        raise fault(file, name, str(error)) from error
    return Request(
        method=row.get("method", "POST"),
        path=row["path"],
        headers={key.lower(): value or None for key, value in row.get("headers", {}).items()},
        body=body,
        bulk=row.get("body_bytes", 0),
        form=form,
        cut=row.get("cut", 0),
        root=row.get("root", False),
        auth=row.get("auth", "bearer"),
        follow=row.get("follow"),
        follow_headers=row.get("follow_headers", {}),
    )


def step(row: Mapping[str, Any], file: str, name: str) -> Step:
    """Return a step; `row` holds the fields of a request, and `keep`.

    Raises:
        ValueError: a field is unknown, missing or faulty.
    """
    unknown = sorted(set(row) - set(FIELDS) - {"keep"})
    if unknown or "path" not in row:
        raise fault(file, name, f"unknown key {unknown[0]!r} in a step" if unknown else "a step lacks 'path'")
    return Step(request(row, file, name), row.get("keep", {}))


def filled(request: Request, kept: Mapping[str, str]) -> Request:
    """Return `request` with each `{name}` of `kept` replaced by its value in path, body and texts of the form."""
    if not kept:
        return request
    names = re.compile(rb"\{(" + "|".join(map(re.escape, kept)).encode() + rb")\}")

    def fill(data: bytes) -> bytes:
        return names.sub(lambda match: kept[match[1].decode()].encode(), data)

    form = tuple(part if part.filename else replace(part, content=fill(part.content)) for part in request.form)
    return replace(request, path=fill(request.path.encode()).decode(), body=fill(request.body), form=form)


def _body(row: Mapping[str, Any]) -> bytes:
    if "body_json" in row:
        text = inputs.with_pictures(row["body_json"])
        try:
            json.loads(text)
        except ValueError as error:
            message = f"body_json is not JSON: {error}"
            raise ValueError(message) from error
        return text.encode()
    if "json" not in row:
        return str(row.get("body", "")).encode()
    document = dict(row["json"])
    if "prompt_length" in row:
        document["prompt"] = document.get("prompt", "a") * row["prompt_length"]
    return inputs.with_pictures(json.dumps(document)).encode()


def _part(pair: object, prompt_length: int) -> Part:
    """Return one part from `[name, text]` or `[name, {file = …}]`."""
    match pair:
        case [str(name), str(text)]:
            return Part(name, (text * prompt_length if name == "prompt" else text).encode())
        case [str(name), {"text": str(text), "type": str(kind), **rest}] if not rest:
            return Part(name, text.encode(), content_type=kind)
        case [str(name), {"file": str(source), **rest}] if set(rest) <= _FILE:
            filename = str(rest.get("filename", source))
            kind = str(rest.get("type", inputs.declared_type(filename)))
            return Part(name, inputs.read(source), filename, kind or None, int(str(rest.get("size", 0))))
    message = f"a part is [name, text] or [name, {{ file = … }}], not {pair!r}"
    raise ValueError(message)
