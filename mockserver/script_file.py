"""The script file of a server: read at the start, and again when it changes, without losing what was counted."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from typing import TYPE_CHECKING, Final

from mockserver.lines import read_script
from mockserver.scenarios.scenario import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

    from mockserver.lines import Line

LOG: Final = logging.getLogger("mockserver.script")
"""Of its own, so that of several workers only one tells of a change."""

# A look at the file costs some microseconds and works on every disk, shared folders of containers included; a library
# that the kernel tells of changes is a megabyte more to install, and misses those.
_SECONDS: Final = 0.2
"""Between two looks at the file."""

_LONG: Final = 10
"""Looks after which a file that is not there is told to be gone; editors take it away for a moment."""


class ScriptFile:
    """Owns the lines that a file says; as an ASGI app it answers the lifespan, during which it watches."""

    def __init__(self, file: Path, put: Callable[[Sequence[Line]], None]) -> None:
        """Read the file; `put` takes its lines whenever they change.

        Raises:
            ScenarioError: it is not understood.
            OSError: it cannot be read.
        """
        self.file = file
        self._put = put
        self._read = self._looks()
        self.lines: Sequence[Line] = read_script(file)
        """What is in play."""

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Watch from the start of a server to its end."""
        await receive()
        LOG.info("%s: %s, watched", self.file, _counted(self.lines))
        watching = asyncio.create_task(self.watch())
        await send({"type": "lifespan.startup.complete"})
        with contextlib.suppress(asyncio.CancelledError):  # a server that ends in a hurry says no goodbye
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
        watching.cancel()

    async def watch(self, pause: Callable[[], Awaitable[None]] = lambda: asyncio.sleep(_SECONDS)) -> None:
        """Look at the file after each pause, and read it when it has changed and rests: a save takes a moment."""
        last, missing = self._read, 0
        while True:
            await pause()
            looks = self._looks()
            missing = 0 if looks else missing + 1
            if missing == _LONG:
                LOG.warning("%s is gone; what it said stays in play", self.file)
            if looks is not None and looks == last != self._read and await self._renewed():
                self._read = looks
            last = looks

    async def _renewed(self) -> bool:
        """Take in a new version, or say why not; False where the file went away again."""
        try:
            lines = await asyncio.to_thread(read_script, self.file)
        except ScenarioError as error:
            LOG.warning("%s · the version before stays in play", error)
        except FileNotFoundError:
            return False
        except OSError as error:
            LOG.warning("%s: %s · the version before stays in play", self.file, error.strerror)
        else:
            LOG.info("%s: %s", self.file, changed(self.lines, lines))
            self.lines = lines
            self._put(lines)
        return True

    def _looks(self) -> tuple[int, int, int] | None:
        """Return what changes with every save, also one that puts another file in its place; None without a file."""
        try:
            told = self.file.stat()
        except OSError:
            return None
        return told.st_mtime_ns, told.st_size, told.st_ino


def changed(before: Sequence[Line], lines: Sequence[Line]) -> str:
    """Return in a few words how two versions of a script differ."""
    old, new = Counter(line.text for line in before), Counter(line.text for line in lines)
    counts = {"new": (new - old).total(), "taken out": (old - new).total(), "as before": (old & new).total()}
    told = ", ".join(f"{count} {word}" for word, count in counts.items() if count) or "nothing"
    return f"{_counted(lines)}: {told}"


def _counted(lines: Sequence[Line]) -> str:
    return f"{len(lines)} line{'' if len(lines) == 1 else 's'} in play"
