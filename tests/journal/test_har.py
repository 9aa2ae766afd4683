"""Archives that other tools can read."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from mockserver.journal.har import LONGEST_TEXT, har, har_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from journal.conftest import Open
    from mockserver.journal import Entry

SQUARE = Path(__file__).parents[2] / "fixtures/images/square.png"

REQUIRED: Final[dict[str, dict[str, Any]]] = {
    "entry": {
        "startedDateTime": str,
        "time": (int, float),
        "request": dict,
        "response": dict,
        "cache": dict,
        "timings": dict,
    },
    "request": {
        "method": str,
        "url": str,
        "httpVersion": str,
        "cookies": list,
        "headers": list,
        "queryString": list,
        "headersSize": int,
        "bodySize": int,
    },
    "response": {
        "status": int,
        "statusText": str,
        "httpVersion": str,
        "cookies": list,
        "headers": list,
        "content": dict,
        "redirectURL": str,
        "headersSize": int,
        "bodySize": int,
    },
    "timings": {"send": (int, float), "wait": (int, float), "receive": (int, float)},
}
"""The fields that HAR 1.2 wants, and their types."""


def judge(archive: dict[str, Any]) -> list[dict[str, Any]]:
    """Check an archive against the specification, and return its entries."""
    log = archive["log"]
    assert log["version"] == "1.2"
    assert {name: type(value) for name, value in log["creator"].items()} == {"name": str, "version": str}
    for entry in log["entries"]:
        for part, fields in REQUIRED.items():
            told = entry if part == "entry" else entry[part]
            for name, kind in fields.items():
                assert isinstance(told[name], kind), f"{part}.{name}"
        assert datetime.fromisoformat(entry["startedDateTime"]).tzinfo is not None
        assert all(urlsplit(entry["request"]["url"])[:2])
        for pairs in (entry["request"]["headers"], entry["request"]["queryString"], entry["response"]["headers"]):
            assert all(set(pair) == {"name", "value"} for pair in pairs)
        assert {"size", "mimeType"} <= set(entry["response"]["content"])
        assert isinstance(entry["request"].get("postData", {"mimeType": ""})["mimeType"], str)
    entries: list[dict[str, Any]] = log["entries"]
    return entries


def test_exchanges_of_every_kind_make_a_valid_archive(opened: Open) -> None:
    """Answered, refused, streamed, a form, a GET, one that was cut."""
    opened.ask()
    opened.ask(n=0)
    opened.ask(stream=True)
    with SQUARE.open("rb") as file:
        opened.http.post("/images/edits", data={"prompt": "a"}, files=[("image[]", ("x.png", file, "image/png"))])
    opened.http.get("/models?a=%20b&c")
    archive = json.loads(har_text(opened.journal.entries(), "1.0"))
    whole, refused, streamed, edit, listed = judge(archive)
    assert json.loads(whole["request"]["postData"]["text"])["prompt"] == "a dot"
    assert whole["response"]["content"]["mimeType"] == "application/json"
    assert (refused["response"]["status"], refused["_rule"]) == (400, "integer-below-minimum")
    assert streamed["_events"] == ["image_generation.completed"]
    prompt, image = edit["request"]["postData"]["params"]
    assert prompt == {"name": "prompt", "value": "a"}
    assert (image["name"], image["fileName"], image["contentType"]) == ("image[]", "x.png", "image/png")
    assert len(image["_sha256"]) == 64
    assert listed["request"]["queryString"] == [{"name": "a", "value": " b"}, {"name": "c", "value": ""}]
    assert listed["request"]["url"] == f"{opened.server.base_url}/models?a=%20b&c="


def test_untrusted_exchanges_make_a_valid_archive(made: Callable[..., Entry]) -> None:
    """Control characters, halves of characters, a host that is none, an unknown status, a long body."""
    odd = made(
        body=b'{"prompt": "\\ud800\x1b"' + b"\xff" * LONGEST_TEXT,
        headers=[(b"host", b'x"\r\n/<>'), (b"content-type", b"application/json; charset=utf-8")],
        path="/v1/\x00\u202e /?#",
        query=b"\xff=%zz&&=",
        status=520,
        arrived=1e300,
        method="HEAD",
        complete=False,
    )
    text = har_text([odd, made(seconds=None)])
    assert text.isascii()
    (told,) = judge(json.loads(text))
    assert told["request"]["url"].startswith("http://127.0.0.1/v1/%00%E2%80%AE%20/%3F%23?")
    assert told["request"]["postData"]["_cut"] is True
    assert (told["response"]["statusText"], told["response"]["bodySize"]) == ("", 0)
    assert told["response"]["_error"]


def test_keys_are_masked_in_an_archive(opened: Open) -> None:
    """In headers and in bodies."""
    opened.ask(user="sk-live-0123456789abcdefghij")
    assert "0123456789" not in har_text(opened.journal.entries())


def test_an_archive_of_nothing_is_one() -> None:
    """No entries."""
    assert judge(har([])) == []
