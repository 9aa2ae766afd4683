"""Input that means harm: the API's own refusal or a clear 400/413, never a 500, a hang or memory without bound."""

from __future__ import annotations

import json
import socket
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockserver import bodies
from mockserver.models import MODELS
from mockserver.server import ServerThread
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

GENERATIONS = "/images/generations"
JSON = {"content-type": "application/json"}
SMALL = {"model": "dall-e-2", "size": "256x256", "response_format": "b64_json"}

UNPARSABLE = {
    "empty": b"",
    "not-json": b"prompt=a dot",
    "truncated": b'{"prompt": "a d',
    "array": b"[]",
    "string": b'"a dot"',
    "number": b"7",
    "null": b"null",
    "nul": b"\x00",
    "bom": b'\xef\xbb\xbf{"prompt": "a dot"}',
    "utf-16": '{"prompt": "a dot"}'.encode("utf-16"),
    "invalid-utf-8": b'{"prompt": "\xff\xfe"}',
    "raw-control-character": b'{"prompt": "\x07"}',
    "nan": b'{"prompt": "a dot", "n": NaN}',
    "infinity": b'{"prompt": "a dot", "n": -Infinity}',
    "deep-arrays": b"[" * 100_000,
    "deep-objects": b'{"a":' * 100_000,
    "deep-and-closed": b'{"prompt":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "very-long-number": b'{"prompt": "a dot", "n": ' + b"9" * 5000 + b"}",
    "trailing": b'{"prompt": "a dot"} x',
}


@pytest.mark.parametrize("body", UNPARSABLE.values(), ids=UNPARSABLE)
def test_a_body_that_is_not_a_json_object_is_refused(http: httpx.Client, body: bytes) -> None:
    """With the sentence for unparsable JSON."""
    reply = http.post(GENERATIONS, content=body, headers=JSON)
    assert (reply.status_code, reply.headers["x-mock-rule"]) == (400, "unparsable-json")


VALUES = {
    "1e400": (b'{"model": "gpt-image-1", "prompt": "a dot", "n": 1e400}', "wrong-type"),
    "minus-zero": (b'{"model": "gpt-image-1", "prompt": "a dot", "n": -0.0}', "integer-below-minimum"),
    "big-integer": (b'{"model": "gpt-image-1", "prompt": "a dot", "n": ' + b"9" * 4000 + b"}", "integer-above-maximum"),
    "duplicate-key": (b'{"model": "gpt-image-1", "prompt": "a dot", "n": 1, "n": 0}', "integer-below-minimum"),
    "surrogate-model": (b'{"model": "\\ud800", "prompt": "a dot"}', "model-does-not-exist"),
    "surrogate-key": (b'{"model": "gpt-image-1", "\\udfff": 1}', "unknown-parameter"),
    "nul-value": (b'{"model": "gpt-image-1", "prompt": "a dot", "quality": "\\u0000"}', "value-not-supported"),
    "long-value": (
        b'{"model": "gpt-image-1", "prompt": "a", "size": "' + b"x" * 100_000 + b'"}',
        "value-not-supported",
    ),
    "absurd-size": (b'{"model": "gpt-image-2", "prompt": "a", "size": "99999999x99999999"}', "size-not-divisible"),
    "huge-size": (b'{"model": "gpt-image-2", "prompt": "a", "size": "160000000x160000000"}', "size-edge-too-long"),
    "endless-size": (
        b'{"model": "gpt-image-2", "prompt": "a", "size": "' + b"9" * 9999 + b'x16"}',
        "size-not-parsable",
    ),
    "33000-characters": (b'{"model": "gpt-image-2", "prompt": "' + b"a" * 33_000 + b'"}', "string-too-long"),
    "many-keys": (json.dumps({f"k{n}": n for n in range(50_000)}).encode(), "unknown-parameter"),
    "deep-value": (b'{"model": "gpt-image-2", "prompt": ' + b"[" * 400 + b"]" * 400 + b"}", "wrong-type"),
}


@pytest.mark.parametrize(("body", "rule"), VALUES.values(), ids=VALUES)
def test_a_strange_value_gets_the_refusal_of_its_kind(http: httpx.Client, body: bytes, rule: str) -> None:
    """Whatever is echoed, the body is JSON again."""
    reply = http.post(GENERATIONS, content=body, headers=JSON)
    assert (reply.status_code, reply.headers["x-mock-rule"]) == (400, rule)
    assert reply.json()["error"]["message"]


PROMPTS = {
    "32000-characters": "a" * 32_000,
    "32000-emoji": "🐈‍⬛" * 10_666,
    "surrogate": "\ud83d alone",
    "nul": "a\x00dot",
    "right-to-left": "שלום \u202edot\u202c مرحبا",
    "only-marks": "\u0301" * 500,
    "zalgo": "".join(letter + "\u0335\u0310\u0359" * 20 for letter in "zalgo"),
    "newlines": "\n" * 5000,
    "controls": "".join(map(chr, range(32))) + "\x7f\x85\u2028\u2029",
    "private-use": "\ue000\U0010fffd\uffff",
    "markup": "<script>alert(1)</script>",
    "terminal": "\x1b]0;owned\x07\x1b[2J",
}


@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS)
@pytest.mark.parametrize("output_format", ["png", "jpeg"])
def test_any_text_is_a_prompt(http: httpx.Client, prompt: str, output_format: str) -> None:
    """Up to the limit it is drawn and answered."""
    body = {"model": "gpt-image-2", "quality": "low", "size": "816x816", "output_format": output_format}
    reply = http.post(GENERATIONS, content=json.dumps({**body, "prompt": prompt}), headers=JSON)
    assert reply.status_code == 200, reply.text[:500]


