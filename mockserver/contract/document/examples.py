"""Requests worth showing, and what the server says to each: its own code answers them, over a dot for a picture."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from mockserver import params, replies
from mockserver.decisions import decide
from mockserver.errors import ApiError
from mockserver.identity import Identities
from mockserver.links import Links
from mockserver.pictures import Input

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mockserver.apis import Api
    from mockserver.decisions import ImageRequest
    from mockserver.params import Accepted

SERVER: Final = "http://127.0.0.1:8080"
"""Where a server listens that was not told otherwise."""

CREATED: Final = 1764086400
"""When the replies were made: 2025-11-25, 16:00 UTC."""

DOT: Final = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"  # a red pixel
)
_PICTURE: Final = b64decode(DOT)
_INPUT: Final = Input(digest="0" * 64, width=1, height=1, thumbnail=b"")
_FILE: Final = {"image_url": f"data:image/png;base64,{DOT}"}


@dataclass(frozen=True, slots=True)
class Example:
    """One request in JSON."""

    about: str
    parameters: Mapping[str, Any]


GENERATIONS: Final[Mapping[str, Example]] = {
    "the-least": Example("Without a model: dall-e-2, by URL.", {"prompt": "a red circle"}),
    "dall-e-3": Example(
        "A wide picture whose prompt is revised.",
        {"model": "dall-e-3", "prompt": "a red circle", "size": "1792x1024", "quality": "hd", "style": "natural"},
    ),
    "transparent": Example(
        "A WebP with alpha.",
        {
            "model": "gpt-image-1",
            "prompt": "a red circle",
            "size": "1024x1024",
            "background": "transparent",
            "output_format": "webp",
            "output_compression": 50,
        },
    ),
    "stream": Example(
        "Two partial images, then the finished one.",
        {
            "model": "gpt-image-1",
            "prompt": "a red circle",
            "size": "1536x1024",
            "quality": "low",
            "stream": True,
            "partial_images": 2,
        },
    ),
    "free-size": Example(
        "Any size within the budget.", {"model": "gpt-image-2", "prompt": "a red circle", "size": "1536x864"}
    ),
    "five-levels": Example(
        "Two pictures of a level that newer models have.",
        {"model": "gpt-image-2.5-flare", "prompt": "a red circle", "size": "1024x1024", "quality": "xhigh", "n": 2},
    ),
    "no-prompt": Example("A required parameter is missing.", {"model": "gpt-image-2"}),
    "no-such-model": Example("No model of that name.", {"model": "gpt-image-9", "prompt": "a red circle"}),
    "foreign-parameter": Example(
        "A parameter of another model.",
        {"model": "gpt-image-2", "prompt": "a red circle", "response_format": "url"},
    ),
    "odd-size": Example(
        "A size that the model does not make.", {"model": "gpt-image-2", "prompt": "a red circle", "size": "1000x1000"}
    ),
    "stream-of-two": Example(
        "Values that do not go together.", {"model": "gpt-image-2", "prompt": "a red circle", "stream": True, "n": 2}
    ),
}
EDITS: Final[Mapping[str, Example]] = {
    "the-least": Example("Without a model: gpt-image-1.5.", {"prompt": "give it a hat", "images": [_FILE]}),
    "close": Example(
        "As close to its input as can be.",
        {
            "model": "gpt-image-1",
            "prompt": "give it a hat",
            "images": [_FILE],
            "input_fidelity": "high",
            "quality": "low",
            "size": "1024x1024",
        },
    ),
    "stream": Example(
        "One partial image, then the finished one.",
        {
            "model": "gpt-image-2",
            "prompt": "give it a hat",
            "images": [_FILE],
            "size": "1024x1024",
            "stream": True,
            "partial_images": 1,
        },
    ),
    "no-picture": Example("Nothing to edit.", {"model": "gpt-image-2", "prompt": "give it a hat", "images": []}),
    "not-served": Example(
        "A parameter that is known and not served.",
        {"model": "gpt-image-2", "prompt": "give it a hat", "images": [_FILE], "input_fidelity": "high"},
    ),
}
EXAMPLES: Final = {"generations": GENERATIONS, "edits": EDITS}


@dataclass(frozen=True, slots=True)
class Shown:
    """The examples of one operation, as OpenAPI has them: by name, each with a summary and a value."""

    requests: dict[str, Any]
    replies: dict[str, Any]
    events: dict[str, Any]
    refusals: dict[str, Any]


@cache
def shown(operation: str, api: Api) -> Shown:
    """Return the requests that are accepted, and what each request gets."""
    told = Shown({}, {}, {}, {})
    for name, example in EXAMPLES[operation].items():
        try:
            accepted = _ACCEPT[operation](example.parameters, api)
        except ApiError as refusal:
            told.refusals[name] = _shown(example, json.loads(refusal.body))
            continue
        told.requests[name] = _shown(example, example.parameters)
        request = decide(accepted, inputs=[_INPUT] if operation == "edits" else [])
        if request.stream:
            told.events.update({f"{name}-{kind}": _shown(example, event) for kind, event in _events(request)})
        else:
            told.replies[name] = _shown(example, _reply(request))
    return told


def _shown(example: Example, value: object) -> dict[str, object]:
    return {"summary": example.about, "value": value}


_ACCEPT: Final[Mapping[str, Callable[[Mapping[str, Any], Api], Accepted]]] = {
    "generations": params.accept_generation,
    "edits": lambda parameters, api: params.accept_edit(parameters, form=False, api=api),
}


def _reply(request: ImageRequest) -> Any:  # noqa: ANN401 - parsed JSON
    identities, links = Identities(0), Links(0)
    if request.response_format == "url":
        path = links.path(identities.token())
        url = f"{SERVER}{links.sign(path, CREATED)}"
        return json.loads(replies.link_body(request, CREATED, [url] * request.n))
    return json.loads(b"".join(replies.body(request, [_PICTURE] * request.n).filled(CREATED, identities)))


def _events(request: ImageRequest) -> Iterator[tuple[str, dict[str, str]]]:
    for index in range(request.partial_images):
        yield f"partial-{index}", _event(replies.partial_event(request, CREATED, index, _PICTURE))
    yield "completed", _event(replies.completed_event(request, CREATED, _PICTURE))


def _event(frame: bytes) -> dict[str, str]:
    """Return a frame as a reader of server-sent events has it."""
    return dict(line.split(": ", 1) for line in frame.decode().strip().split("\n"))
