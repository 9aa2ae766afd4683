"""What must come of a request, worked out from the contract: every refusal that it earns, or the reply that is due.

A body is symbolic: JSON as it is sent, and of a form what each text means, with files by the names of `samples`.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from mockserver.contract.document.families import families
from mockserver.contract.provider import samples
from mockserver.contract.provider.defects import BOOLEAN_TEXT, INTEGER_TEXT, Defect, defects, fits, types
from mockserver.contract.provider.expected import USER, Granted, Refused
from mockserver.models import DEFAULT_EDIT_MODEL, DEFAULT_GPT_MODEL, DEFAULT_MODEL, GPT_ONLY, MODELS
from mockserver.uploads import MOST_PICTURES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mockserver.contract.document.families import Family, Media, Operation
    from mockserver.models import Model

    Body = Mapping[str, Any]

PICTURES: Final = ("image", "images", "mask")
"""Parameters that name pictures."""

ROWS: Final = dict(MODELS)
"""The rows as they stood when this was loaded: whoever changes the server's table does not change what is due."""


@cache
def known(operation: Operation, media: Media) -> tuple[Family, ...]:
    """Return the families of an endpoint as they stood when they were first asked for."""
    return families(operation, media)


def expected(operation: Operation, media: Media, body: Body) -> Granted | tuple[Refused, ...]:
    """Return what is due to a body; of several refusals any may be told."""
    meant = family_of(operation, media, body)
    if isinstance(meant, Refused):
        return (meant,)
    said = _read(meant, body) if media == "form" else body
    return tuple(refusals(meant, said)) or granted(meant, said)


def _read(family: Family, body: Body) -> Body:
    """Return a form whose texts are read as what their parameters are."""
    kinds = {param: types(family.parameters[param]) for param in body if param in family.parameters}
    return {
        param: value if param in PICTURES else said(value, kinds.get(param, ("string",)))
        for param, value in body.items()
    }


def said(value: object, kinds: tuple[str, ...]) -> object:
    """Return what the text of a form's value means to a parameter of these types; the text where it means nothing."""
    text = as_text(value)
    if "integer" in kinds and re.fullmatch(INTEGER_TEXT, text):
        return int(text)
    if kinds == ("boolean",) and re.fullmatch(BOOLEAN_TEXT, text):
        return text.lower() == "true"
    return text


def as_text(value: object) -> str:
    """Return a value as a form says it."""
    return value if isinstance(value, str) else json.dumps(value)


def family_of(operation: Operation, media: Media, body: Body) -> Family | Refused:
    """Return the family that a body means, or how its model is refused."""
    there = known(operation, media)
    if operation == "variations":
        return there[0]
    name = body.get("model", _default(operation, body).id)
    name = name if media == "json" else as_text(name)
    if not isinstance(name, str):
        return Refused("model", "invalid_type")
    for family in there:
        if name in family.models:
            return family
    if name not in ROWS:
        return Refused("model", "invalid_value", USER)
    in_forms = any(name in family.models for family in known(operation, "form"))
    return Refused(None, "unsupported_content_type") if in_forms else Refused("model", "invalid_value")


def _default(operation: Operation, body: Body) -> Model:
    if operation == "edits":
        return DEFAULT_EDIT_MODEL
    return DEFAULT_MODEL if GPT_ONLY.isdisjoint(body) else DEFAULT_GPT_MODEL


def refusals(family: Family, body: Body) -> Iterator[Refused]:
    """Yield every refusal that a body of this family earns: none where it is fine."""
    for param in body:
        if param == other_spelling(family):
            yield Refused(param, "invalid_value")
        elif param not in family.parameters and param != "model":
            yield _worded(family, param, "unknown_parameter")
    missing = [param for param in family.required if body.get(param, []) == [] and param not in _given(family, body)]
    yield from (_worded(family, param, "missing_required_parameter") for param in missing)
    for param, value in body.items():
        if param in family.parameters:
            yield from value_refusals(family, param, value)
    plain = {param: value for param, value in body.items() if param not in PICTURES}
    for rule in family.dependent:
        if fits(rule.schema, plain):
            yield Refused(rule.param, rule.code, USER)


