"""The naive reference: Pillow draws every picture, as one would write it in an afternoon."""

from __future__ import annotations

import base64
import io
import json
import textwrap
import time
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont
from starlette.applications import Starlette
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

BANDS = 64
"""Rectangles of the background."""


def picture(prompt: str, size: str, bands: int = BANDS) -> str:
    """Draw a gradient, a circle and the prompt, `size` (WIDTHxHEIGHT) pixels; return the PNG in base64."""
    width, height = map(int, size.split("x"))
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    for band in range(bands):
        top, bottom = height * band // bands, height * (band + 1) // bands
        shade = 255 * band // bands
        draw.rectangle((0, top, width, bottom), fill=(40, shade // 2, 255 - shade // 2))
    radius = min(width, height) // 4
    centre = (width // 2, height // 2)
    draw.ellipse((centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius), fill=(250, 200, 80))
    font = ImageFont.load_default(max(16, width // 24))
    draw.multiline_text((width // 16, height // 16), textwrap.fill(prompt, 30), fill="white", font=font)
    file = io.BytesIO()
    image.save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def frames(prompt: str, size: str, partials: int) -> Iterator[str]:
    """Draw and yield the partial pictures and the finished one as events."""
    for index in range(partials):
        event = {
            "type": "image_generation.partial_image",
            "b64_json": picture(prompt, size, 4 << index),
            "partial_image_index": index,
        }
        yield f"event: {event['type']}\ndata: {json.dumps(event)}\n\n"
    event = {"type": "image_generation.completed", "b64_json": picture(prompt, size)}
    yield f"event: {event['type']}\ndata: {json.dumps(event)}\n\n"


async def generate(request: Request) -> Response:
    """Answer with one picture, or with a stream of them."""
    body = await request.json()
    prompt, size = body["prompt"], body.get("size", "1024x1024")
    if body.get("stream"):
        events = frames(prompt, size, body.get("partial_images", 0))
        return StreamingResponse(events, media_type="text/event-stream")
    reply = {"created": int(time.time()), "data": [{"b64_json": picture(prompt, size)}]}
    return Response(json.dumps(reply), media_type="application/json")


app = Starlette(routes=[Route("/v1/images/generations", generate, methods=["POST"])])
