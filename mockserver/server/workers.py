"""Several processes that answer on one socket: started together, replaced when they die, ended together."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import os
import shutil
import signal
import socket
import tempfile
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Final, cast

from mockserver.server.foreground import build, run, tell_sums
from mockserver.server.log import set_up_logging

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from mockserver.settings import Settings
    from mockserver.worlds import Worlds

_ENDINGS: Final = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
_spawn = multiprocessing.get_context("spawn")


def run_workers(
    settings: Settings,
    sock: socket.socket,
    count: int,
    *,
    log_level: str,
    on_ready: Callable[[], None],
) -> None:
    """Serve on `sock` with `count` processes until a signal ends them all.

    Raises:
        RuntimeError: A worker could not start; it has said why on stderr.
    """
    with _signals() as signals, tempfile.TemporaryDirectory(prefix="mockserver-") as shelf:
        shared = replace(settings, shelf=shelf)

        def start(place: int) -> _Worker:
            return _start(sock, shared, log_level, first=place == 0)

        workers = [start(place) for place in range(count)]
        try:
            _watch(workers, signals, start, on_ready)
        finally:
            _end(workers, signals)


@dataclass(eq=False)
class _Worker:
    process: SpawnProcess
    ready: Connection
    """Says one byte once the worker answers."""

    answers: bool = False


@contextlib.contextmanager
def _signals() -> Iterator[socket.socket]:
    """Give a socket that gets one byte for each signal to end, so that one call can wait for everything."""
    reader, writer = socket.socketpair()
    with reader, writer:
        writer.settimeout(0)
        handlers = {number: signal.signal(number, lambda *_: None) for number in _ENDINGS}
        previous = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        try:
            yield reader
        finally:
            signal.set_wakeup_fd(previous)
            for number, handler in handlers.items():
                signal.signal(number, handler)


def _start(sock: socket.socket, settings: Settings, log_level: str, *, first: bool) -> _Worker:
    """Start one worker, deaf to signals until it can end in peace: Ctrl-C reaches it too."""
    ready, tell = _spawn.Pipe(duplex=False)
    process = _spawn.Process(target=_work, args=(sock, settings, log_level, tell, first))
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDINGS)
        tell.close()
    return _Worker(process, ready)


def _watch(
    workers: list[_Worker],
    signals: socket.socket,
    start: Callable[[int], _Worker],
    on_ready: Callable[[], None],
) -> None:
    """Replace what dies, and tell once all answer, until a signal comes."""
    told = False
    while True:
        starting = [worker.ready for worker in workers if not worker.answers]
        fired = wait([signals, *starting, *(worker.process.sentinel for worker in workers)])
        if signals in fired:
            signals.recv(64)
            return
        for place, worker in enumerate(workers):
            if worker.process.sentinel in fired:
                workers[place] = _successor(worker, partial(start, place))
            elif worker.ready in fired:
                worker.answers = True
        if not told and all(worker.answers for worker in workers):
            told = True
            on_ready()


def _successor(worker: _Worker, start: Callable[[], _Worker]) -> _Worker:
    worker.process.join()
    worker.ready.close()
    if not worker.answers and (worker.process.exitcode or 0) > 0:
        msg = "a worker could not start"
        raise RuntimeError(msg)
    return start()


def _end(workers: list[_Worker], signals: socket.socket) -> None:
    """End all workers when they have finished their requests, or at once when a second signal comes."""
    for worker in workers:
        worker.process.terminate()
    alive = {worker.process.sentinel for worker in workers}
    while alive:
        fired = wait([signals, *alive])
        if signals in fired:
            signals.recv(64)
            for worker in workers:
                worker.process.kill()
        alive.difference_update(number for number in fired if isinstance(number, int))
    for worker in workers:
        worker.process.join()
        worker.process.close()
        worker.ready.close()


def _follow(sentinel: int) -> None:
    """End as a signal would, because the parent is gone."""
    asyncio.get_running_loop().remove_reader(sentinel)
    signal.raise_signal(signal.SIGTERM)


def _work(sock: socket.socket, settings: Settings, log_level: str, tell: Connection, first: bool) -> None:  # noqa: FBT001 - what a process is started with
    """Be a worker; of a script that changes, which all see, the first one tells."""
    parent = multiprocessing.parent_process()

    def be_ready() -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDINGS)
        tell.send_bytes(b".")
        tell.close()
        if parent is not None:  # an orphan would hold the port for ever
            asyncio.get_running_loop().add_reader(parent.sentinel, _follow, parent.sentinel)

    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the parent gets it too and ends this worker
    set_up_logging(log_level)
    logging.getLogger("mockserver.script").disabled = not first
    app = build(settings)
    run(app, sock, on_ready=be_ready)
    if settings.journal:
        tell_sums(cast("Worlds", app), f"worker {os.getpid()}, ")
    if settings.shelf and parent is not None and not parent.is_alive():
        shutil.rmtree(settings.shelf, ignore_errors=True)
