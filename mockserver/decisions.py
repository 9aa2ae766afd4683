"""From accepted parameters to a request, with every default and every `auto` decided."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.apis import NEWEST, Api
from mockserver.rules import dimensions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mockserver.models import Model
    from mockserver.params import Accepted
    from mockserver.pictures import Input


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
