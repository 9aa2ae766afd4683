"""Draws a first picture, which takes the time of loading what draws: no client is to be judged by that."""

from __future__ import annotations

import json
import urllib.request
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockserver.contract.certify.tap import Tap


def warm(tap: Tap) -> None:
    """Have the server draw a picture."""
    with tap.session() as session:
        headers = {"Authorization": f"Bearer {session.api_key}", "Content-Type": "application/json"}
        body = json.dumps({"model": "gpt-image-1", "prompt": "a fox", "output_format": "webp"}).encode()
        request = urllib.request.Request(f"{session.base_url}/images/generations", body, headers)  # noqa: S310 - our own
        urllib.request.urlopen(request, timeout=60).read()  # noqa: S310 - as above
