"""What was asked of a client against what arrived: every difference is one finding, under the name of its cause."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any, Final

from mockserver.contract.certify import parts, sent_files
from mockserver.contract.certify.names import renamings
from mockserver.contract.certify.values import FormText, JsonValue, shown
from mockserver.contract.certify.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mockserver.contract.certify.exchange import Exchange
    from mockserver.contract.certify.lines import Asked, Operation
    from mockserver.contract.certify.values import Spelling

_PATHS: Final[Mapping[Operation, str]] = {
    "generate": "/v1/images/generations",
    "edit": "/v1/images/edits",
    "vary": "/v1/images/variations",
}
_JSON: Final = "application/json"
_OK: Final = 200


def findings(asked: Asked, exchanges: Sequence[Exchange]) -> list[Finding]:
    """Return what is wrong with what a client sent for one call; that it was refused is told where nothing else is."""
    if len(exchanges) != 1:
        return [Finding("count", _counted(exchanges))]
    (exchange,) = exchanges
    if not exchange.complete:
        return [Finding("count", "the request broke off before its end")]
    found = [*_head(asked, exchange), *_body(asked, exchange)]
    return found or list(_refused(exchange))


def _counted(exchanges: Sequence[Exchange]) -> str:
    if not exchanges:
        return "no request arrived"
    came = ", ".join(f"{one.method} {one.path} ({one.status})" for one in exchanges[:5])
    return f"{len(exchanges)} requests arrived where one was asked for: {came}"


def _head(asked: Asked, exchange: Exchange) -> Iterator[Finding]:
    if exchange.method != "POST":
        yield Finding("method", f"POST was expected, {exchange.method} came", exchange.method)
    if exchange.path != _PATHS[asked.op]:
        yield Finding("path", f"{_PATHS[asked.op]} was expected, {exchange.path} came")
    scheme, _, key = (exchange.header("authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or key.strip() != asked.api_key:
        yield Finding("key", f"Authorization: Bearer with the caller's key was expected; {_key(exchange)} came")


def _key(exchange: Exchange) -> str:
    """Return what came in a key's place, and no key."""
    if exchange.header("authorization"):
        return "another value"
    return "the header api-key" if exchange.header("api-key") else "no such header"


def _refused(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status != _OK:
        said = exchange.reply_body.decode("utf-8", "replace")
        with contextlib.suppress(ValueError, KeyError, TypeError):
            said = json.loads(said)["error"]["message"]
        yield Finding("refused", f"the API answered {exchange.status}: {shown(said)}")


def _body(asked: Asked, exchange: Exchange) -> Iterator[Finding]:
    expected = _JSON if asked.op == "generate" else parts.MEDIA_TYPE
    declared = exchange.header("content-type") or "none"
    if declared.partition(";")[0].strip().lower() != expected:
        yield Finding("media-type", f"a body of {expected} was expected, {declared} came")
        return
    try:
        came = _json(exchange) if asked.op == "generate" else parts.parts(declared, exchange.request_body)
    except (ValueError, RecursionError) as error:
        yield Finding("media-type", f"the body is no {expected}: {error}")
        return
    if isinstance(came, dict):
        yield from _compared(asked.params, came, JsonValue())
    else:
        yield from _form(asked, came)


def _json(exchange: Exchange) -> dict[str, Any]:
    document = json.loads(exchange.request_body, object_pairs_hook=_once)
    if not isinstance(document, dict):
        message = f"{shown(document)} is no object"
        raise ValueError(message)  # noqa: TRY004 - the body is told as one that cannot be read
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object in which no name stands twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        message = f"a name stands twice in {shown([name for name, _ in pairs])}"
        raise ValueError(message)
    return found


def _form(asked: Asked, came: list[parts.Part]) -> Iterator[Finding]:
    files = [part for part in came if part.filename is not None or sent_files.names_file(part.name)]
    texts: dict[str, str] = {}
    for part in came:
        if part in files:
            continue
        if part.name in texts:
            yield Finding("added", f"`{part.name}` arrived twice", part.name)
        texts[part.name] = part.content.decode("utf-8", "backslashreplace")
    yield from sent_files.findings(asked.files, files)
    said = {name: value for name, value in asked.params.items() if value is not None}
    yield from _compared(said, texts, FormText())


def _compared(asked: Mapping[str, Any], came: Mapping[str, Any], spelling: Spelling) -> Iterator[Finding]:
    """Yield what became of each parameter."""
    dropped = {name: value for name, value in asked.items() if name not in came}
    added = {name: value for name, value in came.items() if name not in asked}
    renamed = renamings(dropped, added, spelling)
    for name, other in renamed.items():
        yield Finding("renamed", f"`{name}` arrived as `{other}`", name)
    for name in dropped.keys() - renamed.keys():
        yield Finding("dropped", f"`{name}` was {shown(dropped[name])}, and did not arrive", name)
    for name in added.keys() - set(renamed.values()):
        yield Finding("added", f"`{name}` arrived as {shown(added[name])}, and nobody asked for it", name)
    for name, value in asked.items():
        if name in came:
            yield from spelling.differences(name, value, came[name])
