"""Writes each exchange into the journal as it passes by."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from mockserver.journal.entry import ENTRY, Entry, header
from mockserver.journal.events import EventNames
from mockserver.journal.kept import Journal
from mockserver.journal.lines import LOG, line
from mockserver.journal.teller import RAW, STATUS

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from mockserver.clock import Clock

KEPT_BODY: Final = 512 * 1024
"""Bytes of a request's body that are kept; every legal prompt fits, however it is escaped."""

_PREFIX: Final = "mockserver.prefix"
"""Where a scope tells what stood before the path: the space, as in `/s/NAME`."""

_ENDS: Final = frozenset({"mockserver.close", "mockserver.reset"})
"""Types of the messages by which faults work on the line itself, see `faults.line`."""

_EVENT_BEGINS: Final = (b"event:", b"data:")


class Recorder:
    """Wraps an app; opens an entry on arrival and tells it when the app is done."""

    def __init__(self, app: ASGIApp, clock: Clock, journal: Journal | None = None) -> None:
        self.app = app
        self.clock = clock
        self.journal = Journal() if journal is None else journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with an entry of its own."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        clock = self.clock
        entry = scope[ENTRY] = Entry(
            scope["method"],
            scope["path"],
            clock.stopwatch(),
            clock.now(),
            scope["headers"],
            scope["query_string"],
            scope["scheme"],
        )
        if _PREFIX in scope:
            entry.prefix = scope[_PREFIX]
        self.journal.open(entry)
        exchange = _Exchange(entry, clock, receive, send)
        try:
            await self.app(scope, exchange.receive, exchange.send)
        except Exception:
            if not exchange.begun:
                exchange.begun, entry.status = True, 500  # what the server says in the app's place
            raise
        finally:
            if not exchange.begun:
                entry.status = 0  # whatever was meant to be answered
            if entry.seconds is None:
                entry.seconds = clock.now() - entry.arrived
            if LOG.isEnabledFor(logging.INFO):
                LOG.info("%s", line(entry, entry.seconds))
            self.journal.close(entry)


class _Exchange:
    """The two ends of one connection while a request is answered: notes what passes, and passes it on."""

    __slots__ = ("_clock", "_cycle", "_entry", "_events", "_parts", "_receive", "_send", "begun")

    def __init__(self, entry: Entry, clock: Clock, receive: Receive, send: Send) -> None:
        self._entry = entry
        self._clock = clock
        self._receive = receive
        self._send = send
        self._cycle = getattr(send, "__self__", None)
        self._parts: list[bytes] | None = None
        self._events: EventNames | None = None
        self.begun = False

    async def receive(self) -> Message:
        """Receive a part of the body, or word that the client is gone."""
        message = await self._receive()
        if message["type"] == "http.request":
            body = message.get("body", b"")
            if self._parts is not None or message.get("more_body", False) or len(body) > KEPT_BODY:
                self._collect(body, more=message.get("more_body", False))
            else:
                self._entry.body, self._entry.received = body, len(body)
        elif not self._entry.complete:
            self._gone()
        return message

    def _collect(self, body: bytes, *, more: bool) -> None:
        entry, parts = self._entry, self._parts
        if parts is None:
            parts = self._parts = []
        entry.received += len(body)
        if entry.received > KEPT_BODY:
            parts.clear()
        else:
            parts.append(body)
            entry.body = None if more else b"".join(parts)

    def send(self, message: Message) -> Awaitable[None]:
        """Send a message; what is known of the reply stands in the entry before its last byte leaves.

        It returns what the server's `send` returns, as another coroutine would cost a hot request twice.
        """
        entry, kind = self._entry, message["type"]
        if kind == "http.response.body":
            # Where nobody waits for word of the client, only uvicorn's own cycle knows that it is gone.
            if getattr(self._cycle, "disconnected", False):
                self._gone()
            body, more = message.get("body", b""), message.get("more_body", False)
            if entry.gone is None:
                entry.sent += len(body)
                if more or self._events is not None or body.startswith(_EVENT_BEGINS):
                    self._note_events(body)
            if not more:
                entry.complete = entry.gone is None
                entry.seconds = self._clock.now() - entry.arrived
        elif kind == "http.response.start":
            self.begun = True
            entry.status = message["status"]
            entry.reply_headers = message.get("headers", ())
        else:
            self._beyond_http(message)
        return self._send(message)

    def _beyond_http(self, message: Message) -> None:
        """Note what a fault does to the line itself."""
        entry, kind = self._entry, message["type"]
        if kind == RAW:
            self._note_raw(message["body"])
        elif kind in _ENDS:
            entry.cut = kind.removeprefix("mockserver.")
            entry.seconds = self._clock.now() - entry.arrived
            if not self.begun:
                entry.status = 0

    def _note_raw(self, data: bytes) -> None:
        """Note bytes outside of HTTP's framing: a head, or a part of one, stands before everything else."""
        entry = self._entry
        if not self.begun:
            head, _, data = data.partition(b"\r\n\r\n")
            status, *lines = head.split(b"\r\n")
            told = STATUS.match(status)
            if told is not None:
                self.begun, entry.status = True, int(told[1])
                fields = (line.partition(b": ") for line in lines)
                entry.reply_headers = [(name.lower(), value) for name, found, value in fields if found]
        entry.sent += len(data)
        self._note_events(data)

    def _gone(self) -> None:
        if self._entry.gone is None and not self._entry.cut:
            self._entry.gone = self._clock.now()
            self._entry.suspect()

    def _note_events(self, body: bytes) -> None:
        if self._events is None:
            if "event-stream" not in header(self._entry.reply_headers, b"content-type"):
                return
            self._events = EventNames()
            self._entry.events = self._events.names
        self._events.feed(body)
