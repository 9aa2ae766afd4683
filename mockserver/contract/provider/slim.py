"""The least that a family takes, and what each of its parameters may be, one by one."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any, Final

from mockserver.contract.provider import oracle, samples
from mockserver.contract.provider.defects import types
from mockserver.contract.provider.facet import closed
from mockserver.contract.provider.sizes import right_sizes
from mockserver.rules import dimensions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mockserver.contract.document.families import Family
    from mockserver.contract.provider.defects import Schema

LEAST: Final[Mapping[str, object]] = {
    "prompt": "a cat",
    "image": "alpha",
    "images": [samples.REFERENCES["data-alpha"]],
}
"""A right value for each parameter that somebody wants."""


def least(family: Family) -> dict[str, object]:
    """Return the smallest body that a family takes."""
    named = {} if family.operation == "variations" else {"model": family.name}
    return named | {param: LEAST[param] for param in family.required}


def small(family: Family) -> dict[str, object]:
    """Return the smallest body with the smallest pictures, which cost the least time."""
    sizes = [word for word, _ in members(family, "size") if word[:1].isdigit()]
    smallest = min(sizes, key=lambda size: math.prod(dimensions(size)))
    return least(family) | {"size": smallest}


def exactly(body: Mapping[str, object], **schemas: object) -> dict[str, Any]:
    """Return the schema of a body, but for some parameters that have schemas of their own."""
    return closed(**{**{param: {"const": value} for param, value in body.items()}, **schemas})


def members(family: Family, param: str) -> Iterator[tuple[str, object]]:
    """Yield values that a parameter may have, each with a word for it: every one of a list, both ends of a range."""
    schema = family.parameters[param]
    if param in oracle.PICTURES:
        yield from (_references if family.media == "json" else _files)(family, param)
        return
    for keyword, listed in _MEMBERS.items():
        if keyword in schema:
            yield from listed(family, schema)
            break
    else:
        yield from _FLAGS.items() if "boolean" in types(schema)[:1] else _anything(family)
    if "null" in types(schema) and family.media == "json" and "enum" not in schema:
        yield "null", None


_FLAGS: Final = {"true": True, "false": False}
_MANY: Final = 4
"""From how many integers on only those at the ends are tried."""


def _listed(_: Family, schema: Schema) -> Iterator[tuple[str, object]]:
    yield from (("null" if value is None else str(value), value) for value in schema["enum"])


def _sizes(family: Family, _: Schema) -> Iterator[tuple[str, object]]:
    pixels = oracle.ROWS[family.name].pixels
    yield from ((size, size) for size in ("auto", *(right_sizes(pixels) if pixels else ())))


def _whole(family: Family, schema: Schema) -> Iterator[tuple[str, object]]:
    low, high = schema["minimum"], schema["maximum"]
    numbers = sorted({low, low + 1, high}) if high - low > _MANY else range(low, high + 1)
    yield from ((str(number), number) for number in numbers)
    if family.media == "json":
        yield "float", float(high)


def _texts(_: Family, schema: Schema) -> Iterator[tuple[str, object]]:
    yield from texts(schema["maxLength"])


_MEMBERS: Final[Mapping[str, Callable[[Family, Schema], Iterator[tuple[str, object]]]]] = {
    "enum": _listed,
    "pattern": _sizes,
    "maximum": _whole,
    "maxLength": _texts,
}
"""Keyword to the members of a schema that has it."""


def texts(longest: int) -> Iterator[tuple[str, str]]:
    """Yield strings of up to `longest` characters that something might trip over."""
    yield from (("one", "x"), ("space", " "), ("quotes", "\"\\'</{}%s"), ("lines", "a\nb\r\nc\u2028d\x85e"))
    yield from (
        ("nul", "a\x00b"),
        ("controls", "\x01\x1f\x7f"),
        ("bidi", "\u05d0\u202e\u0645\u2066b"),
        ("bom", "\ufeffcat"),
    )
    yield from (("longest", "x" * longest), ("emoji", "\U0001f98a" * longest), ("combining", "e\u0301" * 100))


def _anything(family: Family) -> Iterator[tuple[str, object]]:
    yield "text", "user-1"
    if family.media == "json":
        yield from (("number", 123), ("flag", False), ("list", []), ("object", {"a": [None]}))


def _references(_: Family, param: str) -> Iterator[tuple[str, object]]:
    if param == "mask":
        yield from (("mask", {"image_url": samples.data_url("mask")}), ("null", None))
        return
    yield from ((name, [value]) for name, value in samples.REFERENCES.items() if not samples.is_refused(name))
    yield "sixteen", [samples.REFERENCES["data-jpg"]] * 16


def _files(family: Family, param: str) -> Iterator[tuple[str, object]]:
    names = samples.MASKS if param == "mask" else samples.IMAGES
    looks = oracle.stack(family)
    yield from ((name, name) for name in names if samples.refused(param, param, name, looks) is None)
    if param == "image" and looks == "newer":
        yield from (("list", ["png"]), ("two", ["png", "jpg"]), ("sixteen", ["webp"] * 16))


def repaired(family: Family, body: dict[str, object]) -> dict[str, object] | None:
    """Return a body with the fewest other parameters that make it fine, or None where nothing does.

    `partial_images: 1` alone is refused, and fine beside `stream: true`.
    """
    if not _refused(family, body):
        return body
    related = {
        param: [value for _, value in members(family, param)]
        for rule in family.dependent
        if rule.schema["properties"].keys() & body.keys()
        for param in rule.schema["properties"]
        if param not in body
    }
    for count in range(1, len(related) + 1):
        for params in itertools.combinations(related, count):
            for values in itertools.product(*(related[param] for param in params)):
                tried = {**body, **dict(zip(params, values, strict=True))}
                if not _refused(family, tried):
                    return tried
    return None


def _refused(family: Family, body: Mapping[str, object]) -> bool:
    return any(oracle.refusals(family, body))
