"""Facets that must be refused: each rule broken alone, in a request that is otherwise the least that there is."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Final

from mockserver.contract.provider import oracle, samples
from mockserver.contract.provider.accept import place
from mockserver.contract.provider.expected import USER, Refused
from mockserver.contract.provider.facet import Facet, closed
from mockserver.contract.provider.sizes import wrong_sizes
from mockserver.contract.provider.slim import LEAST, exactly, least

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mockserver.contract.document.families import Family, Media, Operation
    from mockserver.contract.provider.defects import Defect

UNKNOWN: Final = ("steps", "Prompt", "negative_prompt", "prompt ")
"""Parameters that nobody knows."""


def reject_facets(family: Family) -> Iterator[Facet]:
    """Yield the facets that a family must refuse."""
    yield from _missing(family)
    yield from _unknown(family)
    for param in family.parameters:
        if param in oracle.PICTURES:
            yield from _pictures(family, param)
        elif param != "model":
            yield from _values(family, param)
    yield from _dependent(family)


def _facet(family: Family, rule: str, schema: dict[str, Any], refused: Refused, about: Sequence[str]) -> Facet:
    models = family.models[1:] if "model" in schema["properties"] else ()
    name = f"reject/{place(family)}/{rule}"
    return Facet(name, family.operation, family.media, schema, frozenset(about), refused, models)


def _only(family: Family, rule: str, body: Mapping[str, object], about: Sequence[str]) -> Facet:
    """Return the facet of one body that is refused for one reason."""
    [refused] = set(oracle.refusals(family, body))
    return _facet(family, rule, exactly(body), refused, about)


def _missing(family: Family) -> Iterator[Facet]:
    for param in family.required:
        body = {name: value for name, value in least(family).items() if name != param}
        yield _only(family, f"{param}:missing", body, (param,))


def _unknown(family: Family) -> Iterator[Facet]:
    """Yield the facets of what the family does not know, and others do; null counts as present."""
    others = [other for operation in ("generations", "edits") for other in oracle.known(operation, "json")]
    foreign = {param: other.parameters[param] for other in others for param in other.parameters}
    spelt = oracle.other_spelling(family)
    for param, schema in {**foreign, **{name: {"type": "string"} for name in UNKNOWN}}.items():
        if param in family.parameters or param == spelt:
            continue
        value = {"const": LEAST[param]} if param in LEAST else _plain(schema, family.media)
        [refused] = set(oracle.refusals(family, {**least(family), param: None}))
        yield _facet(family, f"{param}:unknown", exactly(least(family), **{param: value}), refused, (param,))
    if spelt:
        yield _only(family, f"{spelt}:other-spelling", {**least(family), spelt: "alpha"}, (spelt,))


def _plain(schema: Mapping[str, Any], media: Media) -> Mapping[str, Any]:
    """Return what a foreign parameter is given: what its own family takes."""
    if media == "json" and "pattern" not in schema and "properties" not in schema:
        return schema
    return {"enum": [*(value for value in schema.get("enum", ()) if value is not None), "1"]}


def _values(family: Family, param: str) -> Iterator[Facet]:
    for defect in oracle.defects_of(family, param):
        schema = {"enum": drawn} if (drawn := _drawn(family, param, defect)) else defect.values
        yield _facet(
            family, f"{param}:{defect.name}", exactly(least(family), **{param: schema}), defect.refused, (param,)
        )


def _drawn(family: Family, param: str, defect: Defect) -> list[object]:
    """Return the values to draw from, where the interesting ones are known."""
    pixels = oracle.ROWS[family.name].pixels
    if defect.name == "pattern" and pixels:
        return list(wrong_sizes(pixels))
    if defect.name == "enum":
        return list(_strangers(family, param))
    return list(defect.samples)


def _strangers(family: Family, param: str) -> Iterator[str]:
    """Yield strings that are not on a list: what other families have there, and misspellings of what is."""
    own = [value for value in family.parameters[param]["enum"] if isinstance(value, str)]
    every = [other for operation in ("generations", "edits") for other in oracle.known(operation, "json")]
    others = [value for other in every for value in other.parameters.get(param, {}).get("enum", ())]
    misspelt = ["", "AAA", "null", *(spelt for value in own for spelt in (value.upper(), f"{value} ", value[:-1]))]
    yield from dict.fromkeys(value for value in (*others, *misspelt) if isinstance(value, str) and value not in own)


def _dependent(family: Family) -> Iterator[Facet]:
    for rule in family.dependent:
        schemas = rule.schema["properties"]
        schema = exactly(least(family), **schemas)
        schema["required"] = [*least(family), *rule.schema["required"]]
        yield _facet(family, rule.id, schema, Refused(rule.param, rule.code, USER), tuple(schemas))


def _pictures(family: Family, param: str) -> Iterator[Facet]:
    values = (_files if family.media == "form" else _references)(family, param)
    for word, value in values:
        body = {**least(family), param: value}
        if any(oracle.refusals(family, body)):
            yield _only(family, f"{param}:{word}", body, (param,))
    if family.media == "json" and param == "images":
        wrong = {"type": ["boolean", "number", "string", "object", "null"]}
        schema = exactly(least(family), images=wrong)
        yield _facet(family, "images:type", schema, Refused("images", "invalid_type"), ("images",))


def _files(_: Family, param: str) -> Iterator[tuple[str, object]]:
    names = samples.MASKS if param == "mask" else samples.IMAGES
    yield from ((name, name) for name in names)
    good = "mask" if param == "mask" else "alpha"
    yield from (("list", [good]), ("seventeen", [good] * 17))
    if param == "image":
        yield from (("second-is-text", ["png", "text"]), ("second-is-broken", ["png", "not-an-image"]))
        yield "second-is-octet-stream", ["png", "octet-stream"]


def _references(_: Family, param: str) -> Iterator[tuple[str, object]]:
    if param == "mask":
        images = {"cmyk", "two-frames"}  # of a mask nobody looks at the mode, only at alpha
        yield from ((name, value) for name, value in samples.REFERENCES.items() if name not in images)
        return
    yield from ((name, [value]) for name, value in samples.REFERENCES.items())
    good = samples.REFERENCES["data-alpha"]
    yield from (("empty", []), ("seventeen", [good] * 17), ("second-is-nothing", [good, {}]))


def model_facets(operation: Operation, media: Media) -> Iterator[Facet]:
    """Yield the facets of `model` at an endpoint: what is no name, and names that it does not serve."""
    family = oracle.known(operation, media)[-1]
    rest = {param: value for param, value in least(family).items() if param != "model"}
    form = "-form" if operation == "edits" and media == "form" else ""
    names: list[object] = ["", "gpt-image", "gpt-4o", f"{family.name.upper()}", f"{family.name} ", *oracle.ROWS]
    if media == "json":
        names += [None, 7, True, ["gpt-image-1"], {}]
    for name, due in itertools.chain((name, oracle.family_of(operation, media, {"model": name})) for name in names):
        if isinstance(due, Refused):
            facet_id = f"reject/{operation}{form}/model:{name!r}"
            schema = closed(model={"const": name}, **{param: {"const": value} for param, value in rest.items()})
            yield Facet(facet_id, operation, media, schema, frozenset({"model"}), due)
