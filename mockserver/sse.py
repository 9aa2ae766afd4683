"""One server-sent event, one frame of bytes."""

from __future__ import annotations


def frame(name: str, data: bytes) -> bytes:
    """Return the frame of an event: its name, `data` on one line, a blank line (as captured 2026-03 and 2026-07)."""
    return b"event: %b\ndata: %b\n\n" % (name.encode(), data)
