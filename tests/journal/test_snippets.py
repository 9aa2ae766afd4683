"""Snippets are run: what they send is what was sent before."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.journal.curl import curl, file_name
from mockserver.journal.openai_python import openai_python
from mockserver.journal.seen import Seen
from mockserver.journal.shown import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from journal.conftest import Open
    from mockserver.journal import Entry

IMAGES = Path(__file__).parents[2] / "fixtures/images"
KEY = {"OPENAI_API_KEY": "sk-live-0123456789abcdefghij", "PATH": os.environ["PATH"]}
NASTY = 'it\'s "$HOME" `id` \\n %s \x1b[2J \u202e é 🙂\nsecond line; rm -rf !1 #'

has_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


def run(command: list[str], folder: Path) -> None:
    """Run a snippet where its files lie."""
    subprocess.run(command, cwd=folder, env=KEY, check=True, capture_output=True, timeout=60)  # noqa: S603 - our own


def replayed(opened: Open, tmp_path: Path, language: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Run the snippet of the newest entry, and return that entry and the one that it made."""
    before = opened.last()
    snippet = curl(before) if language == "sh" else openai_python(before)
    assert all(line.isprintable() for line in snippet.split("\n")), snippet
    assert "0123456789" not in snippet
    (tmp_path / "snippet").write_text(snippet, encoding="utf-8")
    run(["sh" if language == "sh" else sys.executable, "snippet"], tmp_path)
    assert opened.last().number == before.number + 1
    return shown(before), shown(opened.last())


def same(first: dict[str, Any], second: dict[str, Any]) -> None:
    """Compare what two entries asked for, and what became of it."""
    fields = ("method", "path", "query", "parameters", "status", "rule", "dollars")
    assert {name: first[name] for name in fields} == {name: second[name] for name in fields}


BODIES = [
    {},
    {"prompt": NASTY},
    {"prompt": "@/etc/passwd"},
    {"n": 0},
    {"prompt": "x" * 30_000, "user": "é" * 40_000},
    {"stream": True, "partial_images": 1},
    {"unknown": {"deep": [None, 1.5, "a'b"]}},
    {"n": 1e300, "size": "1024x1024"},
    {"prompt": None},
]


@has_curl
@pytest.mark.parametrize("body", BODIES, ids=lambda body: ascii(body)[:40])
def test_a_curl_line_asks_the_same_again(opened: Open, tmp_path: Path, body: dict[str, object]) -> None:
    """In any POSIX shell, for any text."""
    opened.ask(**body)
    same(*replayed(opened, tmp_path, "sh"))


@pytest.mark.parametrize("body", BODIES, ids=lambda body: ascii(body)[:40])
def test_a_python_program_asks_the_same_again(opened: Open, tmp_path: Path, body: dict[str, object]) -> None:
    """Through OpenAI's client; a refusal is an error there, after the request was sent."""
    opened.ask(**body)
    if opened.last().status == 200:
        same(*replayed(opened, tmp_path, "python"))
    else:
        with pytest.raises(subprocess.CalledProcessError):
            replayed(opened, tmp_path, "python")
        first, second = (shown(entry) for entry in opened.journal.entries())
        same(first, second)


@has_curl
@pytest.mark.parametrize(
    "body",
    [b"", b"not json", b"@file", b'{"prompt": "\\u001b', b"\xff\x00\x1b\r\n'end", b"{" * 150_000],
    ids=["empty", "text", "at", "cut", "bytes", "long"],
)
def test_a_broken_body_is_sent_again_byte_for_byte(opened: Open, tmp_path: Path, body: bytes) -> None:
    """Bytes that are no text, and more than an argument may have, go through a pipe."""
    opened.http.post("/images/generations", content=body, headers={"content-type": "application/json"})
    same(*replayed(opened, tmp_path, "sh"))
    assert opened.last().body == body


@has_curl
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/models"), ("DELETE", "/models/x"), ("HEAD", "/models"), ("GET", "/ü ?q='a")]
)
def test_requests_without_a_body(opened: Open, tmp_path: Path, method: str, path: str) -> None:
    """Any method and path."""
    opened.http.request(method, path, headers={"x-mock-day": "2026-01-01"})
    same(*replayed(opened, tmp_path, "sh"))


