"""A family of models cut into plain objects, in each of which every value of a parameter goes with every other.

A rule across parameters (a stream carries one picture) can be kept by either parameter: one facet leaves the stream
out, the next one asks for one picture. So the enumeration of a facet meets all values, and none of them is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mockserver.contract.certify.lines import Can
    from mockserver.contract.document.families import Dependent, Family

    Schema = dict[str, Any]

_SIZES: Final = ("auto", "1024x1024", "1536x864", "848x848")
"""Of a model of free sizes: the square, a wide one, an odd one; the others would only take longer to draw."""


def facets(family: Family, can: Can, pinned: Mapping[str, Schema | None], *, nulls: bool) -> list[Schema]:
    """Return closed objects without rules across their parameters, all of which the family takes.

    Args:
        family: whose rules hold.
        can: what a caller of the client can say; nothing else is in them.
        pinned: parameters that get another schema and must be there, or (None) must not.
        nulls: whether null is said, which means the same as nothing.
    """
    known = {name: _plain(told, nulls=nulls) for name, told in family.parameters.items()}
    known["model"] = {"enum": [model for model in family.models if can.models is None or model in can.models]}
    required = {*family.required, *(("model",) if family.named_by or can.models is not None else ())}
    ways = max((len(rule.schema["properties"]) for rule in family.dependent), default=1)
    found: list[Schema] = []
    for way in range(ways):
        facet = _Facet(known, required)
        facet.pin(pinned)
        sayable = facet.drop(can.params) and all(facet.keep(rule, way) for rule in family.dependent)
        if sayable and facet.schema() not in found:
            found.append(facet.schema())
    return found


class _Facet:
    """Properties and required names, narrowed step by step."""

    def __init__(self, properties: Mapping[str, Schema], required: set[str]) -> None:
        self.properties = dict(properties)
        self.required = set(required)

    def schema(self) -> Schema:
        return {
            "type": "object",
            "properties": self.properties,
            "required": sorted(self.required),
            "additionalProperties": False,
        }

    def pin(self, pinned: Mapping[str, Schema | None]) -> None:
        for name, told in pinned.items():
            self.properties.pop(name, None)
            self.required.discard(name)
            if told is not None:
                self.properties[name] = told
                self.required.add(name)

    def drop(self, said: frozenset[str] | None) -> bool:
        """Take out what cannot be said; return whether what is left is enough."""
        for name, told in list(self.properties.items()):
            if told == {"enum": []} or (said is not None and name not in {*said, "image"}):
                del self.properties[name]
        return self.required <= self.properties.keys()

    def keep(self, rule: Dependent, way: int) -> bool:
        """Narrow one parameter so that the rule is kept whatever the others are; return whether that can be."""
        forbidden = list(rule.schema["properties"].items())
        for turn in range(len(forbidden)):
            name, values = forbidden[(way + turn) % len(forbidden)]
            if self._narrowed(name, values, absent=name in rule.schema["required"]):
                return True
        return False

    def _narrowed(self, name: str, values: Schema, *, absent: bool) -> bool:
        """Take values from a parameter; `absent` tells whether the rule is kept where it is not there."""
        if name not in self.properties:
            return absent
        left = _without(self.properties[name], values)
        if left is None:
            if not absent or name in self.required:
                return False
            del self.properties[name]
            return True
        self.properties[name] = left
        if not absent:
            self.required.add(name)
        return True


def _without(told: Schema, values: Schema) -> Schema | None:
    """Return a schema less the values of another one, or None where nothing is left."""
    if "enum" in told:
        left = [value for value in told["enum"] if not _within(value, values)]
        return {"enum": left} if left else None
    low, high = told["minimum"], told["maximum"]
    if values["minimum"] <= low:
        low = max(low, values["maximum"] + 1)
    else:
        high = min(high, values["minimum"] - 1)
    return {**told, "minimum": low, "maximum": high} if low <= high else None


def _within(value: object, values: Schema) -> bool:
    """Return whether a value is among those of an enumeration, as JSON tells them apart."""
    return any(type(one) is type(value) and one == value for one in values.get("enum", ()))


def _plain(told: Schema, *, nulls: bool) -> Schema:
    """Return a parameter's schema with or without null: booleans as a list, free sizes as a few, anything as text."""
    kinds = told.get("type", ["string", "null"])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    null = [None] if nulls and "null" in kinds else []
    if "pattern" in told:
        return {"enum": [*(size for size in _SIZES if re.search(told["pattern"], size)), *null]}
    if "enum" in told:
        return {"enum": [*(value for value in told["enum"] if value is not None), *null]}
    if "boolean" in kinds:
        return {"enum": [True, False, *null]}
    kept = [kind for kind in kinds if kind != "null" or nulls]
    return {**told, "type": kept[0] if len(kept) == 1 else kept}
