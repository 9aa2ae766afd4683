"""What a scenario is."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mockserver.faults.fault import Fault

    Step = tuple[Fault, ...]
    """What goes wrong at one attempt, the outermost first; empty where nothing does."""


class ScenarioError(ValueError):
    """A scenario, or the way in which one was asked for, cannot be understood; the text says what to write instead."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Who saw it, and how sure that is."""

    sources: tuple[str, ...]

    observed: str | None
    """Day, month or year; None where no source carries a date."""

    confidence: str
    """`verbatim-body`, `message-only`, `paraphrase`, `measured` (with SDKs, on one machine) or `assumed`."""


@dataclass(frozen=True, slots=True)
class Client:
    """What the official SDKs do with their two retries, and what a well-behaved client does."""

    error: str
    """The kind of error, a row of `clients.toml`."""

    python: str | None
    """The exception of openai-python; None where it raises nothing."""

    node: str | None
    """The error of openai-node; None where it throws nothing."""

    attempts: int
    """Requests that openai-python sends, with its two retries, while the failure lasts."""

    node_attempts: int
    """Requests that openai-node sends."""

    may_retry: bool
    """Whether sending the same request again can help."""

    waits: float | None
    """Seconds that the reply asks to wait at least; None where it asks for none."""

    advice: str
    """What a well-behaved client does, in a sentence."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One edge case."""

    id: str
    aliases: tuple[str, ...]

    about: str
    """What it is, in one line."""

    topic: str
    """The file that it stands in."""

    seen: Seen

    endpoints: tuple[str, ...]
    """Where it can happen: `generations`, `edits`, `variations`, `models`, `files`, `pictures`; `*` for anywhere."""

    models: tuple[str, ...]
    """Patterns of the models with which it was seen; empty for any."""

    streams: bool | None
    """Whether it takes a stream to be seen (True) or none (False)."""

    steps: tuple[Step, ...]
    """What goes wrong at each attempt; the last is repeated."""

    client: Client

    def step(self, attempt: int) -> Step:
        """Return what goes wrong at the `attempt`th attempt, counted from 1."""
        return self.steps[min(attempt, len(self.steps)) - 1]

    def happens(self, endpoint: str, *, streams: bool = False) -> bool:
        """Return whether it can be seen in a reply of `endpoint`."""
        somewhere = "*" in self.endpoints or endpoint in self.endpoints
        return somewhere and self.streams in {None, streams}

    def suits(self, model: str | None) -> bool:
        """Return whether it was seen with `model`; None suits all."""
        return model is None or not self.models or any(fnmatchcase(model, pattern) for pattern in self.models)


def advice(word: str, known: Iterable[str]) -> str:
    """Return the nearest right spelling of a word, or all of them where none is near."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, 1, 0.5)
    return f"did you mean {near[0]!r}?" if near else f"it can be {', '.join(names)}"
