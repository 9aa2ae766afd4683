"""OpenAI's published document, read as strictly as it is meant.

It says OpenAPI 3.1 and uses `nullable`, a word of 3.0; it leaves objects open, and puts a bare string beside each list
of models and sizes. Read to the letter it refuses every null and contains every typing error.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from mockserver.contract.document.schemas import or_null

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from mockserver.contract.document.families import Media

    Schema = dict[str, Any]

_JUDGING: Final = {
    "additionalProperties",
    "anyOf",
    "const",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "items",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
    "properties",
    "required",
    "type",
    "uniqueItems",
}
"""Keywords that accept or refuse; `format` only tells, and so does all the rest."""

_MEDIA_TYPES: Final[Mapping[Media, str]] = {"json": "application/json", "form": "multipart/form-data"}
_DEEPEST: Final = 64


class UnreadableDocumentError(Exception):
    """A file that is no OpenAPI document of the Images API."""


def read(path: Path) -> Published:
    """Return the document in a file, JSON or YAML.

    Raises:
        UnreadableDocumentError: it is neither, or holds no path that ends in `/images/generations`.
        OSError: it cannot be read.
    """
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        found = json.loads(text) if text.lstrip().startswith("{") else _yaml(text, path)
    except (ValueError, RecursionError) as error:
        message = f"the document {path} is not JSON: {error}"
        raise UnreadableDocumentError(message) from error
    paths = found.get("paths") if isinstance(found, dict) else None
    if not isinstance(paths, dict) or not any(str(name).endswith("/images/generations") for name in paths):
        message = f"the document {path} is no OpenAPI of the Images API: it has no path /images/generations"
        raise UnreadableDocumentError(message)
    return Published(found)


def _yaml(text: str, path: Path) -> Any:  # noqa: ANN401 - parsed YAML
    try:
        import yaml  # type: ignore[import-untyped]  # noqa: PLC0415 - comes with the extra, for YAML alone
    except ModuleNotFoundError:
        message = f"the document {path} is not JSON, and YAML needs PyYAML: pip install PyYAML, or give JSON"
        raise UnreadableDocumentError(message) from None
    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
    except (yaml.YAMLError, RecursionError) as error:
        place = getattr(error, "problem_mark", None)
        where = f", see line {place.line + 1}" if place else ""
        message = f"the document {path} is neither JSON nor YAML{where}"
        raise UnreadableDocumentError(message) from error


class Published:
    """The requests and replies of a published document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._requests: dict[tuple[str, Media], Schema | None] = {}
        paths = {path: item for path, item in document["paths"].items() if isinstance(item, dict)}
        self._paths = {f"/{path.rpartition('/images/')[2]}": item for path, item in paths.items() if "/images/" in path}

    @property
    def operations(self) -> tuple[str, ...]:
        """Return the names of the endpoints that make pictures."""
        return tuple(path.removeprefix("/") for path, item in self._paths.items() if "post" in item)

    def request(self, operation: str, media: Media) -> Schema | None:
        """Return the body of a request, closed; None where there is none of that kind."""
        if (operation, media) not in self._requests:
            told = self._content(self._operation(operation).get("requestBody"), _MEDIA_TYPES[media])
            self._requests[operation, media] = None if told is None else self._strict(told, null=media == "json")
        return self._requests[operation, media]

    def reply(self, operation: str) -> Schema | None:
        """Return the body of a JSON reply, closed."""
        told = self._content(self._success(operation), "application/json")
        return None if told is None else self._strict(told)

    def event(self, operation: str) -> Schema | None:
        """Return what the data of an event is, closed."""
        told = self._content(self._success(operation), "text/event-stream")
        return None if told is None else self._strict(told)

    def _operation(self, operation: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._paths.get(f"/{operation}", {}).get("post", {})
        return found

    def _success(self, operation: str) -> object:
        return self._operation(operation).get("responses", {}).get("200")

    def _content(self, holder: object, media_type: str) -> object:
        content = self._found(holder).get("content", {})
        return content.get(media_type, {}).get("schema")

    def _found(self, node: object, depth: int = 0) -> dict[str, Any]:
        """Return a node, or what it refers to inside the document.

        Raises:
            UnreadableDocumentError: it refers to nothing here, or to itself.
        """
        if not isinstance(node, dict):
            return {}
        reference = node.get("$ref")
        if reference is None:
            return node
        target: Any = self._document
        for part in str(reference).removeprefix("#/").split("/"):
            target = target.get(part) if isinstance(target, dict) else None
        if target is None or depth > _DEEPEST:
            message = f"the document refers to {reference}, which is not in it"
            raise UnreadableDocumentError(message)
        return self._found(target, depth + 1)

    def _strict(self, node: object, depth: int = 0, *, null: bool = True) -> Schema:
        """Return a schema without references and annotations, closed, and honest about null."""
        if depth > _DEEPEST:
            message = "the document's schemas are nested without end"
            raise UnreadableDocumentError(message)
        if not isinstance(node, dict):
            return {} if node is not False else {"not": {}}
        found = self._merged(self._found(node))
        told = {key: self._inner(key, value, depth, null=null) for key, value in found.items() if key in _JUDGING}
        for word in ("anyOf", "oneOf"):
            if word in told:
                told["anyOf"] = _without_bare_string(told.pop(word))
        if "properties" in told:
            told.setdefault("additionalProperties", False)
            told.setdefault("type", "object")
            told.setdefault("required", [])
        if not null:
            return _without_null(told)
        return or_null(told) if found.get("nullable") is True else told

    def _merged(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return an object that is made of several as one, so that it can be closed."""
        parts = [self._found(part) for part in node.get("allOf", [])]
        if not parts:
            return node
        own = {key: value for key, value in node.items() if key != "allOf"}
        properties: dict[str, Any] = {}
        required: list[str] = []
        merged: dict[str, Any] = {}
        for part in (*parts, own):
            properties |= part.get("properties", {})
            required += part.get("required", [])
            merged |= part
        return self._merged({**merged, "properties": properties, "required": required} if properties else merged)

    def _inner(self, key: str, value: Any, depth: int, *, null: bool) -> Any:  # noqa: ANN401 - parsed JSON
        if key == "properties":
            return {name: self._strict(each, depth + 1, null=null) for name, each in value.items()}
        if key in {"anyOf", "oneOf"}:
            return [self._strict(each, depth + 1, null=null) for each in value]
        if key in {"items", "not"} or (key == "additionalProperties" and isinstance(value, dict)):
            return self._strict(value, depth + 1, null=null) if key != "not" else self._bare(value)
        return value

    def _bare(self, value: Any) -> Any:  # noqa: ANN401 - parsed JSON
        """Return what must not hold, which is not to be closed."""
        return {key: each for key, each in self._found(value).items() if key in _JUDGING}


def _without_bare_string(alternatives: Iterable[Schema]) -> list[Schema]:
    told = [each for each in alternatives if each]
    listed = any(each.get("type") == "string" and "enum" in each for each in told)
    return [each for each in told if not (listed and each == {"type": "string"})]


def _without_null(told: Schema) -> Schema:
    """Return a schema of what a form can say: it has no null."""
    if "anyOf" in told:
        return {**told, "anyOf": [each for each in told["anyOf"] if each != {"type": "null"}]}
    return told
