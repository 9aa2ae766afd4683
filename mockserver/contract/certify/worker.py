"""A client under test in a process of its own: started, asked, killed when it is late, started again."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final, Self

from mockserver.contract.certify import lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from mockserver.contract.certify.lines import Asked, Hello, Told

TAIL: Final = 4096
"""Bytes of stderr that are kept, the last ones."""

LONGEST: Final = 64 << 20
"""Bytes of a line at most: ten pictures as heavy as real ones, in base64."""

UNFIT: Final = 78
"""Exit status of a worker whose stderr says in a sentence why it cannot begin (EX_CONFIG of sysexits.h)."""

_FAREWELL: Final = 1.0
"""Seconds that a worker gets to end by itself once its stdin is closed."""

_CHUNK: Final = 1 << 16


class WorkerError(Exception):
    """A worker that does not start or does not keep to the protocol; the sentence says what its author can do."""


@dataclass(frozen=True, slots=True)
class Hung:
    """It did not answer before the deadline, and was killed."""

    seconds: float
    stderr: str


@dataclass(frozen=True, slots=True)
class Crashed:
    """Its process ended without an answer."""

    status: int
    """Exit status; minus a signal's number where a signal ended it."""

    stderr: str


class Worker:
    """One client in its process group; for one thread at a time."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        start_deadline: float = 60,
    ) -> None:
        """Prepare to run `command` with `env` added to this process's environment, from which OPENAI_* is taken."""
        self.command = tuple(command)
        self.cwd = cwd
        self.env = _environment(env or {})
        self.start_deadline = start_deadline
        self._process: _Process | None = None
        self._hello: Hello | None = None

    @property
    def hello(self) -> Hello:
        """Return what the worker says of its client; starts it where that has not been heard.

        Raises:
            WorkerError: it does not start.
        """
        if self._hello is None:
            self._running()
        assert self._hello is not None  # noqa: S101 - `_running` heard it
        return self._hello

    def ask(self, asked: Asked, deadline: float) -> Told | Hung | Crashed:
        """Return what the worker answers within `deadline` seconds; starts it where it does not run.

        Raises:
            WorkerError: it does not start, or breaks the protocol.
        """
        process = self._running()
        process.write(asked.line())
        try:
            line = process.read(deadline)
        except TimeoutError:
            return Hung(deadline, self._ended(process, 0)[1])
        except EOFError:
            return Crashed(*self._ended(process, _FAREWELL))
        except ValueError as error:
            raise self._broken(process, str(error)) from error
        return self._heard(process, asked, line)

    def _heard(self, process: _Process, asked: Asked, line: bytes) -> Told:
        try:
            told = lines.told(line)
        except ValueError as error:
            raise self._broken(process, str(error)) from error
        if told.id != asked.id:
            raise self._broken(process, f"the answer has the id {told.id}, and {asked.id} was asked; answer each once")
        return told

    def close(self) -> None:
        """Let the worker end, and kill what is left of its process group."""
        if self._process:
            self._process.end(_FAREWELL)
            self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _running(self) -> _Process:
        if self._process is None:
            try:
                self._process = _Process(self.command, self.cwd, self.env)
            except OSError as error:
                message = f"{self.command[0]} cannot be started: {error.strerror}"
                raise WorkerError(message) from error
            self._hello = self._greeted(self._process)
        return self._process

    def _greeted(self, process: _Process) -> Hello:
        try:
            return lines.hello(process.read(self.start_deadline))
        except TimeoutError as error:
            text = f"nothing was said within {self.start_deadline:g} s; the first line must be the hello, flushed"
            raise self._broken(process, text) from error
        except EOFError as error:
            status, stderr = self._ended(process, _FAREWELL)
            if status == UNFIT and stderr.strip():
                raise WorkerError(stderr.strip()) from error
            raise self._broken(process, f"it ended with status {process.status} before it said hello") from error
        except ValueError as error:
            raise self._broken(process, str(error)) from error

    def _ended(self, process: _Process, farewell: float) -> tuple[int, str]:
        """End the process, so that the next question starts another one; return its status and the end of stderr."""
        process.end(farewell)
        self._process = None
        return process.status, process.tail()

    def _broken(self, process: _Process, text: str) -> WorkerError:
        _, stderr = self._ended(process, 0)
        said = f"\nIts stderr ends with:\n{stderr.rstrip()}" if stderr.strip() else ""
        return WorkerError(f"worker {' '.join(self.command)!r}: {text}{said}")


