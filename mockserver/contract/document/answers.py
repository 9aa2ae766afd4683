"""What an accepted request gets, as JSON Schema: as tight as the rows allow, so that a wrong server fails it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from mockserver.contract.document.schemas import one_of
from mockserver.contract.document.sizes import pattern, words
from mockserver.replies import ECHOES_SINCE, MOSAIC, OUTPUT_DETAILS_SINCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mockserver.apis import Api
    from mockserver.contract.document.components import Components
    from mockserver.models import Model
    from mockserver.rules import OneOf, Rule, Whole

    Schema = dict[str, Any]

TOKENS: Final[Schema] = {"type": "integer", "minimum": 0}
SECONDS: Final[Schema] = {"type": "integer", "minimum": 0, "description": "Unix seconds."}
TEXT: Final[Schema] = {"type": "string"}
BASE64: Final[Schema] = {
    "type": "string",
    "contentEncoding": "base64",
    "pattern": "^[A-Za-z0-9+/]+={0,2}$",
    "minLength": 4,
    "description": "The file of the picture.",
}
LINK: Final[Schema] = {"type": "string", "pattern": "^https?://[^/]+/.*[?&]sig=", "description": "Good for an hour."}

_FREE_EDIT: Final = "^[1-9][0-9]{2,3}x[1-9][0-9]{2,3}$"
"""What `auto` makes of the shape of an input: any size of some 1.5 megapixels."""


def closed(properties: Mapping[str, Schema], *optional: str) -> Schema:
    """Return an object of these properties, required but for the optional ones, and of no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def any_of(schemas: Iterable[Schema]) -> Schema:
    """Return what fits one of the schemas; equal ones are told once."""
    told: list[Schema] = []
    told += (each for each in schemas if each not in told)
    return told[0] if len(told) == 1 else {"anyOf": told}


def pictures(row: Model, rules: Mapping[str, Rule], operation: str, api: Api, components: Components) -> Schema:
    """Return the JSON reply of a model."""
    most = cast("Whole", rules["n"]).high
    data = {"type": "array", "items": _picture(row, components), "minItems": 1, "maxItems": most}
    told: dict[str, Schema] = {"created": SECONDS, "data": data}
    if row.tokens is not None:
        if not api.azure and api.day >= ECHOES_SINCE:
            told |= _echoed(row, rules, operation, components)
        told["usage"] = _usage(components, output_details=api.day >= OUTPUT_DETAILS_SINCE)
    return components.put(f"{operation}-reply-{row.id}", closed(told))


def _picture(row: Model, components: Components) -> Schema:
    """Return one picture of a reply."""
    more: dict[str, Schema] = {"revised_prompt": TEXT} if row.revises_prompt else {}
    if row.generation_ids:
        more["generation_id"] = {"type": "string", "format": "uuid"}
    whole = components.put(f"picture-{row.id}-in-base64", closed({"b64_json": BASE64, **more}))
    if row.tokens is not None:
        return whole
    return {"anyOf": [whole, components.put(f"picture-{row.id}-by-link", closed({"url": LINK, **more}))]}


def events(row: Model, rules: Mapping[str, Rule], operation: str, components: Components) -> list[Schema]:
    """Return the events of a model's stream, each as a reader of server-sent events has it."""
    if "stream" not in rules:
        return []
    told = {
        "created_at": SECONDS,
        "b64_json": BASE64,
        **_echoed(row, rules, operation, components),
        "sequence_number": {"type": "integer", "minimum": 0, "maximum": len(MOSAIC)},
    }
    partial = {**told, "partial_image_index": {"type": "integer", "minimum": 0, "maximum": len(MOSAIC) - 1}}
    completed = {**told, "usage": _usage(components, output_details=False)}
    kinds = {"partial_image": partial, "completed": completed}
    return [_event(row, f"image_{operation}.{kind}", fields, components) for kind, fields in kinds.items()]


def _event(row: Model, name: str, fields: Mapping[str, Schema], components: Components) -> Schema:
    payload = components.put(f"{name}-data-{row.id}", closed({"type": one_of([name]), **fields}))
    data = {"type": "string", "contentMediaType": "application/json", "contentSchema": payload}
    return components.put(f"{name}-{row.id}", closed({"event": one_of([name]), "data": data}))


def _echoed(row: Model, rules: Mapping[str, Rule], operation: str, components: Components) -> dict[str, Schema]:
    levels = [level for level in cast("OneOf", rules["quality"]).values if level != "auto"]
    return {
        "background": one_of(["transparent", "opaque"] if row.transparent else ["opaque"]),
        "output_format": one_of(cast("OneOf", rules["output_format"]).values),
        "quality": one_of(levels),
        "size": _size(row, operation, components),
    }


def _size(row: Model, operation: str, components: Components) -> Schema:
    if row.pixels is None:
        return one_of(row.auto_sizes)
    if operation == "edit":
        return {"type": "string", "pattern": _FREE_EDIT, "description": "what was asked for, or the input's shape"}
    made = {"pattern": pattern(row.pixels, *row.auto_sizes), "description": f"{words(row.pixels)}, or what auto chose"}
    return components.put("size-made", {"type": "string", **made})


def _usage(components: Components, *, output_details: bool) -> Schema:
    details = components.put("token-details", closed({"image_tokens": TOKENS, "text_tokens": TOKENS}))
    told: dict[str, Schema] = {
        "input_tokens": TOKENS,
        "input_tokens_details": details,
        "output_tokens": TOKENS,
        **({"output_tokens_details": details} if output_details else {}),
        "total_tokens": TOKENS,
    }
    return components.put("usage" if output_details else "usage-of-streams", closed(told))


MODEL: Final[Schema] = closed(
    {
        "id": TEXT,
        "object": one_of(["model"]),
        "created": SECONDS,
        "owned_by": TEXT,
        "shutdown_date": {"type": ["string", "null"], "format": "date"},
    },
    "shutdown_date",
)
MODELS: Final[Schema] = closed({"object": one_of(["list"]), "data": {"type": "array", "items": MODEL}})

FILE_ID: Final[Schema] = {"type": "string", "pattern": "^file-[A-Za-z0-9]{24}$"}
STORED: Final[Schema] = closed(
    {
        "object": one_of(["file"]),
        "id": FILE_ID,
        "purpose": TEXT,
        "filename": TEXT,
        "bytes": TOKENS,
        "created_at": SECONDS,
        "expires_at": {"type": "null"},
        "status": one_of(["processed"]),
        "status_details": {"type": "null"},
    }
)
_CURSOR: Final[Schema] = {**FILE_ID, "type": ["string", "null"]}
STORED_LIST: Final[Schema] = closed(
    {
        "object": one_of(["list"]),
        "data": {"type": "array", "items": STORED},
        "has_more": {"type": "boolean"},
        "first_id": _CURSOR,
        "last_id": _CURSOR,
    }
)
DELETED: Final[Schema] = closed({"object": one_of(["file"]), "id": FILE_ID, "deleted": one_of([True])})
