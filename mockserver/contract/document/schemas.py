"""One parameter's rule as JSON Schema 2020-12: what a request may say, in JSON or in a form."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, Any, Final

from mockserver.rules import AnyText, Anything, Flag, OneOf, Text, Whole
from mockserver.uploads import LONGEST_URL, MOST_PICTURES, Files, MaskFile, MaskReference, References

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mockserver.rules import Rule

    Schema = dict[str, Any]

FILE: Final = {"type": "string", "format": "binary"}
"""A file part of a form; that it holds a picture is judged once it is opened."""

_URL: Final[Schema] = {"type": "string", "pattern": "^(?:https?://|data:[^,]*,)", "maxLength": LONGEST_URL}


def _only(named: str, told: Schema, other: str) -> Schema:
    return {
        "type": "object",
        "properties": {named: told, other: {"type": "null"}},
        "required": [named],
        "additionalProperties": False,
    }


REFERENCE: Final[Schema] = {
    "anyOf": [_only("image_url", _URL, "file_id"), _only("file_id", {"type": "string"}, "image_url")]
}
"""What stands for a picture in JSON; that it names one is judged once it is opened."""


def schema(rule: Rule) -> Schema:
    """Return what a rule allows in JSON, null included where it means the same as absent."""
    told = _schema(rule)
    return or_null(told) if rule.nullable else told


def form_schema(rule: Rule) -> Schema:
    """Return what a rule allows in a form, where a value is what its text means, and nothing means null.

    A parameter that nobody looks at is text there. Files are described as a client holds them: one, or a list.
    """
    return {"type": "string"} if isinstance(rule, Anything) else _schema(rule)


def one_of(values: Sequence[object]) -> Schema:
    """Return the schema of a list of strings, booleans and null, with the types that they have."""
    names = {str: "string", bool: "boolean", type(None): "null"}
    types = list(dict.fromkeys(names[type(value)] for value in values))
    return {"type": types[0] if len(types) == 1 else types, "enum": list(values)}


def within(values: Collection[object]) -> Schema:
    """Return the schema of a tuple of values, or of a range of integers."""
    if isinstance(values, range):
        return {"type": "integer", "minimum": values.start, "maximum": values.stop - 1}
    return one_of(list(values))


def without(told: Schema, values: Collection[object]) -> Schema | None:
    """Return a schema of `one_of` less some values, or None where nothing is left."""
    left = [value for value in told["enum"] if value not in values]
    return one_of(left) if left else None


def or_null(told: Schema) -> Schema:
    """Return a schema that allows null too."""
    if "anyOf" in told:
        return {"anyOf": [*told["anyOf"], {"type": "null"}]}
    if "enum" in told:
        return one_of([*told["enum"], None])
    return {**told, "type": [told["type"], "null"]} if told else told


@singledispatch
def _schema(rule: Rule) -> Schema:
    raise TypeError(rule)


@_schema.register(Text)
def _(rule: Text) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": rule.longest}


@_schema.register(AnyText)
def _(_rule: AnyText) -> Schema:
    return {"type": "string"}


@_schema.register(Whole)
def _(rule: Whole) -> Schema:
    return {"type": "integer", "minimum": rule.low, "maximum": rule.high}


@_schema.register(OneOf)
def _(rule: OneOf) -> Schema:
    return one_of(rule.values)


@_schema.register(Flag)
def _(_rule: Flag) -> Schema:
    return {"type": "boolean"}


@_schema.register(Anything)
def _(_rule: Anything) -> Schema:
    return {}


@_schema.register(Files)
def _(rule: Files) -> Schema:
    if rule.most == 1:
        return FILE
    return {"anyOf": [FILE, {"type": "array", "items": FILE, "minItems": 1, "maxItems": rule.most}]}


@_schema.register(MaskFile)
def _(_rule: MaskFile) -> Schema:
    return FILE


@_schema.register(References)
def _(_rule: References) -> Schema:
    return {"type": "array", "items": REFERENCE, "minItems": 1, "maxItems": MOST_PICTURES}


@_schema.register(MaskReference)
def _(_rule: MaskReference) -> Schema:
    return REFERENCE
