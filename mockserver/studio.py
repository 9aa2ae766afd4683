"""Draws pictures beside the event loop, and keeps the last ones; what one space asked for, another gets at once."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

from mockserver.cache import BoundedCache
from mockserver.pictures import Picture, render

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")

THREADS: Final = 1
"""Pictures drawn at once. Two threads would fight over the interpreter: measured, a sixth fewer pictures a second."""

KEPT_BYTES: Final = 16 * 1024 * 1024
"""Memory for files that were drawn for a URL or a stream."""

ANSWER_BYTES: Final = 32 * 1024 * 1024
"""Memory for whole replies, found again by the bytes of the request."""


class Studio:
    """Owns the threads that draw."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="studio")
        self._kept: BoundedCache[Picture, bytes] = BoundedCache(KEPT_BYTES)
        self.answers: BoundedCache[Any, Any] = BoundedCache(ANSWER_BYTES)
        """Replies by all that they follow from; no space is among it."""

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `work` returns, from a drawing thread."""
        return await asyncio.wrap_future(self._threads.submit(work, *args, **kwargs))

    async def file(self, picture: Picture) -> bytes:
        """Return the file of `picture`, drawn now or kept from before."""
        kept = self._kept.get(picture)
        return self._keep(picture, await self.run(render, picture)) if kept is None else kept

    def rough(self, picture: Picture) -> bytes:
        """Return the file of a rough picture, drawn here and now: that takes less time than handing it to a thread."""
        kept = self._kept.get(picture)
        return self._keep(picture, render(picture)) if kept is None else kept

    def _keep(self, picture: Picture, file: bytes) -> bytes:
        self._kept.put(picture, file, len(file) + 4 * len(picture.prompt))
        return file
