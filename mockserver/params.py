"""From a mapping of parameters to a checked, frozen request: every check, in the API's order."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mockserver import errors
from mockserver.models import DEFAULT_GPT_MODEL, DEFAULT_MODEL, GPT_ONLY, MODELS, Model
from mockserver.rules import dimensions

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """A generation that the API accepts, with every default and every `auto` decided."""

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


PICTURE_DECIDING = (
    "prompt",
    "size",
    "quality",
    "background",
    "output_format",
    "output_compression",
    "moderation",
    "style",
)
"""Parameters that, beside model and seed, decide what the pictures look like: how they are delivered does not."""


def read_generation(parameters: Mapping[str, object], seed: int = 0) -> ImageRequest:
    """Return the request that `parameters` ask for.

    Raises:
        ApiError: the first thing that is wrong, in the API's order: model, unknown parameters in body order, each
            value in the order of the model's row, then the second stage.
    """
    model = find_model(parameters)
    values = {**model.defaults, **_checked(model, parameters)}
    for check in _SECOND_STAGE:
        check(model, values)
    return _decided(model, values, seed)


def find_model(parameters: Mapping[str, object]) -> Model:
    """Return the row of the named model, or of the one that an omitted name means.

    Raises:
        ApiError: `model` is not a string, or names no model.
    """
    if "model" not in parameters:
        return DEFAULT_MODEL if GPT_ONLY.isdisjoint(parameters) else DEFAULT_GPT_MODEL
    name = parameters["model"]
    if not isinstance(name, str):
        raise errors.wrong_type("model", "a string", name)
    if name not in MODELS:
        raise errors.model_does_not_exist(name)
    return MODELS[name]


def _checked(model: Model, parameters: Mapping[str, object]) -> dict[str, object]:
    """Return the values of the parameters that say something; null says nothing where the rule allows it."""
    for param in parameters:
        if param not in model.generate and param != "model":
            raise errors.unknown_parameter(param)
    if "prompt" not in parameters:
        raise errors.missing_parameter("prompt")
    return {
        param: rule.check(param, parameters[param])
        for param, rule in model.generate.items()
        if param in parameters and not (rule.nullable and parameters[param] is None)
    }


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


_SECOND_STAGE = (  # the order of what has no remark is assumed
    _size_within_budget,
    _transparency_needs_alpha,  # before the model's own no: a recorded gpt-image-2 body, 2026-08
    _transparency_served,
    _compression_needs_a_lossy_format,
    _streams_carry_one_picture,
    _partial_images_need_a_stream,
)


def _decided(model: Model, values: Mapping[str, Any], seed: int) -> ImageRequest:
    digest = _digest(model, values, seed)
    size = values["size"]
    if size == "auto":
        size = model.auto_sizes[int(digest[:8], 16) % len(model.auto_sizes)]
    elif model.pixels:
        size = "x".join(map(str, dimensions(size)))
    quality = values["quality"]
    return ImageRequest(
        model=model,
        prompt=values["prompt"],
        n=values["n"],
        size=size,
        quality=model.auto_quality if quality == "auto" else quality,
        asked_quality=quality,
        background="transparent" if values.get("background") == "transparent" else "opaque",
        output_format=values.get("output_format", "png"),
        output_compression=values.get("output_compression", 100),
        stream=values.get("stream", False),
        partial_images=values.get("partial_images", 0),
        response_format=values.get("response_format", "b64_json"),
        digest=digest,
    )


def _digest(model: Model, values: Mapping[str, object], seed: int) -> str:
    deciding = {param: values[param] for param in PICTURE_DECIDING if param in values}
    canonical = json.dumps({**deciding, "model": model.id, "seed": seed}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def picture_digest(request_digest: str, index: int) -> str:
    """Return the digest of one of a request's pictures, counted from 0."""
    return hashlib.sha256(f"{request_digest}/{index}".encode()).hexdigest()
