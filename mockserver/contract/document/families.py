"""Models that one endpoint judges alike, and what it judges: computed from the rule table, row by row.

A model's name is never asked for. Rows with equal rules, flags and defaults that matter come out as one family, named
after the first of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from mockserver.apis import NEWEST, Api
from mockserver.clashes import CLASHES
from mockserver.contract.document.schemas import FILE, form_schema, or_null, schema, within, without
from mockserver.contract.document.sizes import pattern, words
from mockserver.legacy import VARIATION
from mockserver.models import (
    DEFAULT_EDIT_MODEL,
    DEFAULT_GPT_MODEL,
    DEFAULT_MODEL,
    FORM_PICTURES,
    GPT_ONLY,
    JSON_PICTURES,
    LEGACY_PICTURES,
    models_of,
)
from mockserver.rules import OneOf, Whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mockserver.clashes import Clash
    from mockserver.models import Model
    from mockserver.rules import Rule

Operation = Literal["generations", "edits", "variations"]
Media = Literal["json", "form"]


@dataclass(frozen=True, slots=True)
class Dependent:
    """A rule across parameters, or of one that is known and not served: what the second stage refuses."""

    id: str
    """The rule that the refusal carries in `x-mock-rule`."""

    schema: dict[str, Any]
    """What must not hold: `properties` and `required` of the object. null counts as the default that it means."""

    param: str | None
    """What the refusal names, and its code."""

    code: str | None


@dataclass(frozen=True, slots=True)
class Family:
    """Models that one endpoint judges alike."""

    name: str
    """The first of its models."""

    operation: Operation
    media: Media
    models: tuple[str, ...]
    parameters: Mapping[str, dict[str, Any]]
    """Parameter to what the first stage allows (and to what sizes there are), `model` included, in JSON Schema."""

    required: tuple[str, ...]
    named_by: tuple[str, ...]
    """Parameters of which one must be there, null or not, for this family to be meant; empty for the default one."""

    dependent: tuple[Dependent, ...]
    defaults: Mapping[str, object]
    """What an omitted parameter means; `model` only where this family is meant without one."""

    def schema(self) -> dict[str, Any]:
        """Return the closed object of what is accepted, whatever stage judges it.

        All that must not hold stands in one `not`: where each rule had its own, schemathesis 4.32 tried one request of
        a family instead of fifty.
        """
        properties = {**self.parameters}
        forbidden = []
        for rule in self.dependent:
            refused = rule.schema["properties"]
            if len(refused) > 1:
                forbidden.append(rule.schema)
                continue
            for param, values in refused.items():
                left = without(properties.pop(param), values["enum"])
                properties |= {param: left} if left else {}
        several = len(self.named_by) > 1
        return {
            "type": "object",
            "properties": properties,
            "required": [*self.required, *(() if several else self.named_by)],
            "additionalProperties": False,
            **({"anyOf": [{"required": [param]} for param in self.named_by]} if several else {}),
            **({"not": {"anyOf": forbidden}} if forbidden else {}),
        }


def families(operation: Operation, media: Media = "json", api: Api = NEWEST) -> tuple[Family, ...]:
    """Return the families of an endpoint in one kind of body, in the order of the table; none where it reads no such.

    Values of a form are described as what its texts mean, and files as a client holds them: one, or a list.
    """
    rows = models_of(api).values()
    found: list[Family] = []
    for row in _FAMILIES.get((operation, media), _none)(rows, api):
        for place, family in enumerate(found):
            if _judged(family) == _judged(row):
                found[place] = _joined(family, row)
                break
        else:
            found.append(row)
    return tuple(found)


def _judged(family: Family) -> tuple[object, ...]:
    """Return all that two rows must share: everything but their names, and how they are meant without one."""
    parameters = {param: told for param, told in family.parameters.items() if param != "model"}
    defaults = {param: value for param, value in family.defaults.items() if param != "model"}
    return parameters, family.required, family.dependent, defaults


def _joined(family: Family, row: Family) -> Family:
    models = (*family.models, *row.models)
    named_by = family.named_by if len(family.named_by) != 1 else row.named_by
    return replace(
        family,
        models=models,
        named_by=named_by,
        parameters={**family.parameters, **_named(models)},
        defaults={**family.defaults, **row.defaults},
    )


def _named(models: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    return {"model": within(models)}


def _none(_rows: Iterable[Model], _api: Api) -> Iterable[Family]:
    return ()


def _generations(rows: Iterable[Model], _: Api) -> Iterable[Family]:
    for row in rows:
        named_by: tuple[str, ...] = ("model",)
        if row.id == DEFAULT_MODEL.id:
            named_by = ()
        elif row.id == DEFAULT_GPT_MODEL.id:
            named_by = ("model", *(param for param in row.generate if param in GPT_ONLY))
        yield _family(row, "generations", "json", row.generate, named_by)


def _edits(rows: Iterable[Model], api: Api) -> Iterable[Family]:
    for row in rows:
        if row.edit and not row.files and not api.azure:
            yield _edit(row, "json", JSON_PICTURES)


def _form_edits(rows: Iterable[Model], _: Api) -> Iterable[Family]:
    for row in rows:
        if row.edit:
            yield _edit(row, "form", LEGACY_PICTURES if row.files else FORM_PICTURES)


def _edit(row: Model, media: Media, pictures: Mapping[str, Rule]) -> Family:
    named_by = () if row.id == DEFAULT_EDIT_MODEL.id else ("model",)
    return _family(row, "edits", media, {"prompt": row.edit["prompt"], **pictures, **row.edit}, named_by)


def _variations(rows: Iterable[Model], _: Api) -> Iterable[Family]:
    """The legacy stack reads a form whatever the model's name, for as long as a model of its days is there."""
    for row in rows:
        if row.files:
            parameters = {VARIATION.file: FILE}
            parameters |= {param: form_schema(Whole(*bounds)) for param, bounds in VARIATION.whole.items()}
            parameters |= {param: form_schema(OneOf(values)) for param, values in VARIATION.lists.items()}
            parameters |= {param: {"type": "string"} for param in VARIATION.ignored}
            yield Family(
                name=row.id,
                operation="variations",
                media="form",
                models=(row.id,),
                parameters=parameters,
                required=(VARIATION.file,),
                named_by=(),
                dependent=(),
                defaults=_defaults(row, parameters, ()),
            )


