"""What an application on openai-python does; its environment alone tells it about the server.

`journey.py DOOR FOLDER`: the door is openai or azure, the folder holds pictures. Prints one JSON object with what each
step gave, also where it failed; the tests judge it. Runs under every release of the client from 1.97 on.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openai

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Told = dict[str, Any]
    Steps = Mapping[str, Callable[[], Any]]

ASKED = {"prompt": "a dot", "quality": "low", "size": "1024x1024"}
MODEL = {**ASKED, "model": "gpt-image-1"}


def picture(made: Any) -> Told:  # noqa: ANN401 - a reply of any release
    """Tell what came."""
    first = made.data[0]
    return {
        "count": len(made.data),
        "magic": (first.b64_json or "")[:8],
        "url": first.url,
        "size": made.size,
        "usage": made.usage and made.usage.model_dump(),
        "request": made._request_id,  # noqa: SLF001 - public in the SDK's README
    }


def events(stream: Any) -> list[Told]:  # noqa: ANN401 - a stream of any release
    """Tell what came, event by event."""
    return [
        {"type": event.type, "index": getattr(event, "partial_image_index", None), "magic": event.b64_json[:8]}
        for event in stream
    ]


def attempt(step: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the step tells
    """Return what a step gives, or what it raised."""
    try:
        return step()
    except openai.APIStatusError as error:
        return {
            "error": type(error).__name__,
            "status": error.status_code,
            "code": error.code,
            "param": error.param,
            "type": error.type,
            "request": error.request_id,
            "message": error.message,
        }
    except Exception as error:  # noqa: BLE001 - the tests judge what it is
        return {"error": type(error).__name__, "message": str(error)}


def edit_steps(client: Any, folder: Path) -> Steps:  # noqa: ANN401 - a client of any release
    """Return the ways to hand over pictures."""
    a, b, mask = folder / "a.png", folder / "b.png", folder / "mask.png"
    edit = client.images.edit
    return {
        "edit path": lambda: picture(edit(image=a, **MODEL)),
        "edit open file": lambda: picture(edit(image=a.open("rb"), **MODEL)),
        "edit two files": lambda: picture(edit(image=[a, b], **MODEL)),
        "edit with a mask": lambda: picture(edit(image=a, mask=mask, **MODEL)),
        "edit bytes": lambda: picture(edit(image=("a.png", a.read_bytes(), "image/png"), **MODEL)),
        "edit streamed": lambda: events(edit(image=a, stream=True, partial_images=2, **MODEL)),
        "edit untyped bytes": lambda: picture(edit(image=a.read_bytes(), **MODEL)),
        "edit untyped list": lambda: picture(edit(image=[a.read_bytes()], **MODEL)),
        "variation": lambda: picture(client.images.create_variation(image=a, n=2, size="256x256")),
    }


def file_steps(client: Any, folder: Path) -> Steps:  # noqa: ANN401 - a client of any release
    """Return the life of an uploaded file; the steps need each other, in this order."""
    kept: dict[str, str] = {}

    def upload() -> Told:
        made = client.files.create(file=folder / "a.png", purpose="vision")
        kept["id"] = made.id
        return {"id": made.id, "bytes": made.bytes, "purpose": made.purpose, "filename": made.filename}

    def edit() -> Told:
        body = {**MODEL, "images": [{"file_id": kept["id"]}]}
        return picture(client.post("/images/edits", body=body, cast_to=openai.types.ImagesResponse))

    return {
        "file upload": upload,
        "file listed": lambda: kept["id"] in {file.id for file in client.files.list()},
        "file edit": edit,
        "file delete": lambda: client.files.delete(kept["id"]).deleted,
        "file edit afterwards": edit,
    }


def raw(client: Any) -> Told:  # noqa: ANN401 - a client of any release
    """Tell what the headers say."""
    reply = client.images.with_raw_response.generate(**MODEL)
    return {"request": reply.request_id, "milliseconds": reply.headers["openai-processing-ms"]}


async def together(folder: Path) -> list[Told]:
    """Ask for pictures at the same time, through the asynchronous client."""
    async with openai.AsyncOpenAI(max_retries=0) as client:
        prompts = [{**MODEL, "prompt": f"dot {number}"} for number in range(2)]
        asked: list[Any] = [client.images.generate(**prompt) for prompt in prompts]  # type: ignore[call-overload]
        asked += [client.images.edit(image=folder / "a.png", **prompt) for prompt in prompts]  # type: ignore[call-overload]
        return [picture(made) for made in await asyncio.gather(*asked)]


def openai_steps(folder: Path) -> Steps:
    """Return the journey through OpenAI's own door."""
    client: Any = openai.OpenAI(max_retries=0)
    stranger: Any = openai.OpenAI(max_retries=0, api_key="sk-of-somebody-else")
    generate = client.images.generate
    return {
        "generate": lambda: picture(generate(**MODEL)),
        "generate by url": lambda: picture(generate(model="dall-e-3", prompt="a dot")),
        "generate streamed": lambda: events(generate(stream=True, partial_images=2, **MODEL)),
        "stream method": lambda: True,
        **edit_steps(client, folder),
        **file_steps(client, folder),
        "models": lambda: sorted(model.id for model in client.models.list()),
        "model": lambda: client.models.retrieve("gpt-image-1").id,
        "raw": lambda: raw(client),
        "together": lambda: asyncio.run(together(folder)),
        "bad size": lambda: generate(model="gpt-image-2", prompt="a dot", size="9x9"),
        "bad stream": lambda: generate(model="gpt-image-2", prompt="a dot", n=2, stream=True),
        "unknown model": lambda: generate(model="nope", prompt="a dot"),
        "model not there": lambda: client.models.retrieve("nope"),
        "wrong key": lambda: stranger.images.generate(**MODEL),
        "unknown path": lambda: client.get("/images/nope", cast_to=openai.types.ImagesResponse),
    }


