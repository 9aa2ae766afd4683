"""The line protocol of a worker: what it is asked and what it tells, as values and as lines of JSON (see README.md)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from mockserver.contract.certify.strict import Row, parsed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Operation = Literal["generate", "edit", "vary"]
OPERATIONS: Final[tuple[Operation, ...]] = ("generate", "edit", "vary")


@dataclass(frozen=True, slots=True)
class Upload:
    """One file that the caller hands to the client."""

    path: str
    """Absolute, on this machine."""

    name: str | None = None
    """What the caller calls it; None where the caller says nothing, and any name is right."""

    type: str | None = None
    """Media type, in the same way."""

    def shown(self) -> dict[str, Any]:
        """Return it as it stands in a line."""
        return {"path": self.path, "name": self.name, "type": self.type}


@dataclass(frozen=True, slots=True)
class Asked:
    """One call that the client under test is to make."""

    id: int
    op: Operation
    base_url: str
    """Ends in `/v1`."""

    api_key: str
    params: Mapping[str, Any]
    """What the caller writes, without the files."""

    files: Mapping[str, Upload | Sequence[Upload]] = field(default_factory=dict)
    """`image` and `mask`; a sequence where the caller hands a list."""

    max_retries: int = 2
    timeout: float = 5.0
    """Seconds that the client may wait for one reply."""

    def shown(self) -> dict[str, Any]:
        """Return the object of its line."""
        files = {
            part: one.shown() if isinstance(one, Upload) else [file.shown() for file in one]
            for part, one in self.files.items()
        }
        return {
            "id": self.id,
            "op": self.op,
            "base_url": self.base_url,
            "api_key": self.api_key,
            "params": dict(self.params),
            "files": files,
            "max_retries": self.max_retries,
            "timeout": self.timeout,
        }

    def masked(self) -> dict[str, Any]:
        """Return the object of its line for a witness: no key, and no folder of this machine."""
        bare = {
            part: replace(one, path=Path(one.path).name)
            if isinstance(one, Upload)
            else [replace(file, path=Path(file.path).name) for file in one]
            for part, one in self.files.items()
        }
        return {**replace(self, files=bare).shown(), "api_key": "…"}

    def line(self) -> bytes:
        """Return its line: ASCII, so that no worker's locale can spoil it."""
        return json.dumps(self.shown()).encode("ascii") + b"\n"


@dataclass(frozen=True, slots=True)
class Can:
    """What a client can say of one operation."""

    params: frozenset[str] | None = None
    """Names that its caller can give, `mask` among them; None for any."""

    models: frozenset[str] | None = None
    """None for any."""

    stream: bool = False
    returns: Literal["reply", "pictures"] = "reply"
    """Whether the caller gets the whole reply or the pictures alone."""


@dataclass(frozen=True, slots=True)
class Hello:
    """What a worker says of its client before it is asked anything."""

    client: str
    can: Mapping[Operation, Can]
    version: str = ""
    runtime: str = ""
    retries: bool = True
    """Whether it tries again by itself."""

    errors: Literal["fields", "message"] = "fields"
    """Whether its errors carry status, code, param and request id as fields, or a text alone."""


@dataclass(frozen=True, slots=True)
class Raised:
    """The error that a client gave its caller."""

    name: str
    """Of its class, or what else tells its kind."""

    message: str = ""
    lineage: tuple[str, ...] = ()
    """The class and those it derives from, the nearest first; the class alone where nothing is told."""

    module: str = ""
    status: int | None = None
    code: str | None = None
    param: str | None = None
    type: str | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What a worker answered: a value, an error, or that its client cannot say this."""

    id: int
    value: Mapping[str, Any] | None = None
    """What is no object stands in one, under `value`: a client may well return the text of a page."""

    error: Raised | None = None
    cannot: str | None = None
    line: Mapping[str, Any] = field(default_factory=dict)
    """The object of its line, for a witness."""

    @property
    def ok(self) -> bool:
        """Whether the call succeeded, as the client says."""
        return self.value is not None


def hello(line: bytes) -> Hello:
    """Return what the first line of a worker says.

    Raises:
        ValueError: it is no such line; the sentence says what its author can do.
    """
    said = Row("the first line", parsed("the first line", line))
    if said.row.get("ready") != 1:
        said.refuse('has no "ready": 1; begin with {"ready": 1, "client": "…", "can": {…}}')
    said.only("ready", "client", "version", "runtime", "can", "retries", "errors")
    can = Row('"can" of the first line', said.take("can", dict))
    can.only(*OPERATIONS)
    return Hello(
        client=said.take("client", str),
        can={op: _can(op, row) for op, row in cast("dict[Operation, Any]", can.row).items()},
        version=said.take("version", str, ""),
        runtime=said.take("runtime", str, ""),
        retries=said.take("retries", bool, True),  # noqa: FBT003 - the value where nothing is said
        errors=said.word("errors", ("fields", "message")),
    )


def _can(operation: str, row: Any) -> Can:  # noqa: ANN401 - whatever a worker wrote
    said = Row(f'"can" of {operation}', row)
    said.only("params", "models", "stream", "returns")
    return Can(
        params=_names(said, "params"),
        models=_names(said, "models"),
        stream=said.take("stream", bool, False),  # noqa: FBT003 - the value where nothing is said
        returns=said.word("returns", ("reply", "pictures")),
    )


def _names(said: Row, key: str) -> frozenset[str] | None:
    names = said.strings(key)
    return None if names is None else frozenset(names)


def told(line: bytes) -> Told:
    """Return what a line of a worker tells.

    Raises:
        ValueError: it is no such line; the sentence says what its author can do.
    """
    row = parsed("the answer", line)
    said = Row("the answer", row)
    number = said.take("id", int)
    if "cannot" in row:
        said.only("id", "cannot")
        return Told(number, cannot=said.take("cannot", str), line=row)
    if said.take("ok", bool):
        said.only("id", "ok", "value")
        value = said.take("value", object)
        return Told(number, value=value if isinstance(value, dict) else {"value": value}, line=row)
    said.only("id", "ok", "error")
    return Told(number, error=_raised(said.take("error", dict)), line=row)


def _raised(row: dict[str, Any]) -> Raised:
    said = Row('"error" of the answer', row)
    said.only("class", "lineage", "module", "message", "status", "code", "param", "type", "request_id")
    name = said.take("class", str)
    return Raised(
        name=name,
        message=said.take("message", str, ""),
        lineage=tuple(said.strings("lineage") or (name,)),
        module=said.take("module", str, ""),
        status=said.take("status", int, None),
        code=said.take("code", str, None),
        param=said.take("param", str, None),
        type=said.take("type", str, None),
        request_id=said.take("request_id", str, None),
    )
