"""Streams: frames, order, partial images that sharpen, and clients that go away."""

from __future__ import annotations

import base64
import io
import json
import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from PIL import Image, ImageChops, ImageStat

from mockserver.app import create_app
from mockserver.clock import FrozenClock
from mockserver.server import ServerThread
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

GENERATIONS = "/images/generations"
BODY = {"model": "gpt-image-1", "prompt": "a dot", "quality": "low", "size": "1024x1024", "stream": True}


@dataclass(frozen=True)
class Event:
    """One event as it stood on the wire."""

    name: str
    data: dict[str, Any]

    def picture(self) -> Image.Image:
        """Decode the event's picture wholly."""
        picture = Image.open(io.BytesIO(base64.b64decode(self.data["b64_json"], validate=True)))
        picture.load()
        return picture


def events(http: httpx.Client, **parameters: object) -> list[Event]:
    """Ask for a stream and split it into its events, strictly."""
    reply = http.post(GENERATIONS, json={**BODY, **parameters})
    assert reply.status_code == 200, reply.text
    assert reply.text.endswith("\n\n")
    found = []
    for frame in reply.text.removesuffix("\n\n").split("\n\n"):
        name, data = frame.split("\n")
        assert name.startswith("event: ")
        assert data.startswith("data: ")
        found.append(Event(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream", "*/*"])
def test_a_stream_is_an_event_stream_whatever_was_accepted(http: httpx.Client, accept: str) -> None:
    """The SDKs ask for JSON even when they stream."""
    reply = http.post(GENERATIONS, json=BODY, headers={"accept": accept})
    assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert reply.text.startswith("event: image_generation.completed\ndata: {")


@pytest.mark.parametrize("count", [None, 0, 1, 2, 3])
def test_as_many_partial_images_come_as_were_asked(http: httpx.Client, count: int | None) -> None:
    """Then one completed event, and no [DONE]."""
    stream = events(http, partial_images=count)
    partial = ["image_generation.partial_image"] * (count or 0)
    assert [event.name for event in stream] == [*partial, "image_generation.completed"]
    assert [event.data["type"] for event in stream] == [event.name for event in stream]
    assert [event.data["sequence_number"] for event in stream] == list(range(len(stream)))
    assert [event.data["partial_image_index"] for event in stream[:-1]] == list(range(len(stream) - 1))


def test_the_keys_stand_in_wire_order(http: httpx.Client) -> None:
    """As captured 2026-03 and 2026-07; no output details in a stream's usage."""
    partial, completed = events(http, partial_images=1)
    head = ["created_at", "type", "b64_json", "background", "output_format"]
    assert list(partial.data) == [*head, "partial_image_index", "quality", "sequence_number", "size"]
    assert list(completed.data) == [*head, "quality", "sequence_number", "size", "usage"]
    usage = ["input_tokens", "input_tokens_details", "output_tokens", "total_tokens"]
    assert list(completed.data["usage"]) == usage


@pytest.mark.parametrize(
    ("parameters", "tokens"),
    [
        ({"partial_images": 2, "quality": "medium"}, 1256),
        ({"partial_images": 2, "quality": "high"}, 4360),
        ({"model": "gpt-image-2", "partial_images": 1}, 273),
        ({"model": "gpt-image-2", "partial_images": 2}, 349),
        ({"model": "gpt-image-2"}, 196),
    ],
    ids=str,
)
def test_partial_images_are_billed(http: httpx.Client, parameters: dict[str, object], tokens: int) -> None:
    """1256 and 4360 for gpt-image-1, 273 for gpt-image-2: captures of 2026."""
    assert events(http, **parameters)[-1].data["usage"]["output_tokens"] == tokens


@pytest.mark.parametrize("output_format", ["png", "webp", "jpeg"])
def test_partial_images_go_from_rough_to_sharp(http: httpx.Client, output_format: str) -> None:
    """Each decodes at full size and is nearer to the final picture than the one before."""
    stream = events(http, partial_images=3, output_format=output_format)
    final = stream[-1].picture().convert("RGB")
    assert all(event.picture().size == final.size for event in stream)
    off = [
        sum(ImageStat.Stat(ImageChops.difference(event.picture().convert("RGB"), final)).mean) for event in stream[:-1]
    ]
    assert off[0] > off[1] > off[2] > 0


def test_the_final_picture_is_the_one_that_a_plain_request_gets(http: httpx.Client) -> None:
    """How it is delivered does not change it."""
    plain = http.post(GENERATIONS, json={**BODY, "stream": False}).json()["data"][0]["b64_json"]
    assert events(http, partial_images=2)[-1].data["b64_json"] == plain


def test_a_transparent_stream_is_transparent_from_the_start(http: httpx.Client) -> None:
    """Partial images have the final picture's mode."""
    stream = events(http, partial_images=1, background="transparent")
    assert [event.picture().mode for event in stream] == ["RGBA", "RGBA"]
    assert {event.data["background"] for event in stream} == {"transparent"}


def test_a_stream_is_refused_before_it_begins(http: httpx.Client) -> None:
    """A bad request gets plain JSON, never an event."""
    reply = http.post(GENERATIONS, json={**BODY, "n": 2})
    assert (reply.status_code, reply.headers["content-type"]) == (400, "application/json")
    assert reply.json()["error"]["message"] == "Streaming is only supported with n=1."


def test_latency_is_spread_over_the_events() -> None:
    """Each event tells its own time."""
    clock = FrozenClock(1000)
    with (
        ServerThread(app=create_app(Settings(latency=1), clock)) as server,
        httpx.Client(base_url=server.base_url, headers={"authorization": "Bearer k"}) as http,
    ):
        stream = events(http, partial_images=3, quality="high")
    assert [event.data["created_at"] for event in stream] == [1010, 1021, 1031, 1042]


def test_a_partial_image_arrives_before_the_next_is_due() -> None:
    """A stream is truly sent as it is made."""
    with (
        ServerThread(Settings(latency=0.05)) as server,
        httpx.Client(base_url=server.base_url, headers={"authorization": "Bearer k"}) as http,
        http.stream("POST", GENERATIONS, json={**BODY, "partial_images": 1}) as reply,
    ):
        began = time.monotonic()
        parts = reply.iter_raw()
        first = next(parts)
        first_after = time.monotonic() - began
        list(parts)
        last_after = time.monotonic() - began
    assert first.startswith(b"event: image_generation.partial_image")
    assert last_after - first_after > 0.2


class Counting(FrozenClock):
    """A clock that counts how often the server waited, and waits a little."""

    waits = 0

    async def sleep(self, seconds: float) -> None:
        """Count, and give the client time to go away."""
        import anyio  # noqa: PLC0415 - only this clock waits for real

        self.waits += 1
        await anyio.sleep(0.15)
        self.advance(seconds)


@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_goes_away_stops_the_work(stream: bool, wait_until: Callable[..., None]) -> None:
    """No event is made that nobody will read, and nothing fails."""
    clock = Counting()
    body = json.dumps({**BODY, "stream": stream, **({"partial_images": 3} if stream else {})}).encode()
    head = (
        f"POST /v1{GENERATIONS} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer k\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    with ServerThread(app=create_app(Settings(latency=1), clock)) as server:
        host, port = server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(head.encode() + body)
            wait_until(lambda: clock.waits == 1)
        time.sleep(0.6)
        assert clock.waits == 1
