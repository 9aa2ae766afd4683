"""`--watch`: a script file is read again when it changes, and nothing that was counted is lost."""

from __future__ import annotations

import asyncio
import http.client
import itertools
import json
import logging
import os
import queue
import re
import signal
import subprocess
import sys
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from mockserver import script_file
from mockserver.mock_server import MockServer
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from mockserver.images_api import ImagesApi
    from mockserver.lines import Line

ONCE = '[[line]]\nscenario = "quota; times=1"\n'
OVERLOADED = '[[line]]\nscenario = "503-overloaded"\nmatch.prompt = "owl"\n'


class Told(logging.Handler):
    """What the log says of scripts, line by line."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: queue.Queue[str] = queue.Queue()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.lines.put(record.getMessage())

    def next(self) -> str:
        """Wait for the next line."""
        return self.lines.get(timeout=20)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """The log of a server that looks more often than usual."""
    monkeypatch.setattr(script_file, "_SECONDS", 0.02)
    handler, log = Told(), script_file.LOG
    log.addHandler(handler)
    level = log.level
    log.setLevel(logging.INFO)
    yield handler
    log.setLevel(level)
    log.removeHandler(handler)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A file with a line that plays once for each request."""
    file = tmp_path / "script.toml"
    file.write_text(ONCE)
    return file


@pytest.fixture
def server(script: Path, told: Told) -> Iterator[MockServer]:
    """A server that watches it."""
    with MockServer(Settings(script=str(script), watch=True)) as running:
        assert told.next() == f"{script}: 1 line in play, watched"
        yield running


def ask(api: ImagesApi, prompt: str = "a dot") -> int:
    """Return the status of a request."""
    body = {"model": "gpt-image-1", "prompt": prompt, "quality": "low", "size": "1024x1024"}
    place = urlsplit(f"{api.base_url}/images/generations")
    with closing(http.client.HTTPConnection(place.netloc, timeout=20)) as line:
        headers = {"authorization": "Bearer k", "content-type": "application/json"}
        line.request("POST", place.path, json.dumps(body), headers)
        reply = line.getresponse()
        reply.read()
        return reply.status


def save(script: Path, text: str) -> None:
    """Save as careful editors do: another file takes the place of this one, at once."""
    other = script.with_suffix(".new")
    other.write_text(text)
    other.rename(script)


def test_a_new_version_comes_into_play_and_nothing_is_forgotten(server: MockServer, script: Path, told: Told) -> None:
    """Lines that stayed go on counting in every space, those that were added by other doors stay too."""
    blue = server.space("blue")
    blue.fail("moderation", match={"prompt": "fox"})
    assert [ask(server), ask(blue)] == [429, 429]
    save(script, f"{OVERLOADED}\n{ONCE}")
    assert told.next() == f"{script}: 2 lines in play: 1 new, 1 as before"
    assert [ask(server), ask(blue), ask(server, "an owl"), ask(blue, "an owl")] == [200, 200, 503, 503]
    assert [ask(blue, "a fox") for _ in range(2)] == [429, 400]
    assert [ask(server.space("red")) for _ in range(2)] == [429, 200]
    assert [entry["status"] for entry in server.requests] == [429, 200, 503]
    save(script, "# nothing any more\n")
    assert told.next() == f"{script}: 0 lines in play: 2 taken out"
    assert [ask(server, "an owl"), ask(blue, "a fox")] == [200, 400]


def test_a_faulty_version_is_refused_in_one_line(server: MockServer, script: Path, told: Told) -> None:
    """The one before stays in play, and a mended one follows."""
    save(script, f'{ONCE}\n[[line]]\nscenario = "503-overladed"\n')
    wrong = "no scenario '503-overladed': did you mean '503-overloaded'?"
    assert told.next() == f"{script}:5: {wrong} · the version before stays in play"
    assert [ask(server) for _ in range(2)] == [429, 200]
    save(script, f"{ONCE}\n{OVERLOADED}")
    assert told.next() == f"{script}: 2 lines in play: 1 new, 1 as before"
    assert [ask(server), ask(server, "an owl")] == [200, 429]


def in_place(script: Path, text: str) -> None:
    """Save as a simple editor does: empty the file, and write it in pieces."""
    with script.open("w") as file:
        for line in text.splitlines(keepends=True):
            file.write(line)
            file.flush()


def as_old(script: Path, text: str) -> None:
    """Put a file in its place that is just as old and just as long."""
    other, before = script.with_suffix(".new"), script.stat()
    other.write_text(text)
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.rename(script)


