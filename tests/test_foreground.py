"""How the server in the foreground ends: quietly, after the requests in flight, or at once."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

FOREGROUND = """
import asyncio
from mockserver.server import bind, local_url, run

async def app(scope, receive, send):
    await asyncio.sleep({"/slow": 0.5, "/stuck": 60}[scope["path"]])
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
    await send({"type": "http.response.body", "body": b"done"})

with bind("127.0.0.1", 0) as sock:
    run(app, sock, on_ready=lambda: print(local_url(sock), flush=True))
print("ended", flush=True)
"""


@contextmanager
def foreground() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run an app in the foreground of another process; give the process and its port."""
    command, pipe = [sys.executable, "-c", FOREGROUND], subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:  # noqa: S603  # our own
        try:
            assert process.stdout is not None
            yield process, int(process.stdout.readline().rpartition(":")[2])
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_lets_requests_finish(number: signal.Signals) -> None:
    """Ctrl-C and SIGTERM finish what is in flight and end quietly."""
    with foreground() as (process, port), socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(b"GET /slow HTTP/1.1\r\n\r\n")
        time.sleep(0.1)
        process.send_signal(number)
        assert b"".join(iter(lambda: line.recv(65536), b"")).endswith(b"done")
        assert process.communicate(timeout=5) == ("ended\n", "")
        assert process.returncode == 0


def test_a_second_ctrl_c_ends_at_once() -> None:
    """Who does not want to wait need not, and sees no traceback either."""
    with foreground() as (process, port), socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(b"GET /stuck HTTP/1.1\r\n\r\n")
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=2) == ("ended\n", "")
        assert process.returncode == 0
