"""openai-python, as a caller of its sync or its async client uses it: `openai_python.py [async]`."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import sys
from pathlib import Path
from typing import Any

import loop
import openai
from openai.resources.images import Images

METHODS = {"generate": Images.generate, "edit": Images.edit, "vary": Images.create_variation}


def can(method: Any) -> dict[str, Any]:
    """Return what a caller of a method can say, by its signature."""
    own = {"self", "image", "extra_headers", "extra_query", "extra_body", "timeout"}
    params = [name for name in inspect.signature(method).parameters if name not in own]
    return {"params": params, "models": None, "stream": "stream" in params, "returns": "reply"}


def files(asked: dict[str, Any], opened: contextlib.ExitStack) -> dict[str, Any]:
    """Return the files of a call, in a list where the caller hands one.

    Each is an open file, in a tuple with its name and its media type where the caller says them.
    """

    def upload(file: dict[str, Any]) -> Any:
        path, name, media_type = Path(file["path"]), file["name"], file["type"]
        content = opened.enter_context(path.open("rb"))
        if media_type:
            return name or path.name, content, media_type
        return (name, content) if name else content

    return {part: [*map(upload, one)] if isinstance(one, list) else upload(one) for part, one in asked["files"].items()}


def plain(reply: Any) -> Any:
    """Return a reply as JSON can say it; the client hands out a page that is no JSON as its text."""
    return reply if isinstance(reply, str) else reply.to_dict(mode="json")


def options(asked: dict[str, Any]) -> dict[str, Any]:
    """Return what the client is made with."""
    return {name: asked[name] for name in ("base_url", "api_key", "max_retries", "timeout")}


def call(asked: dict[str, Any]) -> Any:
    """Return the reply of the sync client, or its events."""
    with contextlib.ExitStack() as opened, openai.OpenAI(**options(asked)) as client:
        method = getattr(client.images, METHODS[asked["op"]].__name__)
        reply = method(**asked["params"], **files(asked, opened))
        if asked["params"].get("stream"):
            return {"events": [event.to_dict(mode="json") for event in reply]}
        return plain(reply)


async def call_async(asked: dict[str, Any]) -> Any:
    """Return the same of the async client."""
    with contextlib.ExitStack() as opened:
        async with openai.AsyncOpenAI(**options(asked)) as client:
            method = getattr(client.images, METHODS[asked["op"]].__name__)
            reply = await method(**asked["params"], **files(asked, opened))
            if asked["params"].get("stream"):
                return {"events": [event.to_dict(mode="json") async for event in reply]}
            return plain(reply)


def main(mode: str = "") -> None:
    """Answer lines."""
    hello = {
        "client": f"openai-python{mode and '-'}{mode}",
        "version": openai.__version__,
        "can": {operation: can(method) for operation, method in METHODS.items()},
    }
    answer = (lambda asked: asyncio.run(call_async(asked))) if mode else call
    loop.serve(hello, dict.fromkeys(METHODS, answer))


main(*sys.argv[1:])
