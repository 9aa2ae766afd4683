"""The servers side by side, each started when first asked for, and proof that the mock does the work."""

from __future__ import annotations

import base64
import io
import json
import tempfile
import urllib.request
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from load import COUNTER
from PIL import Image
from processes import BARE, HOST, MOCK, NAIVE, BrokenError, Server, running
from workloads import COLD, HOT, LARGE, PATH, STREAM

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from workloads import Workload


def answer(port: int, body: dict[str, object], number: int = 0) -> bytes:
    """Return what the server at `port` answers to one request; raises `BrokenError` when it refuses."""
    data = json.dumps(body).replace(COUNTER, COUNTER % number).encode()
    headers = {"authorization": "Bearer sk-benchmark", "content-type": "application/json"}
    request = urllib.request.Request(f"http://{HOST}:{port}{PATH}", data, headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:  # noqa: S310  # http by construction
            content: bytes = reply.read()
            return content
    except OSError as error:
        message = f"{error}, asked for {data.decode()}"
        raise BrokenError(message) from error


def prove(port: int, workload: Workload) -> None:
    """Raise `BrokenError` unless fresh prompts give different pictures of the kind and size asked for."""
    asked = workload.bodies[0]
    size = tuple(map(int, str(asked["size"]).split("x")))
    kind = str(asked.get("output_format", "png")).upper()
    files = [base64.b64decode(json.loads(answer(port, asked, number))["data"][0]["b64_json"]) for number in (1, 2)]
    for file in files:
        with Image.open(io.BytesIO(file)) as image:
            image.load()
            if (image.format, image.size) != (kind, size):
                message = f"asked for {kind} of {size}, got {image.format} of {image.size}"
                raise BrokenError(message)
    if files[0] == files[1]:
        message = "two prompts gave the same picture"
        raise BrokenError(message)


class Servers:
    """Owns the processes; leave it to stop them."""

    def __init__(self) -> None:
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @cached_property
    def mock(self) -> Server:
        """The mock, once it has proved that it draws."""
        server = self._stack.enter_context(running(MOCK))
        for workload in (*COLD.values(), LARGE):
            prove(server.port, workload)
        return server

    @cached_property
    def replies(self) -> Path:
        """A directory with the mock's own bytes, for the bare routes to send."""
        directory = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        (directory / "reply").write_bytes(answer(self.mock.port, HOT.bodies[0]))
        (directory / "stream").write_bytes(answer(self.mock.port, STREAM.bodies[0], 3))
        return directory

    @cached_property
    def bare(self) -> Server:
        """The bare routes."""
        return self._stack.enter_context(running(BARE, {"BENCHMARK_REPLIES": str(self.replies)}))

    @cached_property
    def naive(self) -> Server:
        """Pillow for every request."""
        return self._stack.enter_context(running(NAIVE))