def other_spelling(family: Family) -> str | None:
    """Return what an edit's pictures are called in the other kind of body; None where there is no other."""
    return ("images" if family.media == "form" else "image") if family.operation == "edits" else None


def _given(family: Family, body: Body) -> set[str]:
    """Return what a body gives; an empty list of parts leaves no trace in a form."""
    return {param for param, value in body.items() if family.media == "json" or value != []}


def value_refusals(family: Family, param: str, value: object) -> Iterator[Refused]:
    """Yield the refusals that one value earns."""
    if param in PICTURES and family.media == "form":
        yield from _file_refusals(family, param, value)
    elif param in PICTURES:
        yield from _reference_refusals(family, param, value)
    else:
        yield from (defect.refused for defect in defects_of(family, param) if defect.of(value))


@cache
def _defects(operation: Operation, media: Media, name: str, param: str) -> tuple[Defect, ...]:
    [family] = [one for one in known(operation, media) if one.name == name]
    found = defects(param, family.parameters[param], media)
    if operation == "variations":
        return tuple(Defect(one.name, one.values, _legacy(param), one.samples) for one in found)
    return tuple(found)


def defects_of(family: Family, param: str) -> tuple[Defect, ...]:
    """Return what a parameter of a family must not be."""
    return () if param in PICTURES else _defects(family.operation, family.media, family.name, param)


def _legacy(param: str) -> Refused:
    return Refused(None, None, says=f"'{param}'")


def _worded(family: Family, param: str, code: str) -> Refused:
    return _legacy(param) if family.operation == "variations" else Refused(param, code)


def stack(family: Family) -> samples.Stack:
    """Return who looks at the pictures of a family's forms."""
    if family.operation == "variations":
        return "variation"
    return "legacy" if ROWS[family.name].files else "newer"


def _file_refusals(family: Family, param: str, value: object) -> Iterator[Refused]:
    looks = stack(family)
    if isinstance(value, list):
        several = _several_refused(param, len(value), looks)
        names = {} if several else {f"{param}[{place}]": name for place, name in enumerate(value)}
        yield from (refused for refused in [several] if refused)
    else:
        names = {param: value}
    for place, name in names.items():
        refused = samples.refused(param, place, str(name), looks)
        if refused:
            yield refused


def _several_refused(param: str, count: int, looks: samples.Stack) -> Refused | None:
    """Return how the array spelling is refused, or too many of it."""
    if looks == "variation":
        return Refused(None, "invalid_image_format", says="must be a PNG")
    if looks == "legacy" or param == "mask":
        return Refused(param, "invalid_type")
    return Refused(param, "array_above_max_length") if count > MOST_PICTURES else None


def _reference_refusals(family: Family, param: str, value: object) -> Iterator[Refused]:
    if param == "mask":
        if value is not None:
            yield from samples.reference_refusals(param, value)
        return
    if not isinstance(value, list):
        yield Refused(param, "invalid_type")
        return
    schema = family.parameters[param]
    if len(value) < schema["minItems"]:
        yield Refused(param, "empty_array")
    if len(value) > schema["maxItems"]:
        yield Refused(param, "array_above_max_length")
    for place, one in enumerate(value):
        yield from samples.reference_refusals(f"{param}[{place}]", one)


def granted(family: Family, body: Body) -> Granted:
    """Return the reply that is due to a body which is fine."""
    row = ROWS[family.name]
    if family.operation != "variations":
        row = ROWS[body.get("model", _default(family.operation, body).id)]
    values = {**row.defaults, **{param: value for param, value in body.items() if value is not None}}
    quality = row.auto_quality if values["quality"] == "auto" else values["quality"]
    return Granted(
        event="image_edit" if family.operation == "edits" else "image_generation",
        pictures=int(values["n"]),
        by_url=values.get("response_format") == "url",
        format=values.get("output_format", "png"),
        transparent=values.get("background") == "transparent",
        sizes=_sizes(family, row, str(values["size"])),
        quality=quality if row.tokens else None,
        partials=int(values["partial_images"]) if values.get("stream") else None,
        generation_ids=row.generation_ids,
        revises_prompt=row.revises_prompt,
    )


def _sizes(family: Family, row: Model, size: str) -> tuple[str, ...]:
    if size != "auto":
        return (size,)
    return () if row.pixels and family.operation == "edits" else row.auto_sizes
