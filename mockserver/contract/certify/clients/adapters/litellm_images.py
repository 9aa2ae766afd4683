"""LiteLLM's functions for images, with OpenAI as the provider."""

from __future__ import annotations

import contextlib
import os
from importlib.metadata import version
from pathlib import Path
from typing import Any

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else it loads its price list from the network

import litellm
import loop

litellm.suppress_debug_info = True

NO_MODEL = "it needs a model, even where the provider is named"
FUNCTIONS = {"generate": litellm.image_generation, "edit": litellm.image_edit, "vary": litellm.image_variation}


def call(asked: dict[str, Any]) -> Any:
    """Return its reply, dumped as its callers dump it."""
    if asked["params"].get("model") is None:
        raise loop.CannotError(NO_MODEL)
    options = {"api_base": asked["base_url"]} | {name: asked[name] for name in ("api_key", "max_retries", "timeout")}
    with contextlib.ExitStack() as opened:

        def upload(file: dict[str, str]) -> Any:
            return opened.enter_context(Path(file["path"]).open("rb"))

        files = {
            part: [*map(upload, one)] if isinstance(one, list) else upload(one) for part, one in asked["files"].items()
        }
        function = FUNCTIONS[asked["op"]]
        reply = function(**asked["params"], **files, **options, custom_llm_provider="openai")
    return reply.model_dump(mode="json")


any_of_them = {"params": None, "models": None, "stream": False, "returns": "reply"}
hello = {"client": "litellm", "version": version("litellm"), "can": dict.fromkeys(FUNCTIONS, any_of_them)}
loop.serve(hello, dict.fromkeys(FUNCTIONS, call))
