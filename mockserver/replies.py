"""From a request to what the API answers: a JSON body, or the events of a stream."""

from __future__ import annotations

import binascii
import json
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, cast

from mockserver import sse
from mockserver.decisions import picture_digest
from mockserver.models import HIGH_FIDELITY, LOSSY_FILE_WEIGHT, PROMPT_OVERHEAD
from mockserver.pictures import OutputFormat, Picture
from mockserver.rules import dimensions
from mockserver.usage import Usage, prompt_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mockserver.decisions import ImageRequest
    from mockserver.identity import Identities

MOSAIC: Final = (8, 16, 32)
"""Tiles along the longer edge of the first, second and third partial image."""

ECHOES_SINCE: Final = date(2025, 6, 3)
"""First day on which a gpt-image body was seen to echo background, output_format, quality and size."""

OUTPUT_DETAILS_SINCE: Final = date(2026, 5, 6)
"""First day on which `usage` was seen with `output_tokens_details`; last seen without on 2026-04-02."""

NEWLINE_UNTIL: Final = date(2025, 4, 18)
"""First day on which generations and edits were seen without a final newline; variations always have it."""

_LATE: Final = "\x00"
"""Stands where a value is set anew for each reply."""

_IMAGE: Final = "\x01"
"""Stands where base64 goes, which no JSON encoder should walk through."""


def base64(data: bytes) -> bytes:
    """Return `data` in standard base64, on one line."""
    return binascii.b2a_base64(data, newline=False)


def describe(request: ImageRequest) -> str:
    """Say what was asked for in a few words."""
    words = [request.model.id, request.size, request.quality, request.output_format]
    if request.inputs:
        words.insert(0, f"{request.operation} of {len(request.inputs)}{' masked' if request.mask else ''}")
    if request.background == "transparent":
        words.append("transparent")
    if request.n > 1:
        words.append(f"n={request.n}")
    if request.stream:
        words.append(f"stream+{request.partial_images}")
    return " ".join(words)


def pictures(request: ImageRequest, *, real_weight: bool = False) -> list[Picture]:
    """Return the finished pictures that a request asks for."""
    return [_picture(request, index, real_weight=real_weight) for index in range(request.n)]


def partials(request: ImageRequest, *, real_weight: bool = False) -> list[Picture]:
    """Return the partial images of a stream, from rough to sharp."""
    return [_picture(request, 0, tiles=tiles, real_weight=real_weight) for tiles in MOSAIC[: request.partial_images]]


def _picture(request: ImageRequest, index: int, *, real_weight: bool, tiles: int | None = None) -> Picture:
    width, height = dimensions(request.size)
    numbered = f" · {index + 1}/{request.n}" if request.n > 1 else ""
    return Picture(
        digest=picture_digest(request.digest, index),
        prompt=request.prompt,
        caption=f"{request.model.id} · {request.size}{numbered}",
        inputs=tuple(each.thumbnail for each in request.inputs),
        mask=request.mask.thumbnail if request.mask else None,
        width=width,
        height=height,
        output_format=cast("OutputFormat", request.output_format),
        compression=request.output_compression,
        transparent=request.background == "transparent",
        tiles=tiles,
        least_bytes=_file_weight(request, width * height) if real_weight else 0,
    )


def _file_weight(request: ImageRequest, pixels: int) -> int:
    lossless = request.output_format == "png"
    return int(pixels * (request.model.file_weight[request.quality] if lossless else LOSSY_FILE_WEIGHT))


def usage(request: ImageRequest) -> Usage | None:
    """Return the tokens of a request; None where the model's replies carry none."""
    counted = request.model.tokens
    if counted is None:
        return None
    width, height = dimensions(request.size)
    images = counted.pictures(request.n, request.quality, width, height)
    text_in, image_in = _tokens_in(request)
    return Usage(
        text_in=text_in * request.n,
        image_in=image_in * request.n,
        text_out=request.model.text_out.get(request.quality, 0) * request.n,
        image_out=images + counted.partials(request.partial_images, width, height),
    )


def _tokens_in(request: ImageRequest) -> tuple[int, int]:
    """Return the text and image tokens that one picture costs going in; the mask is not counted (2026-09)."""
    text = prompt_tokens(request.prompt) + PROMPT_OVERHEAD
    counted = request.model.input_tokens
    if counted is None or not request.inputs:
        return text, 0
    images = sum(counted.picture(each.width, each.height) for each in request.inputs)
    if request.fidelity == "high":
        images += sum(HIGH_FIDELITY[each.width == each.height] for each in request.inputs)
    each = counted.text_named if request.named else counted.text_each
    return text + each * len(request.inputs), images


def dollars(request: ImageRequest) -> float:
    """Return what the request would have cost at the model's prices."""
    counted = usage(request)
    if counted is None or request.model.price is None:
        return request.model.each[f"{request.quality} {request.size}"] * request.n
    return counted.dollars(request.model.price)


