"""What one schema takes and another does not, place by place, in words that a person reads and a list can hold."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mockserver.contract.document.proofs import contained, fits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Schema = Mapping[str, Any]

FIELD: Final = "the field"
ABSENCE: Final = "its absence"

_ANY: Final = ("null", "boolean", "integer", "number", "string", "array", "object")

_PLAIN: Final = {"type", "properties", "required", "additionalProperties"}
"""Keywords of an object whose fields know nothing of each other: field by field is proof enough, and faster."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """One thing that the narrower schema does not take."""

    place: str
    """Where in the value, such as `images[].file_id`; empty for the value itself."""

    words: str
    """Which values: one in JSON, or several, such as `integers above 10`."""


def beyond(ours: Schema, theirs: Schema, place: str = "") -> list[Beyond]:
    """Return what `ours` takes beyond `theirs`; nothing where it is proved that there is no such thing."""
    if "properties" in ours and theirs.keys() == _PLAIN:
        return _objects(ours, theirs, place)
    if contained(ours, theirs):
        return []
    found: list[Beyond] = []
    for each in _alternatives(ours):
        if not contained(each, theirs):
            found += [one for one in _of_one(each, theirs, place) if one not in found]
    return found


def _alternatives(schema: Schema) -> Iterator[Schema]:
    """Yield the schema as several of one type each."""
    if "anyOf" in schema and "properties" not in schema:
        for each in schema["anyOf"]:
            yield from _alternatives(each)
        return
    if "anyOf" in schema:
        yield from _choices(schema)
        return
    types = schema.get("type", _ANY)
    if isinstance(types, str) or "enum" in schema:
        yield schema
        return
    for name in types:
        if not (name == "integer" and "number" in types):
            yield {**schema, "type": name}


def _choices(schema: Schema) -> Iterator[Schema]:
    """Yield an object once for each set of fields of which it wants one, without those that must not stand beside."""
    own = {key: value for key, value in schema.items() if key not in {"anyOf", "not"}}
    for choice in schema["anyOf"]:
        required = [*schema.get("required", ()), *choice.get("required", ())]
        left = [name for name in schema.get("not", {}).get("required", ()) if name not in required]
        closed: dict[str, Schema] = {name: {"not": {}} for name in left} if len(left) == 1 else {}
        yield {**own, "required": required, "properties": {**schema["properties"], **closed}}


def _of_one(ours: Schema, theirs: Schema, place: str) -> list[Beyond]:
    """Return what is beyond in a schema of one type."""
    if "enum" in ours:
        return [Beyond(place, json.dumps(value)) for value in ours["enum"] if not fits(value, theirs)]
    same = [each for each in _alternatives(theirs) if _type(each) == _type(ours)]
    if not same:
        return [Beyond(place, _all_of(ours))]
    tried = [_SAME[_type(ours)](ours, each, place) for each in same]
    return min(tried, key=len) or [Beyond(place, _all_of(ours))]


def _type(schema: Schema) -> str:
    name = schema.get("type")
    if isinstance(name, str):
        return name
    return "string" if "enum" in schema else "object" if "properties" in schema else ""


def _all_of(schema: Schema) -> str:
    """Say what a schema of one type takes."""
    name = _type(schema)
    if "description" in schema:
        return str(schema["description"])
    if "pattern" in schema:
        return f"text like {schema['pattern']}"
    return {"null": "null", "string": "any text", "array": "any array", "object": "any object"}.get(name, f"any {name}")


def _objects(ours: Schema, theirs: Schema, place: str) -> list[Beyond]:
    known, within = theirs.get("properties", {}), f"{place}." if place else ""
    found = [
        Beyond(f"{within}{name}", ABSENCE)
        for name in theirs.get("required", ())
        if name not in ours.get("required", ())
    ]
    for name, schema in ours.get("properties", {}).items():
        if name not in known:
            found.append(Beyond(f"{within}{name}", FIELD))
        else:
            found += beyond(schema, known[name], f"{within}{name}")
    return found


def _arrays(ours: Schema, theirs: Schema, place: str) -> list[Beyond]:
    words = ("arrays of fewer than {}", "arrays of more than {}", "empty arrays")
    found = _bounds(ours, theirs, place, ("minItems", "maxItems"), words)
    return found + beyond(ours.get("items", {}), theirs.get("items", {}), f"{place}[]")


def _texts(ours: Schema, theirs: Schema, place: str) -> list[Beyond]:
    if "enum" in theirs:
        return [Beyond(place, _all_of(ours))]
    words = ("text of fewer than {} characters", "text of more than {} characters", "empty text")
    return _bounds(ours, theirs, place, ("minLength", "maxLength"), words)


def _numbers(ours: Schema, theirs: Schema, place: str) -> list[Beyond]:
    return _bounds(ours, theirs, place, ("minimum", "maximum"), ("numbers below {}", "numbers above {}", ""))


def _others(_ours: Schema, _theirs: Schema, _place: str) -> list[Beyond]:
    return []


def _bounds(
    ours: Schema, theirs: Schema, place: str, names: tuple[str, str], words: tuple[str, str, str]
) -> list[Beyond]:
    low, high = names
    fewer, more, none = words
    found = []
    if low in theirs and ours.get(low, float("-inf") if low == "minimum" else 0) < theirs[low]:
        found.append(Beyond(place, none if none and theirs[low] == 1 else fewer.format(theirs[low])))
    if high in theirs and ours.get(high, float("inf")) > theirs[high]:
        found.append(Beyond(place, more.format(theirs[high])))
    return found


_SAME: Final = {
    "object": _objects,
    "array": _arrays,
    "string": _texts,
    "integer": _numbers,
    "number": _numbers,
    "boolean": _others,
    "null": _others,
    "": _others,
}
