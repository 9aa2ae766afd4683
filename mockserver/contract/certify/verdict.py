"""What a certification finds out: a matrix of clients and behaviours, and the witness of every failure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

Verdict = Literal["pass", "fail", "allowed", "absent"]
"""`allowed`: it fails, and the client's row declares why that is accepted. `absent`: the client cannot be asked it."""

FINDINGS: Final = {
    # what it sends
    "count": "it sent none or several requests where one was asked for",
    "method": "another method",
    "path": "another path",
    "key": "another key, or none",
    "media-type": "the body's media type, or that of a part",
    "dropped": "a parameter that was asked for did not arrive",
    "renamed": "a parameter arrived under another name",
    "retyped": "a parameter arrived as another type",
    "changed": "a parameter arrived with another value",
    "added": "a parameter arrived that nobody asked for",
    "part-name": "a file arrived under another part name",
    "bytes": "a file arrived with other bytes",
    "refused": "the API refused what was asked for rightly",
    # what it returns
    "lost": "a value of the reply did not come back",
    "altered": "a value of the reply came back as another one",
    "invented": "a value came back that the reply did not have",
    "failed": "it failed where the reply was a success",
    # how it takes failure
    "kind": "an error of another kind than the failure's",
    "status-lost": "the error does not tell the status",
    "code-lost": "the error does not tell the code",
    "request-id-lost": "the error does not tell the request id",
    "message-lost": "the error does not tell the message",
    "raw": "an exception of a parser or of the transport leaks out of the client",
    "swallowed": "a failure came back as a success",
    "retried-in-vain": "it tried again what cannot succeed",
    "gave-up": "it did not try again what can succeed",
    "too-soon": "it tried again sooner than the reply asked",
    "changed-on-retry": "a retry was another request than the first",
    "double-billed": "the same picture was paid for twice",
    "hung": "it did not come back before its deadline",
    "crashed": "the client's process ended",
}
"""Every rule by which a cell can fail, and what it means."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    rule: str
    """A key of `FINDINGS`."""

    text: str
    """What was expected and what was seen, in a sentence that names the parameter, value or reply."""

    place: str = ""
    """Where: `size`, `image[]`, `data[0].b64_json`, `attempt 2`; empty for the whole."""


@dataclass(frozen=True, slots=True)
class Witness:
    """What shows that a finding is true, and how to see it again."""

    asked: dict[str, Any]
    """The line that the client under test was given; keys masked."""

    told: dict[str, Any] | None
    """The line that it answered with, pictures shortened; None where it did not answer."""

    exchanges: tuple[dict[str, Any], ...]
    """Each request on the wire with its reply, in order, as `Exchange.shown` tells them."""

    replay: str
    """A command that shows it again."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One column: something that a client does rightly or not."""

    id: str
    """For instance `sends.generate`, `returns.stream`, `fails.429-gpt-image-ipm.always`."""

    group: Literal["sends", "returns", "fails"]
    title: str
    """A few words for the head of a column."""

    about: str
    """What must hold, in a sentence."""

    topic: str = ""
    """Of a failure: the catalogue's topic, for instance `limits`; reports draw a topic together. Empty for others."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One client, one behaviour, one verdict."""

    behaviour: Behaviour
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    """Empty where it passes or is absent."""

    witness: Witness | None = None
    """Of the first finding."""

    reason: str = ""
    """Why it is allowed or absent."""

    cases: int = 0
    """How many requests were judged."""

    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Certificate:
    """One row: a client and all its cells."""

    client: str
    """For instance `openai-python`, `my_pkg.images:generate`, `node my_client.js`."""

    version: str
    """Of the client; empty where it tells none."""

    runtime: str
    """What it runs on, for instance `Python 3.11.9`, `Node 20.20.0`; empty where it tells none."""

    cells: tuple[Cell, ...]
    seconds: float = 0.0
    stale: tuple[str, ...] = ()
    """A sentence for each allowance that covered nothing."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """All rows of one certification."""

    certificates: tuple[Certificate, ...]
    made: str
    """Day, as `YYYY-MM-DD`."""

    mockserver: str
    """Version of this package."""

    seed: int
