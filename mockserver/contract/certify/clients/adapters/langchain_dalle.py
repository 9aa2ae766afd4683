"""LangChain's tool for pictures in Python: `DallEAPIWrapper` of langchain-community."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import loop
from langchain_community.utilities.dalle_image_generator import DallEAPIWrapper
from pydantic import ValidationError

PARAMS = ["prompt", "model", "n", "size", "quality"]
"""Its `model_kwargs` take more, and are not sent."""


def call(asked: dict[str, Any]) -> dict[str, Any]:
    """Return the URLs of the pictures, which it gives in one text."""
    said = {**asked["params"]}
    prompt = said.pop("prompt")
    options = {name: asked[name] for name in ("base_url", "api_key", "max_retries", "timeout")}
    try:
        tool = DallEAPIWrapper(**said, **options)
    except ValidationError as error:
        reason = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise loop.CannotError(reason) from error
    return {"data": [{"url": url} for url in tool.run(prompt).split(tool.separator)]}


generate = {"params": PARAMS, "models": None, "stream": False, "returns": "pictures"}
hello = {"client": "langchain", "version": version("langchain-community"), "can": {"generate": generate}}
loop.serve(hello, {"generate": call})
