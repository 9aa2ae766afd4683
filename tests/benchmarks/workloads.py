"""What is asked of the servers: whole HTTP requests as text, split where the counter goes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from load import COUNTER

PATH = "/v1/images/generations"
PROMPT = "A lighthouse at dawn in the style of an old travel poster"
FRESH = f"{PROMPT}, print {COUNTER}"
"""A prompt that is new each time."""


@dataclass(frozen=True, slots=True)
class Workload:
    """One kind of request, sent by so many connections."""

    bodies: tuple[dict[str, object], ...]
    """JSON bodies, sent in turn."""

    connections: int
    status: int = 200
    path: str = PATH
    method: str = "POST"
    fields: tuple[str, ...] = field(default=("authorization: Bearer sk-benchmark", "content-type: application/json"))

    @property
    def requests(self) -> tuple[tuple[str, str], ...]:
        """The requests as text before and after the counter."""
        return tuple(self._request(body) for body in self.bodies)

    def _request(self, body: dict[str, object]) -> tuple[str, str]:
        text = json.dumps(body)
        length = len(text.replace(COUNTER, COUNTER % 0))
        head = "\r\n".join((f"{self.method} {self.path} HTTP/1.1", "host: 127.0.0.1", *self.fields))
        before, _, after = f"{head}\r\ncontent-length: {length}\r\n\r\n{text}".partition(COUNTER)
        return before, after


def generation(prompt: str, **more: object) -> dict[str, object]:
    """Return a body that asks gpt-image-1 for a picture of 1024x1024 pixels; `more` is added or replaces."""
    return {"model": "gpt-image-1", "prompt": prompt, "size": "1024x1024", **more}


HOT = Workload((generation(PROMPT),), 16)
SEVERAL = Workload(tuple(generation(f"{PROMPT}, print {number}") for number in range(8)), 16)
"""Hot too, in turn: one length of reply may be 7 % quicker on its way through the kernel than one 25 bytes longer."""
REFUSALS = Workload((generation(FRESH, n=11), generation(FRESH, colour="blue")), 16, status=400)
COLD = {kind: Workload((generation(FRESH, output_format=kind),), 4) for kind in ("png", "jpeg", "webp")}
LARGE = Workload((generation(FRESH, model="gpt-image-2", size="3840x2160"),), 4)
STREAM = Workload((generation(FRESH, stream=True, partial_images=3),), 4)
STREAM_ALONE = Workload(STREAM.bodies, 1)
BARE_STREAM = Workload(STREAM.bodies, 1, path="/v1/stream")
