"""A stream with fewer partial images than asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mockserver.faults.edits import completes, reframed

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mockserver.faults.scene import Scene

_NUMBER: Final = re.compile(rb'"sequence_number":\d+')


@dataclass(frozen=True, slots=True)
class FewerPartials:
    """Send the completed event before all partial images came, numbered as if there were no more."""

    keep: int = 1
    """Partial images that are sent."""

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:  # noqa: ARG002 - every fault is given the scene
        """Return `app` with some partial images missing."""
        seen = 0

        def rewrite(frame: bytes) -> tuple[bytes, ...]:
            nonlocal seen
            if completes(frame):
                return (_NUMBER.sub(b'"sequence_number":%d' % min(seen, self.keep), frame, count=1),)
            seen += 1
            return (frame,) if seen <= self.keep else ()

        return reframed(app, rewrite)
