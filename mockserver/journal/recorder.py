"""Writes each exchange into the journal as it passes by."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, Protocol

from mockserver.journal.entry import ENTRY, KEPT_BODY, Entry, header
from mockserver.journal.events import EventNames
from mockserver.journal.lines import LOG, line
from mockserver.journal.teller import RAW, STATUS
from mockserver.request_head import head_of
from mockserver.whole import RECORDER, direct

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from mockserver.clock import Clock
    from mockserver.journal.kept import Journal

_ENDS: Final = frozenset({"mockserver.close", "mockserver.reset"})
"""Types of the messages by which faults work on the line itself, see `faults.line`."""

_EVENT_BEGINS: Final = (b"event:", b"data:")


class Bill(Protocol):
    """What writes the cost of a reply into its head, see `mockserver.bill`."""

    def write(self, scope: Scope, entry: Entry, head: Message) -> bool:
        """Add the cost, and return whether an earlier bill for the same must be looked for."""

    async def compare(self, entry: Entry, head: Message) -> None:
        """Look for it, and add it where there is one."""


class Recorder:
    """Wraps an app; opens an entry on arrival and tells it when the app is done."""

    def __init__(self, app: ASGIApp, clock: Clock, journal: Journal, bill: Bill) -> None:
        self.app = app
        self.clock = clock
        self.journal = journal
        self.bill = bill

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with an entry of its own."""
        clock = self.clock
        entry = scope[ENTRY] = Entry(head_of(scope), clock.stopwatch(), clock.now())
        self.journal.open(entry)
        try:
            if direct(send):
                scope[RECORDER] = self
                await self.app(scope, receive, send)
            else:
                await self.app(scope, *self.watch(scope, receive, send))
        except Exception:
            if not entry.begun and not entry.complete:
                entry.begun, entry.status = True, 500  # what the server says in the app's place
            raise
        finally:
            if not entry.closed:
                self._close(entry)
            if LOG.isEnabledFor(logging.INFO):
                LOG.info("%s", line(entry, clock.now() - entry.arrived if entry.seconds is None else entry.seconds))

    def _close(self, entry: Entry) -> None:
        if not entry.complete:
            entry.special = True
            if not entry.begun:
                entry.status = 0  # whatever was meant to be answered
        if entry.seconds is None:
            entry.seconds = self.clock.now() - entry.arrived
        self.journal.close(entry)

    def watch(self, scope: Scope, receive: Receive, send: Send) -> tuple[Receive, Send]:
        """Return the two ends of the connection such that all that passes is noted."""
        exchange = _Exchange(self, scope, receive, send)
        return exchange.receive, exchange.send

    def whole(self, scope: Scope, reply: Message, send: Send) -> Awaitable[None]:
        """Note a whole reply, and send it. Nothing else is there to be noted, so no exchange need be watched."""
        entry: Entry = scope[ENTRY]
        if not gone(send) and self.journal.repeat(entry, reply["headers"], reply["size"]):
            return send(reply)
        if entry.dollars and self.bill.write(scope, entry, reply):
            return self._compared(entry, reply, send)
        return self._sent(entry, reply, send)

    async def _compared(self, entry: Entry, reply: Message, send: Send) -> None:
        """Send a whole reply that may have been paid for before."""
        entry.answer = None  # nor may others repeat it without a look
        await self.bill.compare(entry, reply)
        await self._sent(entry, reply, send)

    def _sent(self, entry: Entry, reply: Message, send: Send) -> Awaitable[None]:
        entry.begun = True
        entry.status = reply["status"]
        entry.reply_headers = reply["headers"]
        now = self.clock.now()
        entry.seconds = now - entry.arrived
        if gone(send):
            entry.leave(now)
        else:
            entry.sent = reply["size"]
            entry.complete = True
        return send(reply)


def gone(send: Send) -> bool:
    """Return whether the client is known to be gone: where nobody waits for word of it, uvicorn's cycle alone knows."""
    cycle = getattr(send, "__self__", None)
    return cycle is not None and getattr(cycle, "disconnected", False)


class _Exchange:
    """The two ends of one connection while a request is answered: notes what passes, and passes it on."""

    _parts: list[bytes] | None = None
    """Of a request's body that comes in several."""

    _events: EventNames | None = None
    _billed = False

    def __init__(self, recorder: Recorder, scope: Scope, receive: Receive, send: Send) -> None:
        self._entry: Entry = scope[ENTRY]
        self._clock = recorder.clock
        self._bill = recorder.bill
        self._scope = scope
        self._receive = receive
        self._send = send

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
            self._entry.leave(self._clock.now())
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
        if kind == "http.response.start":
            if entry.dollars and not self._billed and self._bill.write(self._scope, entry, message):
                return self._compared(message)
            entry.begun, entry.answer = True, None  # nobody knows what is sent yet, so others cannot repeat it
            entry.status = message["status"]
            entry.reply_headers = message.get("headers", ())
        elif kind == "http.response.body":
            self._hand_over(message.get("body", b""), more=message.get("more_body", False))
        else:
            self._beyond_http(message)
        return self._send(message)

    async def _compared(self, head: Message) -> None:
        """Send the head of a reply that may have been paid for before."""
        self._billed = True
        await self._bill.compare(self._entry, head)
        await self.send(head)

    def _hand_over(self, body: bytes, *, more: bool) -> None:
        """Note a piece of the reply's body, which is about to be sent."""
        entry = self._entry
        if gone(self._send):
            entry.leave(self._clock.now())
        if entry.gone is None:
            entry.sent += len(body)
            if more or self._events is not None or body.startswith(_EVENT_BEGINS):
                self._note_events(body)
        if not more:
            entry.complete = entry.gone is None
            entry.seconds = self._clock.now() - entry.arrived

    def _beyond_http(self, message: Message) -> None:
        """Note what a fault does to the line itself."""
        entry, kind = self._entry, message["type"]
        if kind == RAW:
            self._note_raw(message["body"])
        elif kind in _ENDS:
            entry.cut = kind.removeprefix("mockserver.")
            entry.seconds = self._clock.now() - entry.arrived
            if not self._entry.begun:
                entry.status = 0

    def _note_raw(self, data: bytes) -> None:
        """Note bytes outside of HTTP's framing: a head, or a part of one, stands before everything else."""
        entry = self._entry
        if not self._entry.begun:
            head, _, data = data.partition(b"\r\n\r\n")
            status, *lines = head.split(b"\r\n")
            told = STATUS.match(status)
            if told is not None:
                self._entry.begun, entry.status = True, int(told[1])
                fields = (line.partition(b": ") for line in lines)
                entry.reply_headers = [(name.lower(), value) for name, found, value in fields if found]
        entry.sent += len(data)
        self._note_events(data)

    def _note_events(self, body: bytes) -> None:
        if self._events is None:
            if "event-stream" not in header(self._entry.reply_headers, b"content-type"):
                return
            self._events = EventNames()
            self._entry.events = self._events.names
        self._events.feed(body)
