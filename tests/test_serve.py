"""The processes behind `mockserver serve`, seen through their ports, their output and their end."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from mockserver.banner import banner
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOCKSERVER = [sys.executable, "-W", "error", "-m", "mockserver"]


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own choices out."""
    for name in [name for name in os.environ if name.startswith("MOCKSERVER_")]:
        monkeypatch.delenv(name)


@contextmanager
def serving(*arguments: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a server; give its process and the root URL that it printed."""
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603  # our own command
        [*MOCKSERVER, *arguments], stdout=pipe, stderr=pipe, text=True, env={**os.environ, **environment}
    ) as process:
        try:
            assert process.stdout is not None
            line = next(line for line in process.stdout if "OPENAI_BASE_URL" in line)
            yield process, line.strip().partition("=")[2].removesuffix("/v1")
        finally:
            end(process)


def end(process: subprocess.Popen[str]) -> str:
    """End a server as Ctrl-C does, and return what it said on stderr."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        return process.communicate(timeout=10)[1]
    except ValueError:  # read to its end before
        return ""
    finally:
        process.kill()


def status(url: str) -> int:
    """Ask for something that is there or not, and return the status."""
    try:
        with urllib.request.urlopen(f"{url}/v1/nothing", timeout=10) as answer:  # noqa: S310  # our own
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_any_free_port_is_printed_and_answers() -> None:
    """Port 0 takes a free port; the banner is the only output, and stderr has the requests."""
    with serving("--port", "0") as (process, url):
        assert re.fullmatch(r"http://127\.0\.0\.1:[1-9]\d*", url)
        assert status(url) in range(400, 500)
        said = end(process)
    assert process.returncode == 0
    assert re.fullmatch(r"\d\d:\d\d:\d\d [^\n]*/v1/nothing[^\n]*\n", said)


def test_a_server_with_a_journal_ends_with_what_was_saved() -> None:
    """By space and by model."""
    body = json.dumps({"model": "gpt-image-1", "prompt": "a", "quality": "low", "size": "1024x1024"}).encode()
    headers = {"authorization": "Bearer k", "content-type": "application/json"}
    with serving("--port", "0", "--journal", "10") as (process, url):
        asked = urllib.request.Request(f"{url}/s/blue/v1/images/generations", body, headers)  # noqa: S310  # our own
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310  # as above
            assert answer.status == 200
        said = end(process)
    assert re.search(r"space blue: \$0\.01\d saved on 1 request\n +gpt-image-1 +1 x", said), said
    assert "space default" not in said


def test_each_worker_ends_with_what_was_saved() -> None:
    """And says who it is."""
    body = json.dumps({"model": "gpt-image-1", "prompt": "a", "quality": "low", "size": "1024x1024"}).encode()
    headers = {"authorization": "Bearer k", "content-type": "application/json"}
    with serving("--port", "0", "--journal", "10", "--workers", "2") as (process, url):
        asked = urllib.request.Request(f"{url}/v1/images/generations", body, headers)  # noqa: S310  # our own
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310  # as above
            assert answer.status == 200
        said = end(process)
    assert re.search(r"worker \d+, space default: \$0\.01\d saved on 1 request\n", said), said


def test_a_variable_reaches_the_server() -> None:
    """The environment configures a container."""
    with serving(MOCKSERVER_PORT="0", MOCKSERVER_LOG_LEVEL="error") as (process, url):
        assert status(url) in range(400, 500)
        assert end(process) == ""


def test_a_host_for_everyone_is_a_warning() -> None:
    """Who opens the server to the network is told so, and still gets a local address to paste."""
    with serving("--host", "0.0.0.0", "--port", "0") as (process, url):  # noqa: S104  # the case
        assert url.startswith("http://127.0.0.1:")
        assert "anyone who can reach this machine can use the server" in end(process)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_several_workers_share_the_port(number: signal.Signals, tmp_path: Path) -> None:
    """Two processes answer, a killed one is replaced, and a signal ends all and removes their shelf."""
    if shutil.which("pgrep") is None:
        pytest.skip("pgrep is needed to see the processes")
    with serving("--port", "0", "--workers", "2", TMPDIR=str(tmp_path)) as (process, url):
        before = workers(process)
        assert len(before) == 2
        assert [path.name[:11] for path in tmp_path.iterdir()] == ["mockserver-"]
        os.kill(min(before), signal.SIGKILL)
        assert status(url) in range(400, 500)
        after = until_replaced(process, before)
        assert len(after & before) == 1
        process.send_signal(number)
        said = process.communicate(timeout=10)[1]
    assert process.returncode == 0
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []
    assert not any(is_alive(worker) for worker in before | after)


def workers(process: subprocess.Popen[str]) -> set[int]:
    """Return the ids of the worker processes."""
    found = subprocess.run(  # noqa: S603  # a fixed command
        ["pgrep", "-P", str(process.pid), "-f", "spawn_main"],  # noqa: S607  # wherever it is
        capture_output=True,
        text=True,
        check=False,
    )
    return set(map(int, found.stdout.split()))


def until_replaced(process: subprocess.Popen[str], before: set[int]) -> set[int]:
    """Wait for two workers of which one is new."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        now = workers(process)
        if len(now) == 2 and now != before:
            break
        time.sleep(0.05)
    return now


def is_alive(process_id: int) -> bool:
    """Return whether a process of this id exists."""
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def test_orphaned_workers_end(tmp_path: Path) -> None:
    """Workers whose parent was killed do not hold the port, nor keep the shelf."""
    if shutil.which("pgrep") is None:
        pytest.skip("pgrep is needed to see the processes")
    with serving("--port", "0", "--workers", "2", TMPDIR=str(tmp_path)) as (process, _):
        orphans = workers(process)
        process.kill()
        process.communicate(timeout=10)
        deadline = time.monotonic() + 5
        while any(map(is_alive, orphans)) and time.monotonic() < deadline:
            time.sleep(0.05)
    assert not any(map(is_alive, orphans))
    assert list(tmp_path.iterdir()) == []


def test_the_printed_command_leaves_a_picture(tmp_path: Path) -> None:
    """What the banner says to paste works as printed."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    with serving("--port", "0", "--api-key", "sk-it's", "--log-level", "error") as (process, url):
        text = banner(url, Settings(api_keys=("sk-it's",)))
        pasted = re.search(r"  curl .*red-circle\.png", text, re.DOTALL)
        assert pasted is not None
        subprocess.run(["sh", "-c", pasted[0]], cwd=tmp_path, timeout=20, check=True)  # noqa: S603, S607  # our own words
        assert end(process) == ""
    with Image.open(tmp_path / "red-circle.png") as picture:
        picture.load()
        assert min(picture.size) >= 1024


def test_a_closed_reader_does_not_end_the_server() -> None:
    """`mockserver | head -1` and a log that nobody reads any more cost nothing but the text."""
    with serving("--port", "0") as (process, url):
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            stream.close()
        assert [status(url) for _ in range(3)] == [status(url)] * 3
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=5) == 0