class _Process:
    """A process group whose pipes are read and written by threads, so that nothing here can block."""

    def __init__(self, command: Sequence[str], cwd: Path | None, env: Mapping[str, str]) -> None:
        self._popen = subprocess.Popen(  # noqa: S603 - the command is what the user asked to certify
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._lines: queue.Queue[bytes | ValueError | None] = queue.Queue(maxsize=64)
        self._asked: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._stderr = bytearray()
        self._reaper = _started(self._reap)
        self._threads = [_started(run) for run in (self._write, self._read, self._keep)]

    @property
    def status(self) -> int:
        return self._popen.wait()

    def tail(self) -> str:
        return bytes(self._stderr).decode("utf-8", "replace")

    def write(self, line: bytes) -> None:
        self._asked.put(line)

    def read(self, deadline: float) -> bytes:
        """Return the next line.

        Raises:
            TimeoutError: none came within `deadline` seconds.
            EOFError: none can come.
            ValueError: it is too long.
        """
        try:
            line = self._lines.get(timeout=deadline)
        except queue.Empty as error:
            raise TimeoutError from error
        if isinstance(line, ValueError):
            raise line
        if line is None:
            self._lines.put(None)  # for whoever reads next
            raise EOFError
        return line

    def end(self, farewell: float) -> None:
        """Close stdin, wait `farewell` seconds, and kill what is left."""
        self._asked.put(None)
        self._reaper.join(farewell)
        self._kill()
        self._drain()
        for thread in self._threads:
            thread.join(_FAREWELL)

    def _drain(self) -> None:
        """Make room for the reader, which may be waiting to put a line that nobody will read."""
        until = time.monotonic() + _FAREWELL
        with contextlib.suppress(queue.Empty):
            while self._lines.get(timeout=max(0, until - time.monotonic())) is not None:
                pass
            self._lines.put(None)

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # a group of zombies alone, on macOS
            if os.name == "posix":
                os.killpg(self._popen.pid, signal.SIGKILL)
            else:
                self._popen.kill()

    def _reap(self) -> None:
        """End what a process that ended has left behind, since it would hold the pipes open."""
        self._popen.wait()
        self._kill()

    def _write(self) -> None:
        pipe = _pipe(self._popen.stdin)
        with contextlib.suppress(OSError), pipe:  # it may have ended; the reader tells
            while (line := self._asked.get()) is not None:
                pipe.write(line)
                pipe.flush()

    def _read(self) -> None:
        pipe = _pipe(self._popen.stdout)
        with pipe:
            while line := pipe.readline(LONGEST):
                if not line.endswith(b"\n") and len(line) == LONGEST:
                    self._lines.put(ValueError(f"a line of stdout is longer than {LONGEST >> 20} MiB"))
                    break
                self._lines.put(line)
        self._lines.put(None)

    def _keep(self) -> None:
        pipe = _pipe(self._popen.stderr)
        with pipe:
            while chunk := os.read(pipe.fileno(), _CHUNK):
                self._stderr += chunk
                del self._stderr[:-TAIL]


def _started(run: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=run, name=f"worker{run.__name__}", daemon=True)
    thread.start()
    return thread


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # noqa: S101 - `Popen` was told to make it
    return pipe


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment without what would tell a client of another API, and past any proxy."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "AZURE_OPENAI_"))}
    local = ",".join(filter(None, (os.environ.get("NO_PROXY"), "127.0.0.1", "localhost")))
    return {**kept, "NO_PROXY": local, "no_proxy": local, **more}