_FAMILIES: Final = {
    ("generations", "json"): _generations,
    ("edits", "json"): _edits,
    ("edits", "form"): _form_edits,
    ("variations", "form"): _variations,
}


def _family(
    row: Model, operation: Operation, media: Media, rules: Mapping[str, Rule], named_by: tuple[str, ...]
) -> Family:
    said = schema if media == "json" else form_schema
    parameters = {**_named((row.id,)), **{param: said(rule) for param, rule in rules.items()}}
    if row.pixels:
        free = {"pattern": pattern(row.pixels, "auto"), "description": f"{words(row.pixels)}, or auto"}
        parameters["size"] = {**parameters["size"], **free}
    missing = "image" if media == "form" else ""  # told last of all that is missing, so no rule says it
    return Family(
        name=row.id,
        operation=operation,
        media=media,
        models=(row.id,),
        parameters=parameters,
        required=tuple(param for param, rule in rules.items() if rule.required or param == missing),
        named_by=named_by,
        dependent=tuple(
            _dependent(clash, row, media)
            for clash in CLASHES
            if clash.values.keys() <= rules.keys() and clash.applies(row)
        ),
        defaults=_defaults(row, parameters, named_by),
    )


def _defaults(row: Model, parameters: Mapping[str, object], named_by: tuple[str, ...]) -> dict[str, object]:
    told = {param: value for param, value in row.defaults.items() if param in parameters}
    return told if named_by == ("model",) else {"model": row.id, **told}


def _dependent(clash: Clash, row: Model, media: Media) -> Dependent:
    """Return a clash as a schema; a parameter whose default clashes need not be there."""
    properties, required = {}, []
    for param, values in clash.values.items():
        properties[param] = within(values)
        if row.defaults.get(param) not in values:
            required.append(param)
        elif media == "json":
            properties[param] = or_null(properties[param])
    refusal = clash.refusal(row)
    error = json.loads(refusal.body)["error"]
    return Dependent(refusal.rule, {"properties": properties, "required": required}, error["param"], error["code"])