def test_a_revised_prompt_of_any_text_is_json(http: httpx.Client) -> None:
    """dall-e-3 sends the prompt back."""
    for prompt in PROMPTS.values():
        if len(prompt) <= 4000:
            body = json.dumps({"model": "dall-e-3", "prompt": prompt})
            assert http.post(GENERATIONS, content=body, headers=JSON).json()["data"][0]["revised_prompt"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("application/json", 200),
        ("APPLICATION/JSON; charset=utf-8", 200),
        ("text/plain", 400),
        ("application/x-www-form-urlencoded", 400),
        ("multipart/form-data; boundary=x", 400),
        ("", 400),
        ("'\"<>", 400),
    ],
)
def test_a_content_type_is_judged(http: httpx.Client, sent: str, status: int) -> None:
    """Never a 415; what is echoed is the media type alone."""
    reply = http.post(GENERATIONS, content=json.dumps({**SMALL, "prompt": "a dot"}), headers={"content-type": sent})
    assert reply.status_code == status
    if status == 400:
        echoed = sent.partition(";")[0]
        assert f"specified the header 'Content-Type: {echoed}'. Please" in reply.json()["error"]["message"]


def resident() -> int:
    """Return this process's memory in bytes, which holds the server too."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc, which only Linux has")
@pytest.mark.parametrize("length", [True, False], ids=["content-length", "chunked"])
def test_a_body_of_100_mb_is_refused_in_little_memory(http: httpx.Client, length: bool) -> None:
    """The client gets to see the 413, and the bytes are not kept."""
    part = b" " * 1_000_000
    before = resident()
    headers = {**JSON, **({"content-length": str(100 * len(part))} if length else {})}
    reply = http.post(GENERATIONS, content=(part for _ in range(100)), headers=headers)
    assert (reply.status_code, reply.headers["content-type"]) == (413, "text/html")
    assert "413 Request Entity Too Large" in reply.text
    assert resident() - before < 60_000_000


def half_a_request(server: ServerThread, body: bytes) -> socket.socket:
    """Announce 100 bytes, and send fewer."""
    host, port = server.url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=20)
    head = f"POST /v1{GENERATIONS} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer k\r\ncontent-length: 100\r\n\r\n"
    connection.sendall(head.encode() + body)
    return connection


@pytest.mark.parametrize("body", [b"", b'{"prompt": '], ids=["none", "half"])
def test_a_body_that_stalls_is_refused(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    """After a while, with a sentence that says so."""
    monkeypatch.setattr(bodies.Patience.__init__, "__defaults__", (0.2,))
    with ServerThread(Settings()) as server, closing(half_a_request(server, body)) as connection:
        began = time.monotonic()
        reply = connection.recv(65536)
        assert time.monotonic() - began < 5
    assert reply.startswith(b"HTTP/1.1 400 ")
    assert b"did not arrive within 0.2 seconds" in reply


def test_a_slow_body_that_keeps_coming_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patience is with each part, not with the whole."""
    monkeypatch.setattr(bodies.Patience.__init__, "__defaults__", (0.4,))
    with ServerThread(Settings()) as server, closing(half_a_request(server, b"")) as connection:
        for byte in (
            json.dumps({**SMALL, "prompt": "a"}).ljust(100).encode()[start : start + 20] for start in range(0, 100, 20)
        ):
            time.sleep(0.15)
            connection.sendall(byte)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_a_client_that_leaves_in_the_middle_of_a_body_harms_nobody(server: ServerThread, http: httpx.Client) -> None:
    """The next request is answered."""
    for _ in range(20):
        half_a_request(server, b"{").close()
    assert http.post(GENERATIONS, json={**SMALL, "prompt": "a dot"}).status_code == 200


