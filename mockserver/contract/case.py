"""What one contract case is: a request, the reply the real API gave, and who saw it when."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CONFIDENCES: Mapping[str, str] = {
    "verbatim-body": "the whole body was recorded or compared field by field",
    "message-only": "the sentence was quoted, the other fields were put together",
    "paraphrase": "values or parts were quoted, the body was not kept",
    "assumed": "nobody saw it; it follows the grammar of what was seen",
}

NEEDS: Mapping[str, str] = {
    "keys": "a server that knows its keys",
    "time": "an hour to pass",
    "store": "a picture store that is not the API's own origin",
    "azure": "the Azure door",
    "azure keys": "the Azure door of a server that knows its keys",
    "fetching": "a server that fetches addresses",
    "chance": "luck",
}

AUTHS = ("bearer", "api-key")
"""In which header the key goes: Authorization, or Azure's own."""

LAYOUTS: Mapping[str, tuple[int | None, str]] = {
    "pretty": (2, ""),
    "pretty-newline": (2, "\n"),
    "wide-newline": (4, "\n"),
    "compact": (None, ""),
}
"""How a JSON body is written: the indent, and what follows the last brace."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart form: a text, or a file."""

    name: str
    content: bytes
    filename: str | None = None
    """None for a text."""
    content_type: str | None = None
    """None: it declares none."""
    size: int = 0
    """Bytes that it is padded to while it is sent; 0: as it is."""


@dataclass(frozen=True, slots=True)
class Request:
    """What goes onto the wire."""

    method: str
    path: str
    """Below the base URL, query included."""
    headers: Mapping[str, str | None]
    """Added to the usual ones; None means: not sent although usual."""
    body: bytes
    bulk: int = 0
    """Length of a body of spaces that is made while it is sent."""
    form: tuple[Part, ...] = ()
    """A multipart form in place of the body."""
    cut: int = 0
    """Bytes that are left off the end of the form."""
    root: bool = False
    """Whether the path starts at the server's root instead of the base URL."""
    auth: str = "bearer"
    """One of AUTHS."""
    follow: str | None = None
    """Place of an address in the reply; the reply that counts is the one to a GET of that address."""
    follow_headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """A request before or after the one that is judged."""

    request: Request
    keep: Mapping[str, str]
    """By name: the place in its reply whose value stands for `{name}` in the requests that follow."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What every picture of a reply must be; None is not judged."""

    format: str | None = None
    size: str | None = None
    """WIDTHxHEIGHT in pixels, or "echo": whatever the reply's `size` says."""
    mode: str | None = None
    """RGB, RGBA, …"""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """What the events of a streamed reply must be."""

    name: str
    """What event names start with: image_generation or image_edit."""
    partials: tuple[int, int]
    """Fewest and most partial pictures: the service may deliver fewer than asked for."""
    partial_keys: tuple[str, ...]
    """In their order on the wire; empty is not judged."""
    completed_keys: tuple[str, ...]
    values: Mapping[str, object]
    """Fields that every event must carry with exactly this value."""
    usage: Mapping[str, object]
    """Fields of the last event's usage."""
    output_tokens: tuple[int, ...]
    """Output tokens by the number of partial pictures delivered; empty is not judged."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the reply must be; whatever is empty or None is not judged."""

    status: int
    headers: Mapping[str, object]
    """By name: the exact value, true for present, false for absent, or {like = pattern}."""
    error: Mapping[str, object]
    """Fields of the error object; `message_starts`, `message_has` and `message_like` judge the message in part."""
    keys: Mapping[str, tuple[str, ...]]
    """By place: all keys there, in their order on the wire."""
    values: Mapping[str, object]
    """A subset of the document: what stands here must stand there."""
    among: Mapping[str, tuple[object, ...]]
    """By place: the values that may stand there."""
    like: Mapping[str, str]
    """By place: the pattern that the whole text there must match."""
    layout: str | None
    length: int | None
    """Bytes of the body."""
    body: bytes | None
    """The body, byte for byte."""
    body_like: str | None
    """A pattern that must be found in the body."""
    picture: Picture | None
    stream: Stream | None


@dataclass(frozen=True, slots=True)
class Case:
    """One observed exchange."""

    id: str
    about: str
    """When it happens, in one line."""
    file: str
    """Name of the file that it stands in."""
    source: tuple[str, ...]
    observed: str
    """Day, month or year; "" when nobody said."""
    confidence: str
    request: Request
    expect: Expectation
    before: tuple[Step, ...] = ()
    """What must have been done first."""
    after: tuple[Step, ...] = ()
    """What cleans up behind it; nobody judges how it ends."""
    spends: bool = False
    """Whether the real API bills it."""
    superseded: str | None = None
    """Why or by what, when the API no longer answers so."""
    as_of: str | None = None
    """The day whose API it belongs to, when that is not the API served by default."""
    conflicts: str | None = None
    """The id of the better fact that it contradicts."""
    needs: str | None = None
    """A key of NEEDS: what it takes besides sending the request."""

    @property
    def standing(self) -> str:
        """Where it stands: played, or why not."""
        if self.superseded is not None:
            return "superseded"
        if self.as_of is not None:
            return "another day"
        if self.conflicts is not None:
            return "contradicted"
        return f"needs {self.needs}" if self.needs else "played"
