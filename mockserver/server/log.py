"""What the process writes for people to read: it may lose its reader, and goes on."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from typing import Any, TextIO


def set_up_logging(level: str) -> None:
    """Send the log of this package, from `level` (debug, info, warning or error) up, to stderr."""
    handler = _Handler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    log = logging.getLogger("mockserver")
    log.handlers = [handler]
    log.propagate = False
    log.setLevel(level.upper())


def discard(stream: TextIO) -> None:
    """Let what is written to `stream`, whose reader went away, vanish; else Python fails at its very end."""
    with contextlib.suppress(OSError), open(os.devnull, "w") as nowhere:  # noqa: PTH123  # a device, not a path
        os.dup2(nowhere.fileno(), stream.fileno())


class _Handler(logging.StreamHandler[Any]):
    """Writes to stderr as long as someone reads it."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging's name
        """Let a closed pipe pass, and report every other mistake as logging does."""
        if isinstance(sys.exc_info()[1], OSError):
            discard(self.stream)
        else:
            super().handleError(record)
