"""What arrived against what was asked: one fault is one finding, under its own name and place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mockserver.contract.certify import wire
from mockserver.contract.certify.exchange import Exchange
from mockserver.contract.certify.lines import Asked, Upload

FIXTURES = Path(__file__).parents[3] / "fixtures" / "images"
KEY = "sk-caller"
PARAMS: dict[str, Any] = {"model": "gpt-image-1", "prompt": "a fox\nand a hare", "n": 2, "stream": False}


def upload(name: str) -> Upload:
    """Return a fixture as a caller hands it over."""
    return Upload(str(FIXTURES / name), name, "image/png")


ONE, MASK, OTHER = upload("square.png"), upload("mask.png"), upload("alpha.png")


def exchange(body: bytes, media_type: str = "application/json", **changed: object) -> Exchange:
    """Return a request as it arrived, answered rightly."""
    headers = ((b"authorization", f"Bearer {KEY}".encode()), (b"content-type", media_type.encode()))
    plain = {"method": "POST", "path": "/v1/images/generations", "request_headers": headers, "status": 200}
    told: dict[str, Any] = {"complete": True, **plain, **changed}
    return Exchange(number=1, arrived=0.0, request_body=body, **told)


def rules(asked: Asked, *exchanges: Exchange) -> list[tuple[str, str]]:
    """Return rule and place of each finding."""
    return [(finding.rule, finding.place) for finding in wire.findings(asked, exchanges)]


def asked_json(**params: object) -> Asked:
    """Return a generation."""
    return Asked(1, "generate", "http://h/v1", KEY, {**PARAMS, **params})


def less(name: str) -> dict[str, Any]:
    """Return the parameters without one."""
    return {param: value for param, value in PARAMS.items() if param != name}


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        (PARAMS, []),
        (dict(reversed(PARAMS.items())), []),
        (less("n"), [("dropped", "n")]),
        ({**PARAMS, "n": None}, [("dropped", "n")]),
        ({**PARAMS, "style": "vivid"}, [("added", "style")]),
        ({**less("n"), "count": 2}, [("renamed", "n")]),
        ({**less("stream"), "Stream": True}, [("renamed", "stream")]),
        ({**less("n"), "count": "2"}, [("dropped", "n"), ("added", "count")]),
        ({**PARAMS, "n": "2"}, [("retyped", "n")]),
        ({**PARAMS, "n": 2.0}, [("retyped", "n")]),
        ({**PARAMS, "n": True}, [("retyped", "n")]),
        ({**PARAMS, "stream": 0}, [("retyped", "stream")]),
        ({**PARAMS, "n": 3}, [("changed", "n")]),
        ({**PARAMS, "prompt": "a fox"}, [("changed", "prompt")]),
        ({**PARAMS, "prompt": "a fox\r\nand a hare"}, [("changed", "prompt: line ends")]),
    ],
)
def test_a_json_body(sent: dict[str, Any], found: list[tuple[str, str]]) -> None:
    """Each parameter arrives under its name, as its type and with its value."""
    assert rules(asked_json(), exchange(json.dumps(sent).encode())) == found


def test_a_new_name_is_told_once_where_two_are_alike() -> None:
    """Of two parameters of equal value, each is told under the name that is nearest."""
    renamed = {"model": "x", "prompt": "x", "promptText": True, "modelName": True}
    found = wire.findings(asked_json(model=True, prompt=True), [exchange(json.dumps({**PARAMS, **renamed}).encode())])
    assert {finding.rule for finding in found} == {"retyped", "added"}
    bare = {"promptText": True, "modelName": True, "n": 2, "stream": False}
    told = [
        one.text for one in wire.findings(asked_json(model=True, prompt=True), [exchange(json.dumps(bare).encode())])
    ]
    assert told == ["`model` arrived as `modelName`", "`prompt` arrived as `promptText`"]


def test_null_is_a_value() -> None:
    """A null that was asked for has to arrive."""
    asked = asked_json(user=None)
    assert rules(asked, exchange(json.dumps({**PARAMS, "user": None}).encode())) == []
    assert rules(asked, exchange(json.dumps(PARAMS).encode())) == [("dropped", "user")]


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (json.dumps(PARAMS).encode(), "text/plain"),
        (json.dumps(PARAMS).encode(), "multipart/form-data; boundary=x"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"n": 1, "n": 2}', "application/json"),
        (b"\xff", "application/json"),
    ],
)
def test_a_body_that_is_no_json(body: bytes, media_type: str) -> None:
    """It is told once, and not by what cannot be read in it."""
    assert rules(asked_json(), exchange(body, media_type, status=400)) == [("media-type", "")]


GOOD = json.dumps(PARAMS).encode()
TYPE = (b"content-type", b"application/json; charset=utf-8")


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"method": "PUT", "status": 405}, [("method", "PUT")]),
        ({"path": "/v1//images/generations", "status": 404}, [("path", "")]),
        ({"path": "/v1/images/generations?x=1"}, [("path", "")]),
        ({"request_headers": (TYPE, (b"authorization", b"bearer sk-caller"))}, []),
        ({"request_headers": (TYPE, (b"authorization", b"Bearer sk-other"))}, [("key", "")]),
        ({"request_headers": (TYPE, (b"authorization", b"sk-caller"))}, [("key", "")]),
        ({"request_headers": (TYPE, (b"api-key", b"sk-caller")), "status": 401}, [("key", "")]),
        ({"complete": False}, [("count", "")]),
        ({"status": 400, "reply_body": b'{"error": {"message": "no"}}'}, [("refused", "")]),
        ({"status": 500, "reply_body": b"<html>"}, [("refused", "")]),
        ({"status": None}, [("refused", "")]),
    ],
)
def test_the_rest_of_a_request(changed: dict[str, Any], found: list[tuple[str, str]]) -> None:
    """A refusal is told where nothing else explains it."""
    assert rules(asked_json(), exchange(GOOD, **changed)) == found


@pytest.mark.parametrize("count", [0, 2, 9])
def test_one_call_is_one_request(count: int) -> None:
    """Whatever else is wrong with several, that they are several comes first."""
    assert rules(asked_json(), *[exchange(b"{")] * count) == [("count", "")]


def form(*parts: tuple[str, str | None, str | None, bytes], cut: int = 0) -> Exchange:
    """Return a form of (name, filename, media type, content)."""
    body = bytearray()
    for name, filename, media_type, content in parts:
        body += f'--x\r\nContent-Disposition: form-data; name="{name}"'.encode()
        body += b"" if filename is None else f'; filename="{filename}"'.encode()
        body += b"" if media_type is None else f"\r\nContent-Type: {media_type}".encode()
        body += b"\r\n\r\n" + content + b"\r\n"
    body += b"--x--\r\n"
    return exchange(bytes(body)[: len(body) - cut], "multipart/form-data; boundary=x", path="/v1/images/edits")


def file(name: str, one: Upload, **changed: object) -> tuple[str, str | None, str | None, bytes]:
    """Return the part of a file."""
    plain = {"filename": one.name, "media_type": one.type, "content": Path(one.path).read_bytes()}
    told: dict[str, Any] = {**plain, **changed}
    return name, told["filename"], told["media_type"], told["content"]


TEXTS = [
    ("model", None, None, b"gpt-image-1"),
    ("prompt", None, "text/plain; charset=utf-8", b"a fox\nand a hare"),
    ("n", None, None, b"2"),
    ("stream", None, None, b"false"),
]


def texts(**changed: bytes | None) -> list[tuple[str, str | None, str | None, bytes]]:
    """Return the text parts, some of them changed or (None) left out."""
    kept = [(name, *rest, changed.get(name, content)) for name, *rest, content in TEXTS]
    return [part for part in kept if part[-1] is not None]  # type: ignore[misc]  # as above


PICTURE = file("image", ONE)
CONTENT = PICTURE[-1]


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([*texts(), PICTURE], []),
        ([PICTURE, *texts()], []),
        ([*texts(n=None), PICTURE], [("dropped", "n")]),
        ([*texts(n=b"3"), PICTURE], [("changed", "n")]),
        ([*texts(n=b"2.0"), PICTURE], [("retyped", "n")]),
        ([*texts(stream=b"False"), PICTURE], [("retyped", "stream")]),
        ([*texts(stream=b"0"), PICTURE], [("retyped", "stream")]),
        ([*texts(stream=b"true"), PICTURE], [("changed", "stream")]),
        ([*texts(prompt=b"a fox\r\nand a hare"), PICTURE], [("changed", "prompt: line ends")]),
        ([*texts(prompt=b"\xff"), PICTURE], [("changed", "prompt")]),
        ([*texts(n=None), ("n[]", None, None, b"2"), PICTURE], [("renamed", "n")]),
        ([*texts(), ("drop_params", None, None, b"true"), PICTURE], [("added", "drop_params")]),
        ([*texts(), ("n", None, None, b"2"), PICTURE], [("added", "n")]),
        ([*texts()], [("dropped", "image")]),
        ([*texts(), PICTURE, PICTURE], [("added", "image")]),
        ([*texts(), PICTURE, file("mask", MASK)], [("added", "mask")]),
        ([*texts(), file("image[]", ONE)], [("part-name", "image")]),
        ([*texts(), file("image[0]", ONE)], [("part-name", "image")]),
        ([*texts(), file("picture", ONE)], [("part-name", "image")]),
        ([*texts(), file("image", ONE, media_type="application/octet-stream")], [("media-type", "image")]),
        ([*texts(), file("image", ONE, media_type=None)], [("media-type", "image")]),
        ([*texts(), file("image", ONE, filename="blob")], [("changed", "image: filename")]),
        ([*texts(), file("image", ONE, filename=None)], [("retyped", "image")]),
        ([*texts(), file("image", ONE, content=CONTENT[:-1])], [("bytes", "image")]),
        ([*texts(), file("image", ONE, content=CONTENT + b"\n")], [("bytes", "image")]),
        ([*texts(), file("image", ONE, content=CONTENT.replace(b"\r\n", b"\n"))], [("bytes", "image")]),
    ],
)
def test_a_form(parts: list[Any], found: list[tuple[str, str]]) -> None:
    """Numbers and flags are spelt as JSON spells them; a file has name, filename, media type and bytes."""
    asked = Asked(1, "edit", "http://h/v1", KEY, PARAMS, {"image": ONE})
    assert rules(asked, form(*parts)) == found


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([file("image[]", ONE), file("image[]", OTHER)], []),
        ([file("image", ONE), file("image", OTHER)], [("part-name", "image[]")]),
        ([file("image[0]", ONE), file("image[1]", OTHER)], [("part-name", "image[]")]),
        ([file("image[]", ONE)], [("dropped", "image[]")]),
        ([file("image[]", OTHER), file("image[]", ONE)], [("bytes", "image[]")]),
    ],
)
def test_several_pictures(parts: list[Any], found: list[tuple[str, str]]) -> None:
    """Each is a part named `image[]`, in the order of the caller."""
    asked = Asked(1, "edit", "http://h/v1", KEY, PARAMS, {"image": [ONE, OTHER]})
    assert rules(asked, form(*texts(), *parts)) == found


def test_what_the_caller_left_open_is_not_judged() -> None:
    """Without a name and a media type from the caller, any will do."""
    asked = Asked(1, "edit", "http://h/v1", KEY, PARAMS, {"image": Upload(ONE.path)})
    assert rules(asked, form(*texts(), file("image", ONE, filename="upload", media_type="image/x"))) == []


def test_a_path_that_leaks_is_told_without_it() -> None:
    """A report that is shown around does not tell where a file lies."""
    asked = Asked(1, "edit", "http://h/v1", KEY, PARAMS, {"image": ONE})
    (found,) = wire.findings(asked, [form(*texts(), file("image", ONE, filename=ONE.path))])
    assert found.place == "image: filename"
    assert found.text == "`image` is called 'square.png', and arrived as its whole path on this machine"


def test_a_form_that_breaks_off() -> None:
    """It is told as a body that is none."""
    asked = Asked(1, "edit", "http://h/v1", KEY, PARAMS, {"image": ONE})
    assert rules(asked, form(*texts(), PICTURE, cut=9)) == [("media-type", "")]
    assert rules(asked, exchange(b"x", "multipart/form-data", path="/v1/images/edits")) == [("media-type", "")]
    broken = exchange(b"--x\r\nno header\r\n\r\n--x--", "multipart/form-data; boundary=x", path="/v1/images/edits")
    assert rules(asked, broken) == [("media-type", "")]
