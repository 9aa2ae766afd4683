"""From a mapping of parameters to accepted ones: every check, in the API's order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mockserver import errors
from mockserver.apis import NEWEST, Api
from mockserver.clashes import CLASHES
from mockserver.models import (
    DEFAULT_EDIT_MODEL,
    DEFAULT_GPT_MODEL,
    DEFAULT_MODEL,
    FORM_PICTURES,
    GPT_ONLY,
    JSON_PICTURES,
    LEGACY_PICTURES,
    Model,
    models_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mockserver.rules import Rule


@dataclass(frozen=True, slots=True)
class Accepted:
    """A request whose parameters are fine, and whose pictures have not been looked at yet."""

    model: Model
    values: Mapping[str, Any]
    operation: str = "generation"
    api: Api = NEWEST
    opened: bool = True
    """Whether the pictures that came in are looked at."""


def accept_generation(parameters: Mapping[str, object], api: Api = NEWEST) -> Accepted:
    """Return the generation that `parameters` ask for.

    Raises:
        ApiError: the first thing that is wrong, in the API's order: model, unknown parameters in body order, each
            value in the order of the model's row, then the second stage.
    """
    if "model" not in parameters and not GPT_ONLY.isdisjoint(parameters):
        model = find_model(parameters, DEFAULT_GPT_MODEL, api)
    else:
        model = find_model(parameters, DEFAULT_MODEL, api)
    return _accepted(model, model.generate, parameters, "generation", api)


def accept_edit(parameters: Mapping[str, object], *, form: bool, api: Api = NEWEST) -> Accepted:
    """Return the edit that `parameters` ask for; those of a `form` hold `Upload`s, those of JSON name pictures.

    Raises:
        ApiError: the first thing that is wrong; what names the pictures is judged after the prompt.
    """
    model = find_model(parameters, DEFAULT_EDIT_MODEL, api)
    if not model.edit:
        raise errors.value_not_supported("model", model.id, (DEFAULT_MODEL.id,))
    if (model.files or api.azure) and not form:
        raise errors.unsupported_content_type("application/json", "multipart/form-data")
    if form and "images" in parameters:
        raise errors.images_in_form()
    if not form and "image" in parameters:
        raise errors.image_in_json()
    named = JSON_PICTURES if not form else LEGACY_PICTURES if model.files else FORM_PICTURES
    prompt = {"prompt": model.edit["prompt"]}
    accepted = _accepted(model, {**prompt, **named, **model.edit}, parameters, "edit", api)
    if form and "image" not in parameters:  # told after a bad size (2026-08), unlike everything else that is missing
        raise errors.missing_parameter("image")
    return accepted


def from_form(rules: Mapping[str, Rule], fields: Mapping[str, object]) -> dict[str, object]:
    """Return the parameters of a form, each text as its rule reads it; names without a rule stay text.

    Raises:
        ApiError: a text cannot be read.
    """
    return {
        param: rules[param].from_text(param, value) if param in rules and isinstance(value, str) else value
        for param, value in fields.items()
    }


def find_model(parameters: Mapping[str, object], default: Model, api: Api = NEWEST) -> Model:
    """Return the row of the named model, or `default` where none is named, as the API knows them.

    Raises:
        ApiError: `model` is not a string, names no model of that API, or is missing when it was needed.
    """
    known = models_of(api)
    if "model" not in parameters:
        if default.id not in known:
            raise errors.missing_parameter("model")
        return known[default.id]
    name = parameters["model"]
    if not isinstance(name, str):
        raise errors.wrong_type("model", "a string", name)
    if name not in known:
        raise errors.model_does_not_exist(name)
    return known[name]


def _accepted(
    model: Model, rules: Mapping[str, Rule], parameters: Mapping[str, object], operation: str, api: Api
) -> Accepted:
    values: dict[str, Any] = {**model.defaults, **checked(rules, parameters)}
    if model.pixels and values["size"] != "auto":
        model.pixels.check(values["size"])
    for clash in CLASHES:
        if clash.met(model, values):
            raise clash.refusal(model)
    return Accepted(model, values, operation, api)


def checked(rules: Mapping[str, Rule], parameters: Mapping[str, object]) -> dict[str, object]:
    """Return the values of the parameters that say something; null says nothing where the rule allows it."""
    for param in parameters:
        if param not in rules and param != "model":
            raise errors.unknown_parameter(param)
    values = {}
    for param, rule in rules.items():
        if param not in parameters:
            if rule.required:
                raise errors.missing_parameter(param)
        elif parameters[param] is not None or not rule.nullable:
            values[param] = rule.check(param, parameters[param])
    return values
