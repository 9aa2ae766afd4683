"""The judge must be able to fail: each kind of expectation has a reply that breaks it."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest
from PIL import Image

from mockserver.contract import build, judge
from mockserver.contract.play import Reply


def picture(kind: str = "PNG", size: tuple[int, int] = (16, 8), mode: str = "RGB") -> bytes:
    """Return a picture file."""
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind)
    return file.getvalue()


ERROR = {"message": "Invalid 'n'.", "type": "invalid_request_error", "param": None, "code": "x"}
BODY = json.dumps({"error": ERROR}, indent=2).encode()
PICTURES = json.dumps(
    {"size": "16x8", "data": [{"b64_json": base64.b64encode(picture()).decode()}], "usage": {"total": 3}}
).encode()


def frame(name: str, **data: Any) -> bytes:  # noqa: ANN401 - JSON
    """Return one event as it goes over the wire."""
    text = json.dumps({"type": name, **data}, separators=(",", ":"))
    return f"event: {name}\ndata: {text}\n\n".encode()


PARTIAL = frame("image.partial_image", sequence_number=0, partial_image_index=0, quality="low")
COMPLETED = frame("image.completed", sequence_number=1, quality="low", usage={"output_tokens": 7})
STREAM = {
    "name": "image",
    "partials": [1, 1],
    "partial_keys": ["type", "sequence_number", "partial_image_index", "quality"],
    "completed_keys": ["type", "sequence_number", "quality", "usage"],
    "values": {"quality": "low"},
    "output_tokens": [5, 7],
}


def differences(body: bytes, headers: dict[str, str] | None = None, status: int = 200, **fields: Any) -> str:  # noqa: ANN401
    """Judge a reply by a case with `fields` and return what differs, as one text."""
    row = {
        "id": "a-case",
        "about": "",
        "source": ["me"],
        "observed": "",
        "confidence": "assumed",
        "path": "/",
        "status": 200,
        **fields,
    }
    case = build.case(row, "file.toml", {})
    reply = Reply(status, tuple((headers or {}).items()), body)
    return "\n".join(map(str, judge.differences(case.expect, reply)))


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (BODY, {"error": {"message": "Invalid 'n'.", "type": ERROR["type"], "code": "x", "null": ["param"]}}),
        (BODY, {"error": {"message_starts": "Invalid", "message_has": "'n'"}, "error_keys": list(ERROR)}),
        (BODY, {"error": {"message_like": r"Invalid '.'\."}}),
        (BODY, {"layout": "pretty", "length": len(BODY), "reply_body": BODY.decode()}),
        (BODY + b"\n", {"layout": "pretty-newline"}),
        (json.dumps({"a": "é"}, separators=(",", ":")).encode(), {"layout": "compact"}),
        (b"<html>413</html>", {"reply_body_like": "4.3", "layout": "pretty"}),
        (PICTURES, {"keys": {"": ["size", "data", "usage"], "data[]": ["b64_json"], "usage": ["total"]}}),
        (PICTURES, {"values": {"size": "16x8", "usage": {"total": 3}}, "among": {"usage.total": [3, 4]}}),
        (PICTURES, {"like": {"data[].b64_json": "iVBOR.*"}}),
        (PICTURES, {"picture": {"format": "png", "size": "echo", "mode": "RGB", "count": 1}}),
        (picture("JPEG"), {"picture": {"format": "jpeg", "size": "16x8"}}),
    ],
)
def test_a_reply_that_agrees_has_no_difference(body: bytes, fields: dict[str, Any]) -> None:
    """What is not mentioned is not judged."""
    assert differences(body, **fields) == ""


@pytest.mark.parametrize(
    ("body", "fields", "said"),
    [
        (BODY, {"error": {"message": "Invalid 'm'."}}, ["error.message", "Invalid 'm'.", "Invalid 'n'."]),
        (BODY, {"error": {"message_starts": "Missing"}}, ["error.message", "Missing", "(starts)"]),
        (BODY, {"error": {"message_has": "quality"}}, ["error.message", "quality", "(has)"]),
        (BODY, {"error": {"message_like": r"Invalid '.'"}}, ["error.message", "Invalid '.'", "(like)"]),
        (BODY, {"error": {"param": "n"}}, ["error.param", "expected  n", "actual    null"]),
        (BODY, {"error": {"null": ["code"]}}, ["error.code", "expected  null", "actual    x"]),
        (b"{}", {"error": {"type": "t"}}, ["error.type", "actual    nothing"]),
        (b"oops", {"error": {"type": "t"}}, ["body", "expected  JSON", "oops"]),
        (
            BODY,
            {"error": {"code": "x"}, "error_keys": ["code"]},
            ["keys of error", "message, type, param, code"],
        ),
        (BODY, {"layout": "pretty-newline"}, ["layout pretty-newline", f"at byte {len(BODY)};"]),
        (BODY, {"layout": "compact"}, ["layout compact", "at byte 1;"]),
        (BODY, {"length": 3}, ["expected  3 bytes", f"actual    {len(BODY)} bytes"]),
        (BODY, {"reply_body": BODY.decode().replace("n", "m")}, ["first difference at byte"]),
        (b"", {"reply_body": "x"}, ["1 bytes expected, 0 came"]),
        (BODY, {"reply_body_like": "<html>"}, ["like <html>"]),
        (PICTURES, {"keys": {"": ["data"]}}, ["keys of the body", "size, data, usage"]),
        (PICTURES, {"keys": {"other": ["a"]}}, ["keys of other", "actual    nothing"]),
        (PICTURES, {"values": {"usage": {"total": 4}}}, ["usage.total", "expected  4", "actual    3"]),
        (PICTURES, {"values": {"size": {"w": 1}}}, ["size.w", "actual    nothing"]),
        (b'{"n": true}', {"values": {"n": 1}}, ["expected  1", "actual    true"]),
        (PICTURES, {"among": {"size": ["1x1", "2x2"]}}, ["one of 1x1, 2x2", "16x8"]),
        (PICTURES, {"like": {"data[0].url": "https.*"}}, ["data[0].url", "like https", "nothing"]),
        (PICTURES, {"like": {"data[7].url": "https.*"}}, ["data[7].url", "nothing"]),
        (PICTURES, {"like": {"size[].url": "https.*"}}, ["size[].url", "nothing"]),
        (PICTURES, {"picture": {"size": "8x8"}}, ["size of the picture in data[0].b64_json", "16x8"]),
        (PICTURES, {"picture": {"mode": "RGBA"}}, ["mode of the picture", "RGBA", "RGB"]),
        (PICTURES, {"picture": {"count": 2}}, ["pictures in data", "expected  2", "actual    1"]),
        (b'{"data": [{"b64_json": "%%%"}]}', {"picture": {"format": "png"}}, ["no picture file"]),
        (b'{"data": [{"b64_json": null}]}', {"picture": {"format": "png"}}, ["no picture file"]),
    ],
)
def test_a_reply_that_differs_is_told_with_both_values(body: bytes, fields: dict[str, Any], said: list[str]) -> None:
    """Place, expectation and what came stand in the text."""
    text = differences(body, **fields)

    assert [part for part in said if part not in text] == []


def test_a_wrong_status_is_told_alone_with_the_body() -> None:
    """Nothing else about such a reply is worth reading."""
    text = differences(BODY, status=500, error={"code": "y"})

    assert text.startswith('status\n  expected  200\n  actual    500\n  the body: { "error"')
    assert "error.code" not in text
    assert "the body is empty" in differences(b"", status=404)
    assert "the body: 3 bytes that are no text, b'\\x00\\x01\\x02'" in differences(b"\0\1\2", status=404)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"A": "1"}, ""),
        ({"a": {"like": r"\d"}, "b": False}, ""),
        ({"a": True}, ""),
        ({"a": "2"}, "header a\n  expected  2\n  actual    1"),
        ({"a": False}, "header a\n  expected  absent\n  actual    1"),
        ({"b": True}, "header b\n  expected  present\n  actual    absent"),
        ({"b": {"like": "x+"}}, "header b\n  expected  like x+\n  actual    absent"),
    ],
)
def test_headers_are_judged_by_value_presence_or_pattern(wanted: dict[str, Any], said: str) -> None:
    """Names do not mind capitals."""
    assert differences(b"", {"a": "1"}, reply_headers=wanted) == said


def stream(*frames: bytes, kind: str = "text/event-stream; charset=utf-8", **more: Any) -> str:  # noqa: ANN401
    """Judge a stream and return what differs."""
    return differences(b"".join(frames), {"content-type": kind}, stream=STREAM | more)


def test_a_stream_in_order_has_no_difference() -> None:
    """Partial pictures first, then the completed one, with the charge for what was delivered."""
    assert stream(PARTIAL, COMPLETED) == ""


@pytest.mark.parametrize(
    ("frames", "said"),
    [
        ([COMPLETED], "1 times image.partial_image, then image.completed"),
        ([COMPLETED, PARTIAL], "events"),
        ([PARTIAL, COMPLETED, b"data: [DONE]\n\n"], "frame 2"),
        ([PARTIAL, COMPLETED[:-1]], "end of the stream"),
        ([b": ping\n\n", PARTIAL, COMPLETED], "frame 0"),
        ([PARTIAL.replace(b'":', b'": ')], "compact JSON"),
        ([PARTIAL.replace(b"{", b"(")], "compact JSON"),
        ([PARTIAL.replace(b'"low"', b'"high"'), COMPLETED], "quality of event 0"),
        (
            [PARTIAL.replace(b'"sequence_number":0', b'"sequence_number":4'), COMPLETED],
            "sequence_number of event 0",
        ),
        ([PARTIAL, COMPLETED.replace(b"7", b"8")], "usage.output_tokens after 1 partial pictures"),
        ([PARTIAL.replace(b"quality", b"size"), COMPLETED], "keys of event 0"),
    ],
)
def test_a_stream_out_of_order_is_told(frames: list[bytes], said: str) -> None:
    """Form, order, fields and charge are judged."""
    assert said in stream(*frames)


def test_a_stream_must_say_that_it_is_one() -> None:
    """Parameters of the content type do not matter, the type does."""
    assert "expected  text/event-stream" in stream(PARTIAL, COMPLETED, kind="application/json")


def test_pictures_of_events_are_judged_too() -> None:
    """Their size is the echoed one."""
    data = base64.b64encode(picture(size=(16, 16))).decode()
    body = frame("image.completed", sequence_number=0, size="16x8", b64_json=data, usage={})
    wanted = {"name": "image", "partial_keys": [], "completed_keys": []}
    text = differences(
        body, {"content-type": "text/event-stream"}, stream=wanted, picture={"size": "echo", "format": "png"}
    )

    assert text.startswith("size of the picture in event 0\n  expected  16x8\n  actual    16x16")