def azure_steps(folder: Path) -> Steps:
    """Return the journey through Azure's door, by deployment in the path and by the newer v1 paths."""
    client: Any = openai.AzureOpenAI(max_retries=0)
    bound: Any = openai.AzureOpenAI(max_retries=0, azure_deployment="my-images")
    stranger: Any = openai.AzureOpenAI(max_retries=0, api_key="sk-of-somebody-else")
    endpoint = str(client.base_url).rstrip("/")
    newer: Any = openai.OpenAI(max_retries=0, base_url=f"{endpoint}/v1/", api_key=client.api_key)
    image, mapped = folder / "a.png", {**ASKED, "model": "my-images"}
    return {
        "generate mapped": lambda: picture(client.images.generate(**mapped)),
        "generate named": lambda: picture(client.images.generate(**MODEL)),
        "generate bound": lambda: picture(bound.images.generate(**ASKED)),
        "generate v1": lambda: picture(newer.images.generate(**mapped)),
        "generate streamed": lambda: events(client.images.generate(stream=True, partial_images=2, **mapped)),
        "edit mapped": lambda: picture(client.images.edit(image=image, **mapped)),
        "edit named": lambda: picture(client.images.edit(image=image, **MODEL)),
        "edit bound": lambda: picture(bound.images.edit(image=image, **ASKED)),
        "edit v1": lambda: picture(newer.images.edit(image=image, **mapped)),
        "wrong key": lambda: stranger.images.generate(**mapped),
        "no deployment": lambda: client.images.generate(model="nope", prompt="a dot"),
        "no deployment v1": lambda: newer.images.generate(model="nope", prompt="a dot"),
    }


if __name__ == "__main__":
    steps = {"openai": openai_steps, "azure": azure_steps}[sys.argv[1]](Path(sys.argv[2]))
    sys.stdout.write(json.dumps({name: attempt(step) for name, step in steps.items()}))
