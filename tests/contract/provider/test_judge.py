"""A reply that is wrong in one thing is told by that thing: a right one is taken, and spoilt."""

from __future__ import annotations

import base64
import io
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from mockserver.contract.provider import oracle
from mockserver.contract.provider.case import encoded
from mockserver.contract.provider.judge import faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from mockserver.contract.play import Reply
    from mockserver.contract.provider.expected import Granted, Refused
    from mockserver.contract.provider.targets import InProcess

REPLY: dict[str, object] = {
    "model": "gpt-image-1",
    "prompt": "a cat",
    "n": 2,
    "size": "1024x1024",
    "output_format": "webp",
}
LINKS: dict[str, object] = {"model": "dall-e-2", "prompt": "a cat", "size": "256x256"}
STREAM: dict[str, object] = {
    "model": "gpt-image-1",
    "prompt": "a cat",
    "size": "1024x1024",
    "stream": True,
    "partial_images": 2,
}
REFUSAL: dict[str, object] = {"model": "gpt-image-1", "prompt": "a cat", "n": 11}

BODIES = {"reply": REPLY, "links": LINKS, "stream": STREAM, "refusal": REFUSAL}


@pytest.fixture(scope="module")
def right(target: InProcess) -> dict[str, tuple[Granted | tuple[Refused, ...], Reply]]:
    """What is due to each body, and the right reply."""
    return {
        name: (
            oracle.expected("generations", "json", body),
            target.ask(encoded("generations", "json", body)),
        )
        for name, body in BODIES.items()
    }


@pytest.mark.parametrize("name", BODIES)
def test_a_right_reply_is_taken(name: str, right: dict[str, Any], target: InProcess) -> None:
    """Nothing is wrong with what the server says."""
    due, reply = right[name]
    assert faults(due, reply, target.fetch) == []


def picture(form: str, size: tuple[int, int], mode: str = "RGB") -> str:
    """Return a picture in base64."""
    file = io.BytesIO()
    Image.new(mode, size).save(file, form)
    return base64.b64encode(file.getvalue()).decode()


def document(change: Callable[[Any], object]) -> Callable[[Reply], Reply]:
    """Return what changes the document of a reply."""

    def changed(reply: Reply) -> Reply:
        told = json.loads(reply.body)
        change(told)
        return replace(reply, body=json.dumps(told).encode())

    return changed


def item(**fields: object) -> Callable[[Reply], Reply]:
    """Return what changes the second picture of a reply."""
    return document(lambda told: told["data"][1].update(fields))


def header(name: str, value: str | None) -> Callable[[Reply], Reply]:
    """Return what changes a header, or takes it away."""

    def changed(reply: Reply) -> Reply:
        left = [pair for pair in reply.headers if pair[0] != name]
        return replace(reply, headers=(*left, *([(name, value)] if value is not None else [])))

    return changed


def events(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Reply], Reply]:
    """Return what changes the frames of a stream."""
    return lambda reply: replace(reply, body=b"".join(change(re.findall(rb".*?\n\n", reply.body, re.DOTALL))))


def text(old: bytes, new: bytes) -> Callable[[Reply], Reply]:
    """Return what changes bytes of the body, where they stand first."""
    return lambda reply: replace(reply, body=reply.body.replace(old, new, 1))


