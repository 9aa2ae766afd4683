"""Several workers of one client, each for one thread at a time."""

from __future__ import annotations

import contextlib
import queue
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mockserver.contract.certify.worker import Worker


@contextlib.contextmanager
def pool(threads: int) -> Iterator[ThreadPoolExecutor]:
    """Give a pool of threads; when something is raised, what has not begun is left out."""
    running = ThreadPoolExecutor(threads, thread_name_prefix="certify")
    try:
        yield running
    finally:
        running.shutdown(cancel_futures=True)


@contextlib.contextmanager
def workers(worker: Callable[[], Worker], count: int) -> Iterator[queue.SimpleQueue[Worker]]:
    """Give workers that are free, and end them all; each starts when it is first asked."""
    made = [worker() for _ in range(count)]
    free: queue.SimpleQueue[Worker] = queue.SimpleQueue()
    for each in made:
        free.put(each)
    try:
        yield free
    finally:
        for each in made:
            each.close()


@contextlib.contextmanager
def one(free: queue.SimpleQueue[Worker]) -> Iterator[Worker]:
    """Give a worker that nobody else uses meanwhile."""
    hand = free.get()
    try:
        yield hand
    finally:
        free.put(hand)