@dataclass(frozen=True, slots=True)
class Body:
    """A JSON body whose late values are still open: `created`, and the `generation_id` of each picture."""

    parts: tuple[bytes, ...]

    def filled(self, created: int, identities: Identities) -> tuple[bytes, ...]:
        """Return the bytes of one reply, in pieces."""
        first, *others = self.parts
        late = ((b'"%b"' % identities.uuid().encode(), part) for part in others[1:])
        return (b"%b%d" % (first, created), others[0], *chain.from_iterable(late))


def body(request: ImageRequest, files: Sequence[bytes]) -> Body:
    """Return the reply that carries `files`, the request's pictures, in base64."""
    data = [_item(request, index) for index in range(request.n)]
    return Body(tuple(_with_images(_pretty(request, data), files).split(_token(_LATE))))


def _item(request: ImageRequest, index: int) -> dict[str, object]:
    item: dict[str, object] = {"b64_json": _IMAGE}
    if request.model.generation_ids:
        item["generation_id"] = _LATE
    return item | revised_prompt(request, index)


def revised_prompt(request: ImageRequest, index: int) -> dict[str, str]:
    """Return the `revised_prompt` of one picture, or nothing where the model sends none."""
    if not request.model.revises_prompt:
        return {}
    from mockserver.revision import revised  # noqa: PLC0415 - most servers never need it

    return {"revised_prompt": revised(request.prompt, picture_digest(request.digest, index))}


def link_body(request: ImageRequest, created: int, urls: Iterable[str]) -> bytes:
    """Return the reply that names a URL for each picture."""
    data = [{**revised_prompt(request, index), "url": url} for index, url in enumerate(urls)]
    return _pretty(request, data).replace(_token(_LATE), b"%d" % created, 1)


def _pretty(request: ImageRequest, data: Sequence[object]) -> bytes:
    """Lay out a reply as the API does: `created` first, then alphabetical; two spaces, no final newline."""
    reply: dict[str, object] = {"created": _LATE}
    counted = usage(request)
    if counted is None:
        reply["data"] = data
    else:
        reply |= {
            "background": request.background,
            "data": data,
            "output_format": request.output_format,
            "quality": request.quality,
            "size": request.size,
            "usage": usage_object(counted, output_details=request.api.day >= OUTPUT_DETAILS_SINCE),
        }
        if request.api.azure or request.api.day < ECHOES_SINCE:
            reply = {name: reply[name] for name in ("created", "data", "usage")}
    newline = "\n" if request.operation == "variation" or request.api.day < NEWLINE_UNTIL else ""
    return (json.dumps(reply, indent=2) + newline).encode("ascii")


def usage_object(counted: Usage, *, output_details: bool) -> dict[str, object]:
    """Return `usage` with its keys in wire order; stream events were never seen with the output's details."""
    details = {
        "output_tokens_details": {"image_tokens": counted.image_out, "text_tokens": counted.text_out},
    }
    return {
        "input_tokens": counted.tokens_in,
        "input_tokens_details": {"image_tokens": counted.image_in, "text_tokens": counted.text_in},
        "output_tokens": counted.tokens_out,
        **(details if output_details else {}),
        "total_tokens": counted.tokens_in + counted.tokens_out,
    }


def partial_event(request: ImageRequest, created: int, index: int, file: bytes) -> bytes:
    """Return the frame of one partial image, counted from 0."""
    return _event(request, created, "partial_image", index, file, {"partial_image_index": index})


def completed_event(request: ImageRequest, created: int, file: bytes) -> bytes:
    """Return the frame that ends a stream."""
    counted = cast("Usage", usage(request))
    extra = {"usage": usage_object(counted, output_details=False)}
    return _event(request, created, "completed", request.partial_images, file, extra)


def _event(  # noqa: PLR0913, PLR0917 - what one event says
    request: ImageRequest, created: int, kind: str, number: int, file: bytes, extra: dict[str, Any]
) -> bytes:
    """Return one frame, keys in the order of two captures (2026-03, 2026-07): alphabetical after the first two."""
    name = f"image_{request.operation}.{kind}"
    told = {
        "b64_json": _IMAGE,
        "background": request.background,
        "output_format": request.output_format,
        "quality": request.quality,
        "sequence_number": number,
        "size": request.size,
        **extra,
    }
    ordered = {"created_at": created, "type": name, **dict(sorted(told.items()))}
    return sse.frame(name, _with_images(json.dumps(ordered, separators=(",", ":")).encode("ascii"), [file]))


def _token(mark: str) -> bytes:
    return json.dumps(mark).encode("ascii")


def _with_images(text: bytes, files: Sequence[bytes]) -> bytes:
    """Put each file in its place, in base64."""
    pieces = text.split(_token(_IMAGE))
    images = (b'"%b"' % base64(file) for file in files)
    return b"".join(chain.from_iterable(zip(pieces, images, strict=False))) + pieces[-1]
