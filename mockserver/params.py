"""From a mapping of parameters to a checked, frozen request: every check, in the API's order."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mockserver import errors
from mockserver.apis import NEWEST, Api
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
from mockserver.rules import dimensions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mockserver.pictures import Input
    from mockserver.rules import Rule


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """A request that the API accepts, with every default and every `auto` decided."""

    model: Model
    prompt: str
    n: int
    size: str
    """WIDTHxHEIGHT, never `auto`."""

    quality: str
    """A level, never `auto`."""

    asked_quality: str
    """The level or `auto`, as asked for."""

    background: str
    """`opaque` or `transparent`."""

    output_format: str
    output_compression: int
    stream: bool
    partial_images: int
    response_format: str
    """`b64_json` or `url`."""

    digest: str
    """Hex SHA-256 of all that decides the pictures."""

    operation: str = "generation"
    """`generation`, `edit` or `variation`."""

    inputs: tuple[Input, ...] = ()
    """The pictures that came in."""

    mask: Input | None = None

    named: bool = False
    """Whether they were named in JSON rather than sent in a form."""

    fidelity: str = "low"
    """How closely an edit keeps to its inputs: `low` or `high`."""

    api: Api = NEWEST
    """The API that answers."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A request whose parameters are fine, and whose pictures have not been looked at yet."""

    model: Model
    values: Mapping[str, Any]
    operation: str = "generation"
    api: Api = NEWEST
    opened: bool = True
    """Whether the pictures that came in are looked at."""


PICTURE_DECIDING = (
    "prompt",
    "size",
    "quality",
    "background",
    "output_format",
    "output_compression",
    "moderation",
    "style",
    "input_fidelity",
)
"""Parameters that, beside model and seed, decide what the pictures look like: how they are delivered does not."""


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
        return default
    name = parameters["model"]
    if not isinstance(name, str):
        raise errors.wrong_type("model", "a string", name)
    if name not in known:
        raise errors.model_does_not_exist(name)
    return known[name]


def _accepted(
    model: Model, rules: Mapping[str, Rule], parameters: Mapping[str, object], operation: str, api: Api
) -> Accepted:
    values = {**model.defaults, **checked(rules, parameters)}
    for check in _SECOND_STAGE:
        check(model, values)
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


def _size_within_budget(model: Model, values: Mapping[str, Any]) -> None:
    if model.pixels and values["size"] != "auto":
        model.pixels.check(values["size"])


def _transparency_served(model: Model, values: Mapping[str, Any]) -> None:
    if values.get("background") == "transparent" and not model.transparent:
        raise errors.transparency_not_supported()


def _transparency_needs_alpha(_: Model, values: Mapping[str, Any]) -> None:
    if values.get("background") == "transparent" and values["output_format"] == "jpeg":
        raise errors.transparent_jpeg()


def _compression_needs_a_lossy_format(_: Model, values: Mapping[str, Any]) -> None:
    lossless = values.get("output_format") == "png"
    if lossless and values["output_compression"] < 100:  # noqa: PLR2004 - 100 is "not compressed", the default
        raise errors.compressed_png()


def _streams_carry_one_picture(_: Model, values: Mapping[str, Any]) -> None:
    if values.get("stream") and values["n"] > 1:
        raise errors.stream_of_many()


def _partial_images_need_a_stream(_: Model, values: Mapping[str, Any]) -> None:
    if values.get("partial_images") and not values["stream"]:
        raise errors.partial_images_without_stream()


def _fidelity_served(model: Model, values: Mapping[str, Any]) -> None:
    if "input_fidelity" in values and not model.fidelity:
        raise errors.fidelity_not_supported(model.id)


_SECOND_STAGE = (  # the order of what has no remark is assumed
    _size_within_budget,
    _transparency_needs_alpha,  # before the model's own no: a recorded gpt-image-2 body, 2026-08
    _transparency_served,
    _compression_needs_a_lossy_format,
    _streams_carry_one_picture,
    _partial_images_need_a_stream,
    _fidelity_served,
)


def decide(accepted: Accepted, seed: int = 0, inputs: Sequence[Input] = (), mask: Input | None = None) -> ImageRequest:
    """Return the request with every default and every `auto` decided."""
    model, values = accepted.model, accepted.values
    digest = _digest(accepted, seed, [*inputs, *([mask] if mask else [])])
    quality = values["quality"]
    return ImageRequest(
        model=model,
        prompt=values.get("prompt", ""),
        n=values["n"],
        size=_decided_size(model, values["size"], digest, inputs),
        quality=model.auto_quality if quality == "auto" else quality,
        asked_quality=quality,
        background="transparent" if values.get("background") == "transparent" else "opaque",
        output_format=values.get("output_format", "png"),
        output_compression=values.get("output_compression", 100),
        stream=values.get("stream", False),
        partial_images=values.get("partial_images", 0),
        response_format=values.get("response_format", "b64_json"),
        digest=digest,
        operation=accepted.operation,
        inputs=tuple(inputs),
        mask=mask,
        named="images" in values,
        fidelity=values.get("input_fidelity", "low"),
        api=accepted.api,
    )


def _decided_size(model: Model, size: str, digest: str, inputs: Sequence[Input]) -> str:
    if size != "auto":
        return "x".join(map(str, dimensions(size)))
    if not inputs:
        return model.auto_sizes[int(digest[:8], 16) % len(model.auto_sizes)]
    ratio = inputs[0].width / inputs[0].height
    if model.pixels:
        return free_size(min(max(ratio, 1 / model.pixels.ratio), model.pixels.ratio))
    return min(model.auto_sizes, key=lambda preset: abs(math.log(ratio / _ratio(preset))))


def _ratio(size: str) -> float:
    width, height = dimensions(size)
    return width / height


def free_size(ratio: float) -> str:
    """Return what `auto` becomes on an edit: the input's ratio at 1,572,864 pixels (1254x1254 and 1672x941 seen)."""
    area = 1536 * 1024
    return f"{round(math.sqrt(area * ratio))}x{round(math.sqrt(area / ratio))}"


def _digest(accepted: Accepted, seed: int, pictures: Sequence[Input]) -> str:
    values = accepted.values
    deciding: dict[str, object] = {param: values[param] for param in PICTURE_DECIDING if param in values}
    deciding |= {"model": accepted.model.id, "seed": seed}
    if pictures:
        deciding["pictures"] = [picture.digest for picture in pictures]
    canonical = json.dumps(deciding, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def picture_digest(request_digest: str, index: int) -> str:
    """Return the digest of one of a request's pictures, counted from 0."""
    return hashlib.sha256(f"{request_digest}/{index}".encode()).hexdigest()
