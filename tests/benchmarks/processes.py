"""Server processes: start one, know when it answers, weigh it, stop it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from load import COUNTER
from workloads import REFUSALS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
HOST = "127.0.0.1"
PATIENCE = 30.0
"""Seconds that a server may take to start."""

SERVE = ("serve", "--log-level", "warning")
MOCK = ("-m", "mockserver", *SERVE)

WITHOUT_TOKENS = "import sys; sys.modules['bpe_openai'] = None; from mockserver.cli import main; sys.exit(main())"
LEAN_MOCK = ("-c", WITHOUT_TOKENS, *SERVE)
"""The mock as it is without the extra `[tokens]`, whose vocabulary weighs more than the mock."""

UVICORN = (
    *("--loop", "uvloop", "--http", "httptools", "--ws", "none", "--interface", "asgi3", "--lifespan", "off"),
    *("--no-proxy-headers", "--no-server-header", "--no-access-log", "--log-level", "warning"),
)
"""The options that the mock gives uvicorn."""

BARE = ("-m", "uvicorn", "bare:app", "--app-dir", str(HERE), *UVICORN)
NAIVE = ("-m", "uvicorn", "naive:app", "--app-dir", str(HERE), *UVICORN)

HELLO = (COUNTER % 0).join(REFUSALS.requests[0]).encode()
"""A request that needs no picture: the mock refuses it, others do with it what they like."""


class BrokenError(Exception):
    """A server did not start, or a reply was not what the benchmark counts on."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server process."""

    port: int
    pid: int
    seconds: float
    """From the start of the process to its first reply."""

    @property
    def memory(self) -> float | None:
        """Resident MiB of the process and its children; None where the system does not tell."""
        try:
            return sum(resident(pid) for pid in family(self.pid))
        except OSError:
            return None


def resident(pid: int) -> float:
    """Return the resident MiB of one process; raises OSError without /proc."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def family(pid: int) -> list[int]:
    """Return `pid` and its descendants; raises OSError without /proc."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    children = [int(child) for thread in threads for child in (thread / "children").read_text().split()]
    return [pid, *(descendant for child in children for descendant in family(child))]


@cache
def compiled() -> tempfile.TemporaryDirectory[str]:
    """Return the directory where this run keeps the servers' compiled modules."""
    return tempfile.TemporaryDirectory()


def environment() -> dict[str, str]:
    """Return the environment of a server that runs from compiled modules, as an installed one does.

    The directory is this run's own: the checkout stays clean, whatever Python was told elsewhere.
    """
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**own, "PYTHONPYCACHEPREFIX": compiled().name}


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as plug:
        plug.bind((HOST, 0))
        port: int = plug.getsockname()[1]
        return port


@contextmanager
def running(arguments: tuple[str, ...], more: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run `python ARGUMENTS --port PORT` while inside; raises `BrokenError` when it does not answer."""
    port = free_port()
    command = [sys.executable, *arguments, "--port", str(port)]
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603  # our own command, no shell
            command, cwd=ROOT, env=environment() | dict(more or {}), stdout=output, stderr=output
        )
        try:
            first_reply(process, port, began + PATIENCE)
            yield Server(port, process.pid, time.perf_counter() - began)
        except BrokenError as error:
            output.seek(0)
            message = f"{error}\n{' '.join(command)}\n{output.read().decode(errors='replace')[-2000:]}"
            raise BrokenError(message) from error
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def first_reply(process: subprocess.Popen[bytes], port: int, deadline: float) -> None:
    """Ask every millisecond until the first reply is there; raises `BrokenError` when there is none."""
    while process.poll() is None and time.perf_counter() < deadline:
        with socket.socket() as plug:
            if plug.connect_ex((HOST, port)):
                time.sleep(0.001)
                continue
            plug.settimeout(PATIENCE)
            plug.sendall(HELLO)
            if not plug.recv(4096).startswith((b"HTTP/1.1 200", b"HTTP/1.1 400")):
                message = "the first reply was neither a success nor a refusal"
                raise BrokenError(message)
            return
    message = "the server did not start"
    raise BrokenError(message)
