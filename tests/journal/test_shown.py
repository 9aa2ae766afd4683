"""An entry as JSON: order, masks, and untrusted text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.journal.curl import curl
from mockserver.journal.har import har_text
from mockserver.journal.kept import Journal
from mockserver.journal.masks import is_secret, masked
from mockserver.journal.openai_python import openai_python
from mockserver.journal.plain import plain, shown_text, to_json
from mockserver.journal.shown import export_text, shown, shown_value
from mockserver.journal.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from journal.conftest import Open
    from mockserver.journal import Entry

ORDER = (
    "number arrived seconds method path prefix query endpoint model asked parameters headers body_bytes retry attempt"
    " status request_id rule hint dollars reply cut gone played seed"
)


def test_the_order_of_fields_is_fixed(opened: Open) -> None:
    """Of every entry, answered or not."""
    opened.ask()
    told = json.loads(export_text(opened.journal))
    assert list(told) == ["kept", "dropped", "most_entries", "most_bytes", "bytes", "entries"]
    assert list(told["entries"][0]) == ORDER.split()
    assert list(told["entries"][0]["reply"]) == ["headers", "bytes", "events", "complete"]


def test_an_answered_request_is_told_whole(opened: Open) -> None:
    """What the client sent, what it got, and what it would have cost; also when the reply was kept from before."""
    for attempt in (1, 2):
        reply = opened.ask()
        told: dict[str, Any] = json.loads(export_text(opened.journal))["entries"][-1]
        assert told["parameters"] == {
            "model": "gpt-image-1",
            "prompt": "a dot",
            "quality": "low",
            "size": "1024x1024",
        }
        assert (told["attempt"], told["model"], told["endpoint"]) == (attempt, "gpt-image-1", "generations")
        assert (told["status"], told["reply"]["bytes"]) == (200, len(reply.content))
        assert told["request_id"] == reply.headers["x-request-id"]
        assert 0.01 < told["dollars"] < 0.02
        assert told["body_bytes"] == len(reply.request.content)


def test_a_request_that_is_still_answered_can_be_shown(made: Callable[..., Entry]) -> None:
    """Its seconds are null."""
    journal = Journal()
    journal.open(made(seconds=None, complete=False, status=0))
    assert json.loads(export_text(journal))["entries"][0]["seconds"] is None


SECRET = "sk-live-0123456789abcdefghij"  # noqa: S105 - a made-up key


def test_a_key_is_masked_wherever_it_stands(made: Callable[..., Entry]) -> None:
    """Headers, path, query, parameters, also inside of other text; other secrets by their names."""
    headers = [
        (b"authorization", f"Bearer {SECRET}".encode()),
        (b"api-key", b"another-key-of-mine"),
        (b"Cookie", b"session=1"),
        (b"x-copy", SECRET.encode()),
        (b"openai-organization", b"org-1"),
    ]
    entry = made(
        body={"prompt": f"draw {SECRET}", "api_key": "hidden-value", "list": [{"token": "hidden-too"}]},
        headers=headers,
        path=f"/v1/{SECRET}",
        query=f"sig=abcdefghijklmnopqrstu&api-key={SECRET}&size=1&copy={SECRET}".encode(),
        reply_headers=[(b"set-cookie", b"__cf_bm=secret-cookie"), (b"x-request-id", b"req_1")],
    )
    text = to_json(shown(entry))
    for hidden in (SECRET, "another-key", "session=1", "hidden-value", "hidden-too", "abcdefghijklm", "secret-cookie"):
        assert hidden not in text
    told = json.loads(text)
    assert dict(told["headers"])["authorization"] == "Bearer sk-live…ghij"
    assert dict(told["headers"])["openai-organization"] == "org-1"
    assert told["parameters"]["prompt"] == "draw sk-live…ghij"


@pytest.mark.parametrize(
    ("secret", "shown"),
    [("abc", "abc…"), ("0123456789", "012…"), ("x" * 40, "xxxxxxx…xxxx"), ("sk-mock-429", "sk-mock-429"), ("", "…")],
)
def test_masks(secret: str, shown: str) -> None:
    """Keys that play a scenario are no secrets."""
    assert masked(secret) == shown


@pytest.mark.parametrize(
    ("name", "secret"),
    [("Authorization", True), ("X-Api-Key", True), ("sig", True), ("size", False), ("signal", False), ("user", False)],
)
def test_names_of_secrets(name: str, secret: bool) -> None:
    """By what they contain."""
    assert is_secret(name) is secret


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("\x1b[2J\x7f\u202e", '"\\u001b[2J\\u007f\\u202e"'),
        ("\ud800x", '"\\ufffdx"'),
        (float("inf"), '"inf"'),
        (float("nan"), '"nan"'),
        ({"\ud800": [1, None, True, 2.5]}, '{"\\ufffd": [1, null, true, 2.5]}'),
        (object, "\"<class 'object'>\""),
    ],
    ids=ascii,
)
def test_json_stays_json_in_printable_ascii(value: object, told: str) -> None:
    """Whatever a client sent."""
    text = to_json(value)
    assert text == told
    assert text.isascii()
    assert text.isprintable()
    json.loads(text.encode("utf-8"))


def test_numbers_that_json_reads_but_does_not_have_are_told_as_text(made: Callable[..., Entry]) -> None:
    """A client may send 1e999."""
    entry = made(body=b'{"n": 1e999, "deep": ' + b"[" * 50 + b"]" * 50 + b"}")
    told = shown(entry)["parameters"]
    assert isinstance(told, dict)
    assert told["n"] == "inf"
    assert "…" in to_json(told["deep"]).encode().decode("unicode_escape")


def test_a_wide_body_is_told_in_bounds(made: Callable[..., Entry]) -> None:
    """A million numbers in one list, or names without end."""
    wide = made(body=b'{"list": [' + b"1," * 200_000 + b"1]}")
    assert len(to_json(shown(wide))) < 400_000
    named = made(body=json.dumps({f"name{number}": number for number in range(30_000)}).encode())
    assert len(to_json(shown(named))) < 800_000


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\nb\tc\r", r"a\nb\tc\r"),
        ("\x1b", r"\u001b"),
        ("x" * 61, "x" * 60 + "…"),
        ([1, "é"], r'[1, "\u00e9"]'),
        ("é", "é"),
    ],
)
def test_text_for_a_terminal(value: object, text: str) -> None:
    """One line, printable, short."""
    assert shown_text(value) == text


def test_a_missing_parameter_is_a_key_error(made: Callable[..., Entry]) -> None:
    """Wherever the path ends."""
    entry = made(body={"a": [{"b": 1}]})
    assert shown_value(entry, "a[0].b") == 1
    for path in ("b", "a[1]", "a[x]", "a[0].c", "a[0].b.c", "a[-1]", "a[999999999]"):
        with pytest.raises(KeyError):
            shown_value(entry, path)


def test_what_no_json_can_say_is_told_as_text() -> None:
    """For values that a fault left."""
    assert plain({1: (b"x",)}) == {"1": ["b'x'"]}


@pytest.mark.parametrize("depth", [20, 300, 700, 5000])
def test_a_body_without_bottom_is_survived_everywhere(made: Callable[..., Entry], depth: int) -> None:
    """However deep a client nests."""
    journal = Journal()
    body = b'{"prompt": "\\u001b\x1b", "extra": ' + b"[" * depth + b"]" * depth + b"}"
    for sent in (body, body.replace(b"\x1b", b"")):
        entry = made(journal, body=sent)
        assert json.loads(export_text(journal, [entry]))["entries"][0]["number"] == entry.number
        assert curl(entry).isprintable() or "\n" in curl(entry)
        compile(openai_python(entry), "snippet", "exec")
        assert har_text([entry]).isascii()
    assert journal.find({"param.extra": "/x/"}) == []
    assert not verify(journal, {"match": {"param.extra[0][0][0]": "1"}}).passed
