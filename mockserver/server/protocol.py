"""One HTTP connection: uvicorn's protocol, with bounds on the request head and a way to drop the line.

The hot path is uvicorn's own: a request whose head arrives in one piece pays for two short methods more, and
a piece of a body for two comparisons.
"""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import Any, Final

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from mockserver.faults.line import EXTENSIONS
from mockserver.server.cycle import Cycle

ABORT: Final = "mockserver.abort"
"""The ASGI extension that drops the connection: a function without arguments, silent, good at any moment."""

_TLS_HANDSHAKE: Final = b"\x16\x03"  # how a client that was given https:// starts to speak

_log = logging.getLogger("mockserver.http")


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a failure is one: uvicorn reports a request that a hurried end cuts off like a crash."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))


_log.setLevel(logging.WARNING)
_log.addFilter(_is_news)


class _Sink:
    """A parser for what a refused client still sends: closing at once would reset its unread answer."""

    def feed_data(self, data: bytes) -> None:
        """Forget `data`."""


class Protocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 protocol with a bounded request head, plain 400s and `ABORT` in every scope."""

    head_bytes = 64 * 1024
    """The longest request line and headers; more are answered 431."""

    head_seconds = 30.0
    """How long a head may take from its first byte."""

    silent_seconds = 60.0
    """How long a new connection may send nothing."""

    linger_seconds = 2.0
    """How long a refused client may go on sending before the connection is closed."""

    _head_open = False  # between a head's first byte and its end
    _head_seen = 0  # bytes of the open head in the pieces counted so far
    _head_timer: asyncio.TimerHandle | None = None
    _doubtful = False  # the head came in pieces, or in one so large that its size must be looked at
    _extensions: dict[str, Any]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Start the clock of the first byte."""
        self.logger = _log
        self.access_log = False  # uvicorn would follow whatever handlers the root logger has
        self._extensions = {ABORT: self.abort, **EXTENSIONS}
        super().connection_made(transport)
        self.timeout_keep_alive_task = self.loop.call_later(self.silent_seconds, self.timeout_keep_alive_handler)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks, which uvicorn leaves running after a reset."""
        super().connection_lost(exc)
        self._stop_clocks()

    def data_received(self, data: bytes) -> None:
        """Feed the parser; anything that is not HTTP gets a plain answer."""
        if len(data) > self.head_bytes:
            self._doubtful = True
        try:
            self.parser.feed_data(data)
        except (httptools.HttpParserUpgrade, httptools.HttpParserError) as error:
            self._mend(data, error)
        if self._head_open:
            self._wait_for_head(len(data))

    def on_message_begin(self) -> None:
        """Give the scope its extension."""
        super().on_message_begin()
        self.scope["extensions"] = self._extensions
        self._head_open = True

    def on_headers_complete(self) -> None:
        """End the head's clock and hand the request on."""
        self._head_open = False
        if self.timeout_keep_alive_task is not None:
            self._unset_keepalive_if_required()
        if self._doubtful:
            self._check_size()
        super().on_headers_complete()
        if self.cycle is not None:  # there is none yet when the head wishes to upgrade
            self.cycle.__class__ = Cycle  # uvicorn names its class itself; ours only sends differently

    def abort(self) -> None:
        """Drop the connection now, unsent bytes included; the app may return without finishing its reply."""
        self.cycle.disconnected = True
        self.transport.abort()

    def hang_up(self) -> None:
        """Send FIN behind what was written; what the client still sends is read, as leaving it unread would reset."""
        self._stop_clocks()
        self._head_open = False
        self.parser = _Sink()  # type: ignore[assignment]  # all that is asked of it from now on
        self.flow.resume_reading()
        self._end_writing()

    def _end_writing(self) -> None:
        if not self.transport.is_closing():
            self.transport.write_eof()
            self._head_timer = self.loop.call_later(self.linger_seconds, self.timeout_keep_alive_handler)

    def _stop_clocks(self) -> None:
        self._unset_keepalive_if_required()
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _wait_for_head(self, size: int) -> None:
        """Count `size` more bytes of an unfinished head, and start its clock with the first of them."""
        self._doubtful = True
        if self._head_timer is None:
            self._unset_keepalive_if_required()
            self._head_timer = self.loop.call_later(self.head_seconds, self.timeout_keep_alive_handler)
            cycle = self.cycle
            behind_a_body = cycle is not None and (cycle.more_body or not cycle.response_complete)
            self._head_seen = 0 if behind_a_body else size
        else:
            self._head_seen += size
        if self._head_seen > self.head_bytes:
            self._refuse_large()

    def _check_size(self) -> None:
        self._doubtful = False
        self._stop_clocks()
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > self.head_bytes:
            raise OverflowError(size)  # the parser hands it to data_received

    def _mend(self, data: bytes, error: Exception) -> None:
        """Go on after each wish to upgrade in `data`, and refuse what is not HTTP."""
        while isinstance(error, httptools.HttpParserUpgrade):
            data = self._without_upgrade() + data[error.args[0] :]
            try:
                self.parser.feed_data(data)
            except (httptools.HttpParserUpgrade, httptools.HttpParserError) as next_error:
                error = next_error
            else:
                return
        self._refuse_bad(data, error)

    def _should_upgrade(self) -> bool:
        """Hold every upgrade back until `_without_upgrade` has turned it into a plain request."""
        return True

    def _without_upgrade(self) -> bytes:
        """Return the head again, without its wish to upgrade, for a new parser.

        A server may ignore the wish (RFC 9110, 7.8), but httptools then drops the body. Java's HttpClient
        sends `Upgrade: h2c` with every first POST. What CONNECT wants cannot be had: it stays bad HTTP.
        """
        method, version = self.parser.get_method(), self.parser.get_http_version().encode()
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        if method == b"CONNECT":
            return b"\0"
        lines = [b"%s %s HTTP/%s" % (method, self.url, version)]
        lines += [b"%s: %s" % header for header in self.headers if header[0] != b"upgrade"]
        return b"\r\n".join((*lines, b"", b""))

    def _refuse_bad(self, data: bytes, error: Exception) -> None:
        if isinstance(error.__context__, OverflowError):
            self._refuse_large()
            return
        hint = ": it speaks TLS, so give it http:// instead of https://" if data[:2] == _TLS_HANDSHAKE else ""
        _log.warning("bad HTTP from %s%s", self.client[0] if self.client else "a client", hint)
        self._refuse(HTTPStatus.BAD_REQUEST, "Invalid HTTP request received.")

    def _refuse_large(self) -> None:
        status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        self._refuse(status, f"The request line and headers exceed {self.head_bytes} bytes.")

    def _refuse(self, status: HTTPStatus, text: str) -> None:
        """Answer in plain text and listen no more; a reply already due is finished or cut, never mixed."""
        self._stop_clocks()
        self._head_open = False
        self.parser = _Sink()  # type: ignore[assignment]  # all that is asked of it from now on
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            if not cycle.more_body:
                cycle.keep_alive = False  # the request before the bad bytes was good
                return
            cycle.disconnected = True
            cycle.message_event.set()
            if cycle.response_started:
                self.transport.close()
                return
        self.transport.write(self._plain(status, text.encode()))
        self._end_writing()

    def _plain(self, status: HTTPStatus, body: bytes) -> bytes:
        headers: list[tuple[bytes, Any]] = [
            *self.server_state.default_headers,
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        lines = b"".join(b"%s: %s\r\n" % header for header in headers)
        return STATUS_LINE[status] + lines + b"\r\n" + body
