"""Each way in which the contract and a published document part, found by proof and not by sampling."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from mockserver.apis import NEWEST
from mockserver.contract.document.beyond import ABSENCE, FIELD, Beyond, beyond
from mockserver.contract.document.components import Components
from mockserver.contract.document.differences import Difference
from mockserver.contract.document.families import families
from mockserver.contract.document.operations import answered
from mockserver.contract.document.proofs import contained, fits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mockserver.contract.document.families import Family, Media, Operation
    from mockserver.contract.document.published import Published

    Schema = dict[str, Any]

ENDPOINTS: Final[tuple[tuple[Operation, Media], ...]] = (
    ("generations", "json"),
    ("edits", "json"),
    ("edits", "form"),
    ("variations", "form"),
)
_EVERYTHING: Final = Beyond("", "everything")


def differences(published: Published) -> list[Difference]:
    """Return every difference from a published document, in the order of the endpoints."""
    return [*_of_requests(published), *_of_bodies_that_we_do_not_read(published), *_of_replies(published)]


def _of_requests(published: Published) -> Iterator[Difference]:
    for operation, media in ENDPOINTS:
        theirs, found = published.request(operation, media), families(operation, media)
        for family in found:
            for one in [_EVERYTHING] if theirs is None else beyond(family.schema(), theirs):
                yield Difference("accepted", operation, media, family.name, one.place, one.words)
        if theirs is not None:
            for one in beyond(theirs, of_any(found)):
                yield Difference("refused", operation, media, "*", one.place, one.words)


def _of_bodies_that_we_do_not_read(published: Published) -> Iterator[Difference]:
    kinds: tuple[Media, ...] = ("json", "form")
    for operation in published.operations:
        for media in kinds:
            if (operation, media) not in ENDPOINTS and published.request(operation, media) is not None:
                yield Difference("refused", operation, media, "*", _EVERYTHING.place, _EVERYTHING.words)


def of_any(found: Iterable[Family]) -> Schema:
    """Return an object of what some family accepts in each parameter: theirs does not tell models apart either."""
    schemas = [family.schema() for family in found]
    properties: dict[str, Schema] = {}
    for schema in schemas:
        for param, told in schema["properties"].items():
            properties[param] = _wider(properties.get(param, {"not": {}}), told)
    required = set.intersection(*(set(schema["required"]) for schema in schemas))
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(required),
        "additionalProperties": False,
    }


def _wider(one: Schema, other: Schema) -> Schema:
    """Return what fits either of two schemas."""
    if contained(other, one):
        return one
    return other if contained(one, other) else {"anyOf": [*_each(one), *_each(other)]}


def _of_replies(published: Published) -> Iterator[Difference]:
    for operation in dict.fromkeys(operation for operation, _ in ENDPOINTS):
        components = Components()
        reply, event = answered(operation, NEWEST, components)
        pairs = (
            ("reply", _inlined(reply, components.schemas), published.reply(operation)),
            ("events", _payloads(event, components.schemas), published.event(operation)),
        )
        for within, ours, theirs in pairs:
            if ours is None:
                continue
            for one in [_EVERYTHING] if theirs is None else beyond(ours, theirs):
                yield Difference("sent", operation, within, "*", one.place, one.words)
            for one in () if theirs is None else _unsent(_each(theirs), _each(ours), ""):
                yield Difference("unsent", operation, within, "*", one.place, one.words)


def _each(schema: Schema) -> list[Schema]:
    found: list[Schema] = schema.get("anyOf", [schema])
    return found


def _unsent(theirs: Iterable[Schema], ours: Iterable[Schema], place: str) -> Iterator[Beyond]:
    """Yield the fields and the listed values of theirs that none of ours has; bounds are no concern of a reader's."""
    sent = list(ours)
    values = dict.fromkeys(value for each in theirs for value in each.get("enum", ()))
    yield from (Beyond(place, json.dumps(value)) for value in values if not any(fits(value, each) for each in sent))
    fields: dict[str, list[Schema]] = {}
    for each in theirs:
        for name, schema in each.get("properties", {}).items():
            fields.setdefault(name, []).extend(_each(schema))
        if "items" in each:
            inner = [one for mine in sent if "items" in mine for one in _each(mine["items"])]
            yield from _unsent(_each(each["items"]), inner, f"{place}[]")
    for name, schemas in fields.items():
        here = f"{place}.{name}" if place else name
        known = [one for mine in sent if name in mine.get("properties", {}) for one in _each(mine["properties"][name])]
        yield from _unsent(schemas, known, here) if known else (Beyond(here, FIELD),)


def _payloads(event: Schema | None, components: Mapping[str, Any]) -> Schema | None:
    """Return what the data of events is."""
    if event is None:
        return None
    return {"anyOf": [each["properties"]["data"]["contentSchema"] for each in _inlined(event, components)["anyOf"]]}


def _inlined(node: Any, components: Mapping[str, Any]) -> Any:  # noqa: ANN401 - parsed JSON
    if isinstance(node, dict):
        if "$ref" in node:
            return _inlined(components[node["$ref"].rpartition("/")[2]], components)
        return {key: _inlined(value, components) for key, value in node.items()}
    return [_inlined(each, components) for each in node] if isinstance(node, list) else node


def explained(family: Family, theirs: Schema) -> bool:
    """Return whether it is proved that a family without its differences is within their object.

    The differences are found parameter by parameter; this is what says that none was overlooked.
    """
    narrowed = family.schema()
    for one in beyond(narrowed, theirs):
        param = one.place.partition(".")[0].partition("[")[0]
        if one.words == ABSENCE:
            narrowed["required"] = [*narrowed["required"], param]
        elif one.words == FIELD and one.place == param:
            narrowed["properties"].pop(param, None)
        elif param in narrowed["properties"]:
            narrowed["properties"][param] = theirs["properties"][param]
    return contained(narrowed, theirs)