def away(script: Path, text: str) -> None:
    """Save as others do: the file moves away, and a new one is written."""
    script.rename(script.with_suffix(".bak"))
    script.write_text(text)


@pytest.mark.parametrize("saved", [in_place, as_old, away])
def test_every_way_to_save_is_noticed(
    server: MockServer,
    script: Path,
    told: Told,
    saved: Callable[[Path, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Told once."""
    monkeypatch.setattr(script_file, "_SECONDS", 0.5)
    assert ask(server) == 429
    saved(script, ONCE.replace("1", "2"))
    assert told.next() == f"{script}: 1 line in play: 1 new, 1 taken out"
    assert [ask(server) for _ in range(3)] == [429, 429, 200]
    assert told.lines.empty()


def test_half_a_file_is_never_read(script: Path, told: Told) -> None:
    """As long as the rest follows before the second look."""
    put: list[Sequence[Line]] = []
    edits: list[Callable[[], object]] = [
        lambda: script.write_text("[[line]]\n"),
        lambda: script.write_text(OVERLOADED),
        int,
        int,
    ]

    async def pause() -> None:
        edits.pop(0)()

    with pytest.raises(IndexError):
        asyncio.run(script_file.ScriptFile(script, put.append).watch(pause))
    assert told.next() == f"{script}: 1 line in play: 1 new, 1 taken out"
    assert (told.lines.empty(), len(put)) == (True, 1)


def test_a_file_that_is_gone_for_long_is_told_once(server: MockServer, script: Path, told: Told) -> None:
    """What it said stays in play until it is there again."""
    script.unlink()
    assert told.next() == f"{script} is gone; what it said stays in play"
    assert [ask(server) for _ in range(2)] == [429, 200]
    script.mkdir()
    assert told.next() == f"{script}: Is a directory · the version before stays in play"
    script.rmdir()
    save(script, f"# the same\n{ONCE}")
    assert [told.next(), ask(server)] == [f"{script}: 1 line in play: 1 as before", 200]


def test_a_space_that_begins_anew_has_the_newest_version(server: MockServer, script: Path, told: Told) -> None:
    """All of it, uncounted."""
    assert [ask(server) for _ in range(2)] == [429, 200]
    save(script, f"{ONCE}\n{OVERLOADED}")
    told.next()
    httpx.post(f"{server.url}/_mock/reset")
    assert [ask(server), ask(server), ask(server, "an owl"), ask(server, "an owl")] == [429, 200, 429, 503]


@contextmanager
def running(script: Path, *options: str) -> Iterator[tuple[str, Iterator[str]]]:
    """Give the base URL of a server of the command line, and the lines of its log."""
    command = [sys.executable, "-m", "mockserver", "--port", "0", "--script", str(script), "--watch", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - a fixed command
        assert process.stdout
        assert process.stderr
        try:
            found = (re.search(r"OPENAI_BASE_URL=(\S+)", line) for line in process.stdout)
            url = next(each[1] for each in found if each)
            yield url, (line[9:].rstrip("\n") for line in process.stderr)
        finally:
            process.send_signal(signal.SIGINT)
            rest = process.communicate(timeout=30)[1]
        assert process.returncode == 0
        assert "Traceback" not in rest


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_command_line_tells_of_each_change_once(script: Path, workers: str) -> None:
    """However many workers see it."""
    with running(script, "--workers", workers) as (url, log):
        assert next(log) == f"{script}: 1 line in play, watched"
        save(script, "[[line]\n")
        assert next(log).startswith(f"{script}:1: not TOML: ")
        save(script, '[[line]]\nscenario = "503-overloaded"\n')
        assert next(log) == f"{script}: 1 line in play: 1 new, 1 taken out"
        statuses: list[int] = []
        while statuses[-10:] != [503] * 10:  # until every worker has seen it
            assert len(statuses) < 500
            statuses.append(httpx.get(f"{url}/models/nope", headers={"authorization": "Bearer k"}).status_code)
        assert all(" GET /v1/models/nope · " in line for line in itertools.islice(log, len(statuses)))


def test_there_must_be_a_file_to_watch() -> None:
    """Said in one line, with status 2."""
    command = [sys.executable, "-m", "mockserver", "--watch"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)  # noqa: S603 - a fixed command
    said = "mockserver: --watch reads a script again: name the file with --script FILE\n"
    assert (done.returncode, done.stderr) == (2, said)
