"""What a request that is refused gets: one response for each status, in the words of each door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mockserver.contract.document.answers import TEXT, closed
from mockserver.contract.document.schemas import one_of
from mockserver.sources import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Schema = dict[str, Any]

_OR_NULL: Final[Schema] = {"type": ["string", "null"]}

HEADERS: Final[Mapping[str, Any]] = {
    "x-request-id": {"required": True, "schema": {"type": "string", "pattern": "^req_[0-9a-f]{32}$"}},
    "openai-processing-ms": {"required": True, "schema": {"type": "integer", "minimum": 0}},
    "openai-version": {"required": True, "schema": one_of(["2020-10-01"])},
    "www-authenticate": {"required": True, "schema": one_of(['Bearer realm="OpenAI API"'])},
    "apim-request-id": {"required": True, "schema": {"type": "string", "format": "uuid"}},
    "x-ms-request-id": {"required": True, "schema": {"type": "string", "format": "uuid"}},
    "x-ms-error-code": {"required": True, "schema": TEXT},
    "content-range": {"required": True, "schema": {"type": "string", "pattern": "^bytes [0-9]+-[0-9]+/[0-9]+$"}},
    "x-mock-rule": {
        "required": True,
        "description": "The rule that refused it; `/_mock/rules` tells where each was seen.",
        "schema": one_of(list(RULES)),
    },
}
"""The headers that responses refer to."""

OF_API: Final = ("x-request-id", "openai-processing-ms", "openai-version")
"""Headers of each reply of the API, but for those of its edge."""


def headers(*names: str) -> dict[str, Any]:
    """Return references to headers."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def envelope(*kinds: str) -> Schema:
    """Return the error object, of these types."""
    told = {"message": {"type": "string", "minLength": 1}, "type": one_of(kinds), "param": _OR_NULL, "code": _OR_NULL}
    return closed({"error": closed(told)})


INVALID: Final = "invalid_request_error"

_BODIES: Final[Mapping[int, tuple[str, str, Schema, tuple[str, ...]]]] = {
    400: (
        "The request is wrong, or the money is spent.",
        "application/json",
        envelope(INVALID, "image_generation_user_error", "billing_limit_user_error"),
        (),
    ),
    401: (
        "No key, or not one that the server accepts.",
        "application/json",
        envelope(INVALID),
        ("www-authenticate",),
    ),
    404: ("There is none of that name.", "application/json", envelope(INVALID), ()),
    413: ("The body is too large.", "text/html", TEXT, ()),
    429: (
        "Too many pictures in a minute; only where the space has limits.",
        "application/json",
        envelope("input-images", "requests"),
        (),
    ),
}
"""Status to description, media type, schema and more headers."""


def refusals(statuses: Iterable[int], examples: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the responses of some statuses, with examples by status where there are any."""
    told = {}
    for status in statuses:
        about, media_type, schema, more = _BODIES[status]
        names = (*OF_API, *more, "x-mock-rule")
        told[str(status)] = response(about, names, media_type, schema, examples.get(status))
    return told


def response(
    about: str,
    names: Iterable[str],
    media_type: str,
    schema: Schema,
    examples: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return one response of one media type."""
    content = {"schema": schema, **({"examples": dict(examples)} if examples else {})}
    return {"description": about, "headers": headers(*names), "content": {media_type: content}}


NO_FILE: Final[Schema] = closed(
    {
        "error": envelope(INVALID)["properties"]["error"],
        "detail": closed({"message": TEXT, "code": {"type": "null"}}),
    }
)
"""A file that is not there is told twice."""

_XML: Final[Schema] = {"type": "string", "pattern": "<Error><Code>[A-Za-z]+</Code><Message>"}


def store_refusal(about: str) -> dict[str, Any]:
    """Return how the store of pictures refuses."""
    return response(about, ("x-ms-request-id", "x-ms-error-code", "x-mock-rule"), "application/xml", _XML)


def azure_refusal(about: str) -> dict[str, Any]:
    """Return how Azure itself refuses."""
    told = closed({"code": TEXT, "message": TEXT, "type": one_of([INVALID])}, "type")
    return response(about, ("apim-request-id", "x-mock-rule"), "application/json", closed({"error": told}))
