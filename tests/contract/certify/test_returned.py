"""What came back to the caller against what the API answered."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from typing import Any

import pytest

from mockserver.contract.certify import returned
from mockserver.contract.certify.exchange import Exchange
from mockserver.contract.certify.lines import Can, Raised, Told

PICTURES = (b"one", b"two")
B64 = [b64encode(data).decode() for data in PICTURES]
SHA = [hashlib.sha256(data).hexdigest() for data in PICTURES]
URL = "http://h/s/x/private/1.png"
USAGE = {"total_tokens": 3, "details": {"text_tokens": 1}}
REPLY: dict[str, Any] = {"created": 17, "data": [{"b64_json": one} for one in B64], "usage": USAGE, "quality": None}
EVENTS: list[dict[str, Any]] = [
    {"type": "image_generation.partial_image", "partial_image_index": 0, "b64_json": B64[0]},
    {"type": "image_generation.partial_image", "partial_image_index": 1, "b64_json": B64[0]},
    {"type": "image_generation.completed", "b64_json": B64[1], "usage": USAGE},
]


def exchange(body: bytes, media_type: bytes = b"application/json") -> Exchange:
    """Return a request that was answered."""
    headers = ((b"content-type", media_type),)
    return Exchange(1, 0.0, "POST", "/", (), status=200, whole=True, reply_headers=headers, reply_body=body)


def stream(events: list[dict[str, Any]]) -> Exchange:
    """Return a request that was answered with events."""
    frames = "".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in events)
    return exchange(frames.encode() + b"data: [DONE]\n\n", b"text/event-stream; charset=utf-8")


def rules(can: Can, passed: Exchange, value: dict[str, Any]) -> list[tuple[str, str]]:
    """Return rule and place of each finding."""
    found = returned.findings(can, passed, Told(1, value=value), {URL: PICTURES[0]}.__getitem__)
    return [(finding.rule, finding.place) for finding in found]


def less(name: str) -> dict[str, Any]:
    """Return the reply without a key."""
    return {key: value for key, value in REPLY.items() if key != name}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (REPLY, []),
        (less("quality"), []),
        ({**REPLY, "background": None}, []),
        ({**REPLY, "created": 17.0}, []),
        (less("usage"), [("lost", "usage")]),
        ({**REPLY, "usage": None}, [("lost", "usage")]),
        ({**REPLY, "usage": {"total_tokens": 3, "details": {}}}, [("lost", "usage.details.text_tokens")]),
        ({**REPLY, "created": "17"}, [("altered", "created")]),
        ({**REPLY, "created": True}, [("altered", "created")]),
        ({**REPLY, "usage": 3}, [("altered", "usage")]),
        ({**REPLY, "quality": "low"}, [("altered", "quality")]),
        ({**REPLY, "model": "x"}, [("invented", "model")]),
        ({**REPLY, "data": REPLY["data"][:1]}, [("lost", "data[1]")]),
        ({**REPLY, "data": REPLY["data"] * 2}, [("invented", "data[2]")]),
        ({**REPLY, "data": REPLY["data"][::-1]}, [("altered", "data[0].b64_json"), ("altered", "data[1].b64_json")]),
        ({}, [("lost", "created"), ("lost", "data"), ("lost", "usage")]),
    ],
)
def test_a_whole_reply(value: dict[str, Any], found: list[tuple[str, str]]) -> None:
    """Every value is there, as it was; null is as good as nothing, and 17.0 as 17."""
    assert rules(Can(), exchange(json.dumps(REPLY).encode()), value) == found


LINK: dict[str, Any] = {"created": 17, "data": [{"url": URL, "revised_prompt": "a fox"}]}


@pytest.mark.parametrize(
    ("reply", "data", "found"),
    [
        (REPLY, [{"b64_json": B64[0]}, {"b64_json": B64[1]}], []),
        (REPLY, [{"bytes_sha256": SHA[0]}, {"bytes_sha256": SHA[1]}], []),
        (REPLY, [{"bytes_sha256": SHA[0], "caption": "x"}, {"bytes_sha256": SHA[1]}], []),
        (REPLY, [{"bytes_sha256": SHA[1]}, {"bytes_sha256": SHA[1]}], [("altered", "data[0].bytes_sha256")]),
        (REPLY, [{"b64_json": B64[0]}, {}], [("lost", "data[1].b64_json")]),
        (REPLY, [{"b64_json": B64[0]}], [("lost", "data[1]")]),
        (REPLY, None, [("lost", "data")]),
        (LINK, [{"url": URL}], []),
        (LINK, [{"bytes_sha256": SHA[0]}], []),
        (LINK, [{"bytes_sha256": SHA[1]}], [("altered", "data[0].bytes_sha256")]),
        (LINK, [{"url": URL + "?"}], [("altered", "data[0].url")]),
        (LINK, ["x"], [("altered", "data[0]")]),
    ],
)
def test_pictures_alone(reply: dict[str, Any], data: Any, found: list[tuple[str, str]]) -> None:  # noqa: ANN401 - whatever came back
    """Nothing is asked of what stands beside them, and a picture may be told by its digest."""
    assert rules(Can(returns="pictures"), exchange(json.dumps(reply).encode()), {"data": data}) == found


@pytest.mark.parametrize(
    ("events", "found"),
    [
        (EVENTS, []),
        (EVENTS[1:], [("lost", "events[0]")]),
        (EVENTS[:2], [("lost", "events[2]")]),
        ([], [("lost", "events[0]"), ("lost", "events[1]"), ("lost", "events[2]")]),
        (EVENTS[::-1], [("altered", "events")]),
        ([*EVENTS, EVENTS[2]], [("invented", "events[3]")]),
        ([*EVENTS, {"type": "end"}], [("invented", "events[3]")]),
        ([*EVENTS[:2], {**EVENTS[2], "usage": None}], [("lost", "events[2].usage")]),
        ([{**EVENTS[0], "b64_json": B64[1]}, *EVENTS[1:]], [("altered", "events[0].b64_json")]),
        ([*EVENTS[:2], "completed"], [("lost", "events[2]"), ("invented", "events[2]")]),
        (None, [("lost", "events")]),
    ],
)
def test_a_stream(events: Any, found: list[tuple[str, str]]) -> None:  # noqa: ANN401 - whatever came back
    """Every event is there, in its place, with all of its fields."""
    assert rules(Can(stream=True), stream(EVENTS), {"events": events}) == found


def test_the_pictures_of_a_stream_alone() -> None:
    """A client that gives its caller pictures gives them from a stream too."""
    can = Can(stream=True, returns="pictures")
    whole = [
        {"type": one["type"], "partial_image_index": one.get("partial_image_index"), "b64_json": one["b64_json"]}
        for one in EVENTS
    ]
    assert rules(can, stream(EVENTS), {"events": whole}) == []
    whole[1]["b64_json"] = B64[1]
    assert rules(can, stream(EVENTS), {"events": whole}) == [("altered", "events[1].b64_json")]


def test_an_error_for_a_success() -> None:
    """What was raised is told in the finding."""
    told = Told(1, error=Raised("KeyError", "'size'"))
    (found,) = returned.findings(Can(), exchange(b"{}"), told, dict[str, bytes]().__getitem__)
    assert (found.rule, found.place) == ("failed", "KeyError")
    assert "KeyError was raised: \"'size'\"" in found.text


def test_long_texts_are_shown_where_they_differ() -> None:
    """Of two pictures in base64, the finding shows the place of the difference."""
    sent, came = "A" * 5000 + "B" + "A" * 5000, "A" * 10001
    reply = json.dumps({"data": [{"b64_json": sent}]}).encode()
    value = {"data": [{"b64_json": came}]}
    (found,) = returned.findings(Can(), exchange(reply), Told(1, value=value), dict[str, bytes]().__getitem__)
    assert "AAABAAA" in found.text
    assert len(found.text) < 300
