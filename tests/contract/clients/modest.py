"""Right clients that can less, and say so. `modest.py NAME` is the client of that name; `MODEST` lists them."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import right
from right import APIError, Client, Json, Reply


class NeverRetries(Client):
    """Leaves trying again to its caller."""

    retries = False

    def may_retry(self, error: APIError) -> bool:  # noqa: ARG002 - it never does
        """Say no."""
        return False


class TellsMessagesOnly(Client):
    """Has one kind of error, with a message."""

    def hello(self) -> Json:
        """Say so."""
        return {**super().hello(), "errors": "message"}

    def error_told(self, error: Exception) -> Json:
        """Tell the message."""
        return {"class": "ImageError", "lineage": ["ImageError"], "module": "modest", "message": str(error)}


class ReturnsPicturesOnly(Client):
    """Gives its caller the pictures, and makes no streams, edits or variations."""

    def hello(self) -> Json:
        """Say so."""
        generate = {"params": ["model", "prompt", "size", "quality"], "stream": False, "returns": "pictures"}
        return {**super().hello(), "can": {"generate": {**generate, "models": None}}}

    def value(self, reply: Reply, asked: Json) -> Json:
        """Leave out what is no picture."""
        kept = ("b64_json", "url")
        data = super().value(reply, asked)["data"]
        return {"data": [{name: one[name] for name in kept if name in one} for one in data]}


MODEST = {
    "never-retries": NeverRetries,
    "tells-messages-only": TellsMessagesOnly,
    "returns-pictures-only": ReturnsPicturesOnly,
}

if __name__ == "__main__":
    right.speak(MODEST[sys.argv[1]]())
