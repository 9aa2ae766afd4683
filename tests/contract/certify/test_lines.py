"""The line protocol: what is read, and the sentence that refuses everything else."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.contract.certify import lines
from mockserver.contract.certify.lines import Asked, Can, Hello, Upload

if TYPE_CHECKING:
    from collections.abc import Callable

HELLO: dict[str, Any] = {"ready": 1, "client": "toy", "can": {"generate": {}}}
ERROR: dict[str, Any] = {"class": "RateLimitError"}


def test_a_call_is_one_line_of_ascii() -> None:
    """What is asked survives any locale: text beyond ASCII is escaped."""
    files: dict[str, Upload | list[Upload]] = {
        "image": [Upload("/x.png", "x.png", "image/png")],
        "mask": Upload("/m.png"),
    }
    line = Asked(1, "edit", "http://h/v1", "sk", {"prompt": "ä\u2028🦊"}, files).line()
    assert line.isascii()
    assert line.endswith(b"}\n")
    assert line.count(b"\n") == 1
    assert json.loads(line) == {
        "id": 1,
        "op": "edit",
        "base_url": "http://h/v1",
        "api_key": "sk",
        "params": {"prompt": "ä\u2028🦊"},
        "files": {
            "image": [{"path": "/x.png", "name": "x.png", "type": "image/png"}],
            "mask": {"path": "/m.png", "name": None, "type": None},
        },
        "max_retries": 2,
        "timeout": 5.0,
    }


def test_a_witness_does_not_tell_the_key_or_where_files_lie() -> None:
    """The key of a call is masked where a report shows the call, and its files are told by their names."""
    files: dict[str, Upload | list[Upload]] = {
        "image": [Upload("/home/me/x.png", "x.png")],
        "mask": Upload("/home/me/m.png"),
    }
    told = Asked(1, "edit", "http://h/v1", "sk-secret", {}, files).masked()
    assert "sk-secret" not in json.dumps(told)
    assert told["files"]["image"] == [{"path": "x.png", "name": "x.png", "type": None}]
    assert told["files"]["mask"]["path"] == "m.png"


def test_a_hello_says_little_or_all() -> None:
    """What a hello leaves out has the meaning that README.md gives it."""
    assert lines.hello(json.dumps(HELLO).encode()) == Hello("toy", {"generate": Can()})
    can = {"params": ["prompt"], "models": ["dall-e-3"], "stream": True, "returns": "pictures"}
    full = {
        **HELLO,
        "version": "1.2",
        "runtime": "Node 20",
        "can": {"vary": can},
        "retries": False,
        "errors": "message",
    }
    assert lines.hello(json.dumps(full).encode()) == Hello(
        "toy",
        {"vary": Can(frozenset({"prompt"}), frozenset({"dall-e-3"}), stream=True, returns="pictures")},
        "1.2",
        "Node 20",
        retries=False,
        errors="message",
    )


def test_an_answer_is_a_value_an_error_or_neither() -> None:
    """The three forms of an answer are told apart."""
    good = lines.told(b'{"id": 1, "ok": true, "value": {"data": []}}')
    assert (good.ok, good.value) == (True, {"data": []})
    odd = lines.told(b'{"id": 1, "ok": true, "value": "<html>"}')
    assert (odd.ok, odd.value) == (True, {"value": "<html>"})
    bad = lines.told(json.dumps({"id": 1, "ok": False, "error": {**ERROR, "status": 429}}).encode())
    assert bad.error
    assert (bad.ok, bad.error.status, bad.error.lineage) == (False, 429, ("RateLimitError",))
    neither = lines.told(b'{"id": 1, "cannot": "no masks"}')
    assert (neither.ok, neither.cannot) == (False, "no masks")


def test_half_a_surrogate_pair_can_be_printed() -> None:
    """A text that is no Unicode does not break the report that shows it."""
    value = lines.told(b'{"id": 1, "ok": true, "value": {"a": "\\ud83d"}}').value
    assert value == {"a": "?"}


@pytest.mark.parametrize(
    ("read", "line", "sentence"),
    [
        (lines.hello, b"Loading...\n", 'the first line is not a line of JSON: "Loading..."; whatever else'),
        (lines.hello, b"\xff\n", "the first line is not UTF-8"),
        (lines.hello, b"[" * 100_000, "the first line is not a line of JSON"),
        (lines.hello, b"[1]", "the first line is [1], not an object"),
        (lines.hello, {"client": "toy"}, 'has no "ready": 1; begin with {"ready": 1'),
        (lines.hello, {"ready": 1, "can": {}}, 'has no "client"'),
        (lines.hello, {"ready": 1, "client": "toy"}, 'has no "can"'),
        (lines.hello, {**HELLO, "client": 3}, 'has 3 as "client", which must be a string'),
        (lines.hello, {**HELLO, "runtimes": "1"}, 'has "runtimes"; write "runtime"'),
        (lines.hello, {**HELLO, "errors": "none"}, 'has "none" as "errors", which must be "fields" or "message"'),
        (lines.hello, {**HELLO, "retries": 2}, 'has 2 as "retries", which must be true or false'),
        (lines.hello, {**HELLO, "can": {"generates": {}}}, '"can" of the first line has "generates"; write "generate"'),
        (lines.hello, {**HELLO, "can": {"edit": []}}, '"can" of edit is [], not an object'),
        (lines.hello, {**HELLO, "can": {"edit": {"params": "n"}}}, "must be null or a list of strings"),
        (lines.told, b"42", "the answer is 42, not an object"),
        (lines.told, b'{"id": 1, "ok": true, "value": {"n": NaN}}', "the answer is not a line of JSON"),
        (lines.told, {"ok": True, "value": {}}, 'has no "id"'),
        (lines.told, {"id": True, "ok": True, "value": {}}, 'has true as "id", which must be an integer'),
        (lines.told, {"id": 1, "value": {}}, 'has no "ok"'),
        (lines.told, {"id": 1, "ok": "yes", "value": {}}, 'has "yes" as "ok", which must be true or false'),
        (lines.told, {"id": 1, "ok": True}, 'has no "value"'),
        (lines.told, {"id": 1, "ok": True, "error": ERROR}, 'has "error"; known are id, ok, value'),
        (lines.told, {"id": 1, "ok": False, "error": {}}, '"error" of the answer has no "class"'),
        (lines.told, {"id": 1, "ok": False, "error": {**ERROR, "status": "429"}}, 'has "429" as "status"'),
        (lines.told, {"id": 1, "ok": False, "error": {**ERROR, "requestId": "x"}}, 'write "request_id"'),
        (lines.told, {"id": 1, "cannot": None}, 'has null as "cannot", which must be a string'),
        (lines.told, {"id": "x" * 500, "ok": True, "value": {}}, "xxx…"),
    ],
)
def test_a_bad_line_is_refused_in_a_sentence(read: Callable[[bytes], object], line: Any, sentence: str) -> None:  # noqa: ANN401
    """Whoever writes a worker is told what stands in the line and what should."""
    with pytest.raises(ValueError, match=re.escape(sentence)):
        read(line if isinstance(line, bytes) else json.dumps(line).encode())
