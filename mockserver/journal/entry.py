"""One request and what became of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from starlette.types import Scope

    from mockserver.headers import ApiHead
    from mockserver.journal.seen import Seen
    from mockserver.request_head import RequestHead

    Header = tuple[bytes, bytes]

ENTRY: Final = "mockserver.entry"
"""Where the recorder leaves the entry in a scope."""

KEPT_BODY: Final = 512 * 1024
"""Bytes of a request's body that are kept; every legal prompt fits, however it is escaped."""

_IMAGES: Final = re.compile(r"/images/(generations|edits|variations)/?$")
_DRAWING: Final = ("generations", "edits", "variations")
_OTHERS: Final = (("/private/", "pictures"), ("/models", "models"), ("/files", "files"))

_MODEL_ASKED: Final = re.compile(r"(?:\w+ of \d+ (?:masked )?)?(\S+)")
"""The model in `Entry.asked`, which names it first, or after what is edited."""


class Rare:
    """What most entries do not have: defaults of the class, which cost a hot request neither time nor memory."""

    begun: bool = False
    """Whether a reply has, where it did not come to its end at once."""

    rule: str = ""
    """The rule that refused it."""

    hint: str = ""
    """What the person behind the client may want to know."""

    played: Sequence[Mapping[str, object]] = ()
    """The faults that it met, in order; `scenario` in each names the edge case."""

    seed: int | None = None
    """What the chance of those faults was drawn from."""

    events: Sequence[str] = ()
    """Names of the events that were sent whole."""

    gone: float | None = None
    """When the client went away before the reply's end, in Unix seconds."""

    cut: str = ""
    """How a fault ended the line before the reply was over: `close`, `reset`, or not at all."""

    weighed: int = 0
    """Bytes that its journal counts for it; 0 until it is closed, and where it repeats another."""

    logical: str = ""
    """Memory of `logical.identity`."""

    like: Entry | None = None
    """What it repeats."""

    _read: Mapping[str, object] | None = None
    _files: Mapping[int, Seen] | None = None
    _characters: int = 0
    """Of the parameters that are kept beside the body."""


