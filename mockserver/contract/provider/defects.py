"""What a parameter must not be: each keyword of its schema taken alone, with the refusal that it earns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from jsonschema_rs import Draft202012Validator

from mockserver.contract.provider.expected import USER, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mockserver.contract.document.families import Media

    Schema = Mapping[str, Any]

TYPES: Final = ("null", "boolean", "number", "string", "array", "object")

INTEGER_TEXT: Final = "^[+-]?[0-9]{1,1000}$"
BOOLEAN_TEXT: Final = "^(?:[tT][rR][uU][eE]|[fF][aA][lL][sS][eE])$"

_NO_INTEGERS: Final = ("", "two", "1.5", "1e0", "0x1", "--1", " 1", "\uff11", "null", "true", "[]")
_NO_BOOLEANS: Final = ("", "yes", "0", "1", "null", "truee", "on")


@dataclass(frozen=True, slots=True)
class Defect:
    """Values that a parameter must not have, for one reason."""

    name: str
    values: Schema
    """Exactly those values."""

    refused: Refused
    samples: tuple[object, ...] = ()
    """What to draw from instead, where the interesting ones are known."""

    def of(self, value: object) -> bool:
        """Return whether a value has it."""
        return fits(self.values, value)


def fits(schema: Schema, value: object) -> bool:
    """Return whether a value, JSON without NaN, fits a schema."""
    known = _VALIDATORS.get(id(schema))
    if known is None:
        known = _VALIDATORS[id(schema)] = (schema, Draft202012Validator(dict(schema)))
    return known[1].is_valid(value)


_VALIDATORS: Final[dict[int, tuple[Schema, Draft202012Validator]]] = {}
"""By identity: each schema is compiled once, and kept so that no other gets its identity."""


def defects(param: str, schema: Schema, media: Media) -> Iterator[Defect]:
    """Yield what is wrong with values outside `schema`; each of them has one of these defects, or several."""
    yield from (_type_defects if media == "json" else _text_defects)(param, schema)
    for keyword, code in _BOUNDS.items():
        if keyword in schema:
            yield Defect(keyword, _beyond(keyword, schema[keyword]), Refused(param, code))
    if "enum" in schema:
        texts = {"type": "string", "not": {"enum": [value for value in schema["enum"] if value is not None]}}
        if media == "json" or all(isinstance(value, str) for value in schema["enum"]):
            yield Defect("enum", texts, Refused(param, "invalid_value"))
    if "pattern" in schema:
        refused = Refused(param, "invalid_value", USER)
        yield Defect("pattern", {"type": "string", "not": {"pattern": schema["pattern"]}}, refused)


_BOUNDS: Final[Mapping[str, str]] = {
    "minimum": "integer_below_min_value",
    "maximum": "integer_above_max_value",
    "minLength": "empty_string",
    "maxLength": "string_above_max_length",
    "minItems": "empty_array",
    "maxItems": "array_above_max_length",
}
"""Keyword to the code of what lies beyond it."""


def _beyond(keyword: str, bound: int) -> Schema:
    step = 1 if keyword.startswith("max") else -1
    kind = {"imum": "integer", "Length": "string", "Items": "array"}[keyword[3:]]
    return {"type": kind, f"{'min' if step > 0 else 'max'}{keyword[3:]}": bound + step}


def types(schema: Schema) -> tuple[str, ...]:
    """Return the JSON types that a schema allows; all of them where it names none."""
    named = schema.get("type", TYPES)
    return (named,) if isinstance(named, str) else tuple(named)


def _type_defects(param: str, schema: Schema) -> Iterator[Defect]:
    allowed = types(schema)
    wrong = [kind for kind in TYPES if kind not in allowed and (kind, "integer") != ("number", *allowed[:1])]
    refused = Refused(param, "invalid_type")
    if "null" in wrong:
        yield Defect("null", {"type": "null"}, refused)
        wrong.remove("null")
    samples = [sample for kind in wrong for sample in _SAMPLES[kind]]
    if "integer" in allowed:
        fractions = {"type": "number", "not": {"type": "integer"}}
        yield Defect("type", {"anyOf": [{"type": wrong}, fractions]}, refused, (*samples, 0.5, 1.5, 1e-9))
    elif wrong:
        yield Defect("type", {"type": wrong}, refused, tuple(samples))


_SAMPLES: Final[Mapping[str, tuple[object, ...]]] = {
    "boolean": (True, False),
    "number": (0, 1, 0.5),
    "string": ("", "1", "true", "a"),
    "array": ([], [1], ["a"]),
    "object": ({}, {"a": 1}),
}
"""Type to values of it, among them those that loose code takes for something else."""


def _text_defects(param: str, schema: Schema) -> Iterator[Defect]:
    """Yield what is wrong with a text that is to mean an integer or a boolean."""
    refused = Refused(param, "invalid_type")
    if "integer" in types(schema):
        yield Defect("type", {"type": "string", "not": {"pattern": INTEGER_TEXT}}, refused, _NO_INTEGERS)
    if types(schema) == ("boolean",):
        yield Defect("type", {"type": "string", "not": {"pattern": BOOLEAN_TEXT}}, refused, _NO_BOOLEANS)
