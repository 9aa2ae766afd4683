"""The one interface of all faults, and how several of them are stacked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import ASGIApp

    from mockserver.faults.scene import Scene


HeaderText = str
"""What can stand in the head of a reply: printable characters of Latin-1."""


class Fault(Protocol):
    """One thing that can go wrong: a frozen value that wraps an ASGI app.

    What `wrap` returns is good for one request: it may count. What is sent through it are ASGI's messages and those of
    `line`; a fault passes on every message that it does not know, and changes a reply's head only in a copy.
    """

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:
        """Return `app` with this going wrong in one request, which `scene` describes."""


def wrapped(faults: Sequence[Fault], app: ASGIApp, scene: Scene) -> ASGIApp:
    """Return `app` with all `faults` at work in one request; the first of them is the outermost."""
    for fault in reversed(faults):
        app = fault.wrap(app, scene)
    return app