KNOWN = sorted({param for model in MODELS.values() for param in model.generate} | {"model", "bogus"})
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
WORDS = st.sampled_from(
    [
        *MODELS,
        "auto",
        "low",
        "high",
        "hd",
        "png",
        "webp",
        "jpeg",
        "url",
        "b64_json",
        "256x256",
        "816x816",
        "transparent",
    ]
)
ANYTHING = st.recursive(
    SCALARS | WORDS, lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3)
)
PARAMETERS = st.dictionaries(st.sampled_from(KNOWN) | st.text(max_size=5), ANYTHING, max_size=6)
UNDERSTOOD = st.fixed_dictionaries({"model": st.sampled_from([*MODELS]), "prompt": st.text(min_size=1)})
BODIES = st.tuples(PARAMETERS, UNDERSTOOD | st.just({})).map(lambda pair: json.dumps({**pair[0], **pair[1]}))


@pytest.fixture(scope="module")
def hammered(server: ServerThread) -> Iterator[httpx.Client]:
    """A client for the generative tests, one connection for all."""
    with httpx.Client(base_url=server.base_url, headers={"authorization": "Bearer k", **JSON}, timeout=30) as client:
        yield client


HAMMER = settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@HAMMER
@given(body=BODIES)
def test_no_parameters_break_the_server(hammered: httpx.Client, body: str) -> None:
    """Any mixture of known and strange parameters gets a picture or a whole refusal."""
    reply = hammered.post(GENERATIONS, content=body)
    assert reply.status_code in {200, 400}
    if reply.status_code == 400:
        assert list(reply.json()["error"]) == ["message", "type", "param", "code"]
        assert reply.headers["x-mock-rule"]


@HAMMER
@given(
    body=st.binary(max_size=200)
    | st.tuples(BODIES, st.binary(max_size=3), st.integers(0, 100)).map(
        lambda cut: cut[0].encode()[: cut[2]] + cut[1] + cut[0].encode()[cut[2] + 1 :]
    )
)
def test_no_bytes_break_the_server(hammered: httpx.Client, body: bytes) -> None:
    """Nor does any garbage in place of JSON."""
    assert hammered.post(GENERATIONS, content=body).status_code in {200, 400}
