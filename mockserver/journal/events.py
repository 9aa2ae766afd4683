"""The names of the events of a stream, counted when an event's last byte is sent, however its bytes are cut."""

from __future__ import annotations

from typing import Final

_NAME: Final = b"event:"

_HEAD: Final = 256
"""Bytes of an event in which its name is looked for."""

_MOST: Final = 1000
"""Names that are kept of one stream."""


class EventNames:
    """Reads a stream as it passes by; megabytes of data are searched, never copied."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._head = b""
        self._end = b""

    def feed(self, data: bytes) -> None:
        """Read the next bytes."""
        start = 0
        if self._end and self._head:  # a blank line may lie across the cut
            seam = self._end + data[:3]
            found = _blank(seam, 0)
            if found is not None and found[1] > len(self._end):
                self._done()
                start = found[1] - len(self._end)
        while (found := _blank(data, start)) is not None:
            self._head = (self._head + data[start : min(found[0], start + _HEAD)])[:_HEAD]
            self._done()
            start = found[1]
        rest = len(data) - start
        if rest:
            self._head = (self._head + data[start : start + _HEAD])[:_HEAD]
        self._end = (self._end + data)[-3:] if len(data) < 3 and not start else data[max(start, len(data) - 3) :]  # noqa: PLR2004 - CR LF CR

    def _done(self) -> None:
        lines = self._head.replace(b"\r", b"\n").split(b"\n")
        self._head = b""
        kept = [line for line in lines if line.startswith((_NAME, b"data"))]
        if not kept or len(self.names) >= _MOST:
            return
        named = [line.removeprefix(_NAME).strip() for line in kept if line.startswith(_NAME)]
        self.names.append(named[-1].decode("utf-8", "replace") if named else "message")


def _blank(data: bytes, start: int) -> tuple[int, int] | None:
    """Return where the next blank line begins and ends."""
    plain = data.find(b"\n\n", start)
    dos = data.find(b"\n\r\n", start, plain if plain >= 0 else len(data))
    if dos >= 0:
        return dos, dos + 3
    return (plain, plain + 2) if plain >= 0 else None