SPOILT: dict[str, tuple[str, Callable[[Reply], Reply], str]] = {
    "refused": ("reply", lambda reply: replace(reply, status=400), "status"),
    "another success": ("reply", lambda reply: replace(reply, status=201), "status"),
    "no request id": ("reply", header("x-request-id", None), "header x-request-id"),
    "called a stream": ("reply", header("content-type", "text/event-stream"), "header content-type"),
    "no JSON": ("reply", text(b"{", b""), "keys of the body"),
    "no data": ("reply", document(lambda told: told.pop("data")), "keys of the body"),
    "no usage": ("reply", document(lambda told: told.pop("usage")), "keys of the body"),
    "one more key": ("reply", document(lambda told: told.update(model="x")), "keys of the body"),
    "one picture": ("reply", document(lambda told: told["data"].pop()), "pictures in data"),
    "data is an object": ("reply", document(lambda told: told.update(data={})), "pictures in data"),
    "another size said": ("reply", document(lambda told: told.update(size="1024x1536")), "size"),
    "another quality": ("reply", document(lambda told: told.update(quality="auto")), "quality"),
    "another format said": ("reply", document(lambda told: told.update(output_format="png")), "output_format"),
    "another background": ("reply", document(lambda told: told.update(background="auto")), "background"),
    "a total off by one": (
        "reply",
        document(lambda told: told["usage"].update(total_tokens=1)),
        "usage.total_tokens",
    ),
    "details off by one": (
        "reply",
        document(lambda told: told["usage"]["input_tokens_details"].update(text_tokens=1)),
        "usage.input_tokens_details",
    ),
    "no details": (
        "reply",
        document(lambda told: told["usage"].pop("output_tokens_details")),
        "keys of usage",
    ),
    "base64 on two lines": ("reply", document(lambda told: told["data"][1].update(b64_json="aGk=\n")), "data[1].b64"),
    "base64 for URLs": ("reply", item(b64_json="_-8="), "data[1].b64_json"),
    "no picture": ("reply", item(b64_json="aGk="), "data[1].b64_json"),
    "half a picture": ("reply", item(b64_json=picture("WEBP", (1024, 1024))[:40]), "data[1].b64_json"),
    "a small picture": ("reply", item(b64_json=picture("WEBP", (512, 512))), "size of data[1].b64_json"),
    "a PNG": ("reply", item(b64_json=picture("PNG", (1024, 1024))), "format of data[1].b64_json"),
    "alpha": ("reply", item(b64_json=picture("WEBP", (1024, 1024), "RGBA")), "alpha channel of data[1].b64_json"),
    "a URL beside it": ("reply", item(url="http://localhost/x.png"), "keys of data[1]"),
    "null for a picture": ("reply", item(b64_json=None), "data[1].b64_json"),
    "a dead link": ("links", document(lambda told: told["data"][0].update(url="http://localhost/x")), "data[0].url"),
    "a link in base64's place": (
        "links",
        document(lambda told: told["data"][0].update(b64_json=told["data"][0].pop("url"))),
        "keys of data[0]",
    ),
    "no stream": ("stream", header("content-type", "application/json"), "header content-type"),
    "no end": ("stream", events(lambda frames: frames[:-1]), "events"),
    "another order": ("stream", events(lambda frames: [frames[1], frames[0], frames[2]]), "partial_image_index of"),
    "one partial image less": ("stream", events(lambda frames: frames[1:]), "events"),
    "cut in a frame": ("stream", lambda reply: replace(reply, body=reply.body[:-10]), "stream"),
    "two lines of data": ("stream", text(b"\ndata: {", b"\ndata: {\ndata: "), "stream"),
    "another name in the data": ("stream", text(b'"image_generation.partial_image"', b'"partial"'), "type of event 0"),
    "no time": ("stream", text(b'"created_at"', b'"created"'), "created_at of event 0"),
    "an edit's event": ("stream", text(b"event: image_generation", b"event: image_edit"), "events"),
    "another size streamed": ("stream", text(b'"size":"1024x1024"', b'"size":"auto"'), "size of event 0"),
    "a broken partial image": ("stream", text(b'"b64_json":"', b'"b64_json":"!'), "b64_json of event 0"),
    "granted": ("refusal", lambda reply: replace(reply, status=200), "status"),
    "not found": ("refusal", lambda reply: replace(reply, status=404), "status"),
    "no id": ("refusal", header("x-request-id", None), "header x-request-id"),
    "a problem": ("refusal", header("content-type", "application/problem+json"), "header content-type"),
    "another param": ("refusal", text(b'"param": "n"', b'"param": "size"'), "error"),
    "another code": ("refusal", text(b"integer_above_max_value", b"invalid_value"), "error"),
    "another type": ("refusal", text(b"invalid_request_error", b"image_generation_user_error"), "error"),
    "no param": ("refusal", document(lambda told: told["error"].pop("param")), "body"),
    "a fifth field": ("refusal", document(lambda told: told["error"].update(status=400)), "body"),
    "something beside it": ("refusal", document(lambda told: told.update(status=400)), "body"),
    "no message": ("refusal", document(lambda told: told["error"].update(message="")), "body"),
    "a text": ("refusal", lambda reply: replace(reply, body=b"Bad Request"), "body"),
}
"""What is spoilt: which reply, how, and where the fault is seen."""


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_reply_is_told(name: str, right: dict[str, Any], target: InProcess) -> None:
    """Whatever is spoilt is seen first, and where it is."""
    kind, spoil, place = SPOILT[name]
    due, reply = right[kind]
    spoilt = spoil(reply)
    assert spoilt != reply
    assert faults(due, spoilt, target.fetch)[0].place.startswith(place)
