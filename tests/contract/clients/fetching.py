"""A right client that gives its caller the bytes of pictures: what comes as a URL it downloads itself."""

from __future__ import annotations

import base64
import hashlib
import sys
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import right
from right import Client, Json, Reply


class Fetching(Client):
    """Returns pictures alone."""

    def hello(self) -> Json:
        """Say so."""
        hello = super().hello()
        return {
            **hello,
            "can": {op: {**can, "stream": False, "returns": "pictures"} for op, can in hello["can"].items()},
        }

    def value(self, reply: Reply, asked: Json) -> Json:
        """Return the digest of each picture's bytes."""
        pictures = [self.picture(one) for one in super().value(reply, asked)["data"]]
        return {"data": [{"bytes_sha256": hashlib.sha256(one).hexdigest()} for one in pictures]}

    def picture(self, one: Json) -> bytes:
        """Return the bytes of a picture, as `faulty` clients do not."""
        if "b64_json" in one:
            return base64.b64decode(one["b64_json"])
        with urllib.request.urlopen(one["url"], timeout=30) as reply:  # noqa: S310 - a URL of the API's reply
            data: bytes = reply.read()
        return data


class Forgetful(Fetching):
    """Returns the first bytes of a download."""

    def picture(self, one: Json) -> bytes:
        """Cut it off."""
        return super().picture(one)[: 1000 if "url" in one else None]


if __name__ == "__main__":
    right.speak(Forgetful() if sys.argv[1:] == ["forgetful"] else Fetching())
