"""What a fault knows of the one request that it befalls: its time, its identifiers, the words of its replies."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from typing import TYPE_CHECKING, Final

from mockserver.clock import Clock, WallClock
from mockserver.errors import mask
from mockserver.headers import ApiHeaders, azure_headers, blob_headers
from mockserver.identity import alphanumeric

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mockserver.headers import Header

_HOUR: Final = 3600
_UNPRINTABLE: Final = re.compile(r"[^\t\x20-\x7e\x80-\xff]")
_LONGEST_HEADER: Final = 8000  # characters, which every client reads
_WORD: Final = re.compile(r"\{(\w+)(?:\|([^{}]*))?\}")


@dataclass(frozen=True, slots=True)
class Scene:
    """One request, as far as a fault may know it; `words` of a reply are filled in from here."""

    clock: Clock = field(default_factory=WallClock)
    """Where waiting gets its time from."""

    token: str = "0" * 32
    """32 hex digits of the request's id."""

    model: str | None = None
    """The model that was asked for; None where none was named."""

    key: str = "sk-mock"
    """The API key as it came."""

    method: str = "POST"
    path: str = "/v1/images/generations"

    seed: int = 0
    """The server's seed, from which organisation, project and signed URLs follow."""

    started: float | None = None
    """The clock's stopwatch on arrival; None for now."""

    def fill(self, text: str) -> str:
        """Return `text` with `{request_id}` and the other words filled in; `{model|gpt-image-2}` names a stand-in."""
        return _WORD.sub(self._word, text)

    def body(self, text: str) -> bytes:
        """Return `text` filled in, in UTF-8; of what a client sent, half a character becomes a question mark."""
        return self.fill(text).encode("utf-8", "replace")

    def header(self, text: str) -> bytes:
        """Return `text` filled in, as a header may say it; what cannot stand in one becomes a question mark."""
        return _UNPRINTABLE.sub("?", self.fill(text))[:_LONGEST_HEADER].encode("latin-1")

    def headers(self, family: str, media_type: str) -> list[Header]:
        """Return the headers that a reply of a `family` has of its own, with `media_type` unless it is empty."""
        own = FAMILIES[family](self)
        return [*own, (b"content-type", media_type.encode())] if media_type else own

    def _word(self, found: re.Match[str]) -> str:
        meaning = WORDS.get(found[1])
        if meaning is None:
            return found[0]  # braces of a body's own
        return meaning(self) or found[2] or ""


def organization(scene: Scene) -> str:
    """Return the organisation's id, which error messages name."""
    return f"org-{alphanumeric(f'org/{scene.seed}')}"


def project(scene: Scene) -> str:
    """Return the project's id."""
    return f"proj_{alphanumeric(f'project/{scene.seed}')}"


def _uuid(scene: Scene) -> str:
    return str(uuid.UUID(hex=scene.token, version=4))


def _iso(scene: Scene) -> str:
    moment = datetime.fromtimestamp(scene.clock.now(), UTC)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "0Z")


def _http_date(hours: float) -> Callable[[Scene], str]:
    return lambda scene: formatdate(scene.clock.now() + hours * _HOUR, usegmt=True)


WORDS: Final[Mapping[str, Callable[[Scene], str]]] = {
    "request_id": lambda scene: f"req_{scene.token}",
    "token": lambda scene: scene.token,
    "uuid": _uuid,
    "ray": lambda scene: scene.token[:16],
    "model": lambda scene: scene.model or "",
    "org": organization,
    "project": project,
    "key": lambda scene: mask(scene.key),
    "method": lambda scene: scene.method,
    "path": lambda scene: scene.path,
    "unix": lambda scene: str(int(scene.clock.now())),
    "iso_now": _iso,
    "now": _http_date(0),
    "an_hour_ago": _http_date(-1),
    "three_hours_ago": _http_date(-3),
    "in_a_minute": _http_date(1 / 60),
    "in_half_an_hour": _http_date(1 / 2),
}
"""Words that stand in braces in the text of a scenario."""


def _api(scene: Scene, *, known: bool) -> list[Header]:
    stopwatch = scene.clock.stopwatch()
    started = stopwatch if scene.started is None else scene.started
    return [*ApiHeaders(project(scene)).of(scene.token, stopwatch - started, None, known=known)]


def _edge(scene: Scene) -> list[Header]:
    return [(b"server", b"cloudflare"), (b"cf-ray", scene.token[:16].encode() + b"-TXL")]


FAMILIES: Final[Mapping[str, Callable[[Scene], list[Header]]]] = {
    "api": lambda scene: _api(scene, known=True),
    "stranger": lambda scene: _api(scene, known=False),
    "edge": _edge,
    "azure": lambda scene: azure_headers(_uuid(scene)),
    "blob": lambda scene: blob_headers(_uuid(scene)),
    "bare": lambda _scene: [],
}
"""Who speaks, and the headers that all it says has: the API to a key it knows or not, the edge before it, Azure,
the store of pictures, or nobody in particular."""