@dataclass(eq=False, slots=True)
class Entry(Rare):
    """One request and what became of it; filled while it is answered."""

    head: RequestHead
    started: float
    """The clock's stopwatch on arrival."""

    arrived: float = 0.0
    """Unix seconds, by the space's clock."""

    suspects: dict[int, Entry] | None = field(default=None, init=False, repr=False)
    """Those of its journal that are being answered and may lose their reply, by number; None where none keeps it."""

    number: int = field(default=0, init=False)
    """The place in the journal, from 1; 0 until it is there."""

    known: bool = field(default=False, init=False)
    """Whether the key told whose request it is."""

    token: str = field(default="", init=False)
    """32 hex digits of the request's id; empty until one is drawn."""

    asked: str = field(default="", init=False)
    """What was asked, as understood, in a few words; empty where it was refused."""

    model: str = field(default="", init=False)
    """The model that answered; empty where nobody said, see `model_of`."""

    status: int = field(default=0, init=False)
    """0 until an answer begins."""

    dollars: float = field(default=0.0, init=False)
    """What the real API would have charged."""

    received: int = field(default=0, init=False)
    """Bytes of the request's body so far."""

    body: bytes | None = field(default=None, init=False, repr=False)
    """The request's body; None until it is whole, where it is long, and where it is a form."""

    reply_headers: Sequence[Header] = field(default=(), init=False, repr=False)
    sent: int = field(default=0, init=False)
    """Bytes of the reply's body that were handed to the connection while the client was there."""

    complete: bool = field(default=False, init=False)
    """Whether the reply came to its end with the client still there."""

    seconds: float | None = field(default=None, init=False)
    """How long it took; None while it is answered."""

    answer: object | None = field(default=None, init=False, repr=False)
    """Stands for what it is answered with, as the very same request would be; None for all that is no whole reply."""

    special: bool = field(default=False, init=False, repr=False)
    """Whether more is to be kept of it than of most: parameters, a fault, a client that left, a reply that was lost."""

    closed: bool = field(default=False, init=False, repr=False)

    @property
    def method(self) -> str:
        """As in the request line."""
        return self.head.method

    @property
    def path(self) -> str:
        """As in the request line, without what names the space."""
        return self.head.path

    @property
    def headers(self) -> Sequence[Header]:
        """As received, secrets included; `shown` masks them."""
        return self.head.headers

    @property
    def keeps(self) -> bool:
        """Whether a journal keeps it."""
        return self.suspects is not None

    def again(self, number: int, arrived: float, seconds: float, token: bytes) -> Entry:
        """Return the entry of a request that repeats this one."""
        entry = Entry(self.head, self.started, arrived)
        entry.suspects, entry.number, entry.known, entry.like = self.suspects, number, self.known, self
        entry.asked, entry.model, entry.dollars = self.asked, self.model, self.dollars
        entry.received, entry.body, entry.sent = self.received, self.body, self.sent
        entry.status, entry.seconds = self.status, seconds
        entry.reply_headers = cast("ApiHead", self.reply_headers).again(token, seconds)
        entry.complete = entry.closed = True
        return entry

    def leave(self, now: float) -> None:
        """Note that its client went away before the reply's end, at a time in Unix seconds; only the first time counts.

        Where a fault ended the line, that is no news.
        """
        if self.gone is None and not self.cut:
            self.gone = now
            self.suspect()

    def suspect(self) -> None:
        """Let its journal know that its reply may be lost: something is played on it, or its client is gone."""
        self.special = True
        if self.suspects is not None:
            self.suspects[self.number] = self

    @property
    def parameters(self) -> Mapping[str, object] | None:
        """What was asked, as sent; None where nothing was read.

        Files are what they are while the request is answered, and what was seen of them afterwards.
        """
        return self._read if self._read is not None else self._again()[0]

    @parameters.setter
    def parameters(self, read: Mapping[str, object] | None) -> None:
        self._read = read
        if self.keeps and read:
            self.special = True
            from mockserver.journal.seen import filed  # noqa: PLC0415 - a server without a journal never needs it

            self._files = filed(read.values())  # files are closed with their form: look now

    def condensed(self) -> dict[str, object] | None:
        """Return the parameters in bounded size: files and very long texts by their digest."""
        from mockserver.journal.seen import condensed  # noqa: PLC0415 - as above

        read, files = (self._read, self._files) if self._read is not None else self._again()
        return None if read is None else condensed(read, files or {})[0]

    def _again(self) -> tuple[dict[str, object] | None, Mapping[int, Seen] | None]:
        """Read the body that was kept."""
        if not self.body:
            return None, None
        from mockserver.journal.seen import media_type, read_again  # noqa: PLC0415 - as above

        if media_type(self.headers) == "multipart/form-data":
            from mockserver.journal.form import read_form  # noqa: PLC0415 - rare: a form that no endpoint read

            return read_form(self.body, self.headers)
        return read_again(self.body, self.headers), None

    @property
    def weight(self) -> int:
        """Bytes of what the client chose the size of."""
        head = sum(len(name) + len(value) for name, value in self.headers)
        return head + len(self.path) + len(self.head.query) + len(self.body or b"") + 2 * self._characters

    def settle(self) -> None:
        """Keep only what a journal needs, now that the request is answered."""
        if self.received > KEPT_BODY:
            self.body = None
        if self._read is None:
            return
        from mockserver.journal.seen import condensed, media_type  # noqa: PLC0415 - as above

        if self.body and media_type(self.headers) == "application/json":  # it was read once, so it can be read again
            self._read = None
        else:
            self.body = None
            self._read, self._characters = condensed(self._read, self._files or {})
        self._files = None

    @property
    def endpoint(self) -> str:
        """Which of the API's doors was knocked at: `generations`, `edits`, …, or `other`."""
        found = _IMAGES.search(self.path)
        if found:
            return found[1]
        return next((name for part, name in _OTHERS if part in self.path), "other")


def entry_of(scope: Scope) -> Entry:
    """Return the entry that the recorder opened for this request."""
    entry: Entry = scope[ENTRY]
    return entry


def header(headers: Iterable[Header], name: bytes) -> str:
    """Return the first header of that name (lower case) as text; empty where there is none."""
    return next((value.decode("latin-1") for key, value in headers if key.lower() == name), "")


def retry_of(entry: Entry) -> int:
    """Return which retry the client says that this is; 0 for a first attempt, or where it says nothing."""
    told = header(entry.headers, b"x-stainless-retry-count")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else 0  # noqa: PLR2004 - more is no count


def model_of(entry: Entry) -> str:
    """Return the model that answered, or the one that was asked for; empty where neither is known."""
    if entry.model:
        return entry.model
    if entry.asked and entry.endpoint in _DRAWING:
        return _model_asked(entry.asked)
    named = (entry.parameters or {}).get("model")
    return named if isinstance(named, str) else ""


def _model_asked(asked: str) -> str:
    found = _MODEL_ASKED.match(asked)
    return found[1] if found else ""


def request_id_of(entry: Entry) -> str:
    """Return the id that the reply carries; empty where it carries none."""
    names = (b"x-request-id", b"x-ms-request-id", b"apim-request-id")
    found = (header(entry.reply_headers, name) for name in names)
    return next((value for value in found if value), f"req_{entry.token}" if entry.token else "")