@pytest.mark.parametrize("language", [pytest.param("sh", marks=has_curl), "python"])
@pytest.mark.parametrize(
    ("path", "fields", "files"),
    [
        (
            "edits",
            {"prompt": 'it\'s "a" $dot; type=x', "model": "gpt-image-1", "quality": "low", "n": "1"},
            ["square.png"],
        ),
        (
            "edits",
            {"prompt": "@<two", "model": "gpt-image-1", "quality": "low", "stream": "true"},
            ["square.png", "wide.png"],
        ),
        ("variations", {"size": "256x256"}, ["square.png"]),
    ],
    ids=["edit", "edit of two", "variation"],
)
def test_forms_are_sent_again_with_their_files(
    opened: Open, tmp_path: Path, language: str, path: str, fields: dict[str, str], files: list[str]
) -> None:
    """From the current directory."""
    for name in files:
        shutil.copy(IMAGES / name, tmp_path / name)
    spelled = "image" if len(files) == 1 else "image[]"
    parts = [(spelled, (name, (IMAGES / name).read_bytes(), "image/png")) for name in files]
    assert opened.http.post(f"/images/{path}", data=fields, files=parts).status_code == 200
    same(*replayed(opened, tmp_path, language))


def test_a_replay_stays_in_its_space_and_plays_its_scenario(opened: Open, made: Callable[..., Entry]) -> None:
    """The prefix, the headers that matter, and a key of ours."""
    headers = [
        (b"x-mock-scenario", b"429-slow-down; times=1"),
        (b"authorization", b"Bearer sk-mock-it's"),
        (b"te", b"x"),
    ]
    entry = made(headers=headers, path="/s/one/v1/images/generations")
    assert "/s/one/v1/images/generations" in curl(entry)
    assert "-H 'x-mock-scenario: 429-slow-down; times=1'" in curl(entry)
    assert "Bearer sk-mock-it" in curl(entry)
    assert "te: x" not in curl(entry)
    assert "/s/one/v1'" in openai_python(entry)
    assert "sk-mock-it's" in openai_python(entry)
    assert opened.journal is not None


@pytest.mark.parametrize(
    ("fields", "parts"),
    [
        (
            {"path": "/openai/deployments/d/images/generations", "query": b"api-version=2025-04-01"},
            ["AzureOpenAI", "2025"],
        ),
        ({"path": "/v1/models/a", "method": "GET", "body": b""}, ["client.get('/models/a', cast_to=object)"]),
        ({"path": "/v1/files/f'x", "method": "DELETE", "body": b""}, ['client.delete("/files/f\'x"']),
        ({"path": "/v1/images/edits", "body": {"images": []}}, ["client.post('/images/edits', body={'images': []}"]),
        ({"path": "/nope", "method": "TRACE", "body": b""}, ["client.get('/nope'"]),
        ({"body": b'{"prompt": "a", "n": -1e999}'}, ["n=float('-inf')"]),
        ({"headers": [(b"api-key", b"k" * 30)]}, ['os.environ["OPENAI_API_KEY"]']),
    ],
    ids=["azure", "get", "delete", "json edit", "unknown", "infinity", "api-key"],
)
def test_programs_for_what_the_client_has_no_method_for(
    made: Callable[..., Entry], fields: dict[str, Any], parts: list[str]
) -> None:
    """They compile, and say what is meant."""
    program = openai_python(made(**fields))
    compile(program, "snippet", "exec")
    for part in parts:
        assert part in program
    assert curl(made(**fields)).startswith("curl -sS ")


@pytest.mark.parametrize(
    ("sent", "safe"),
    [
        ("a.png", "a.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\my photo.png", "my_photo.png"),
        ("-rf", "rf"),
        (".hidden", "hidden"),
        ("", "file"),
        ("\x1b;$(id)", "_id_"),
        ("é.png", "_.png"),
        ("x" * 300, "x" * 80),
    ],
)
def test_a_file_name_is_safe_to_read_from(sent: str, safe: str) -> None:
    """The client's, tamed."""
    assert file_name(Seen(sent, None, 0, None, str)) == safe


def test_a_body_that_was_not_kept_is_named(made: Callable[..., Entry]) -> None:
    """The person has to supply it."""
    entry = made()
    entry.body = None
    assert "--data-binary @body" in curl(entry)
