"""What the API answered against what the caller got: every value came back, as it was, and nothing else did."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from typing import TYPE_CHECKING, Any, Final

from mockserver.contract.certify.values import around, shown
from mockserver.contract.certify.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mockserver.contract.certify.exchange import Exchange
    from mockserver.contract.certify.lines import Can, Told

    Fetch = Callable[[str], bytes]

_PICTURE: Final = ("b64_json", "url", "bytes_sha256")
"""What a picture may be given as, the last one by workers alone."""


def findings(can: Can, exchange: Exchange, told: Told, fetch: Fetch) -> list[Finding]:
    """Return what is wrong with what a client gave its caller for a reply that was a success.

    Args:
        can: whether its caller gets the whole reply or the pictures.
        exchange: the one that the call was answered by.
        told: what the worker says.
        fetch: returns the file behind a URL of the reply.
    """
    if told.error is not None:
        error = told.error
        text = f"the reply was a success, and {error.name} was raised: {shown(error.message)}"
        return [Finding("failed", text, error.name)]
    came = dict(told.value or {})
    comparing = _Comparing(fetch)
    if (exchange.reply_header("content-type") or "").startswith("text/event-stream"):
        return list(_events(can, comparing, events(exchange.reply_body), came))
    reply = json.loads(exchange.reply_body)
    if can.returns == "pictures":
        return list(_pictures(comparing, reply["data"], came.get("data")))
    return list(comparing.anything("", reply, came))


def events(body: bytes) -> list[dict[str, Any]]:
    """Return the events of a stream that the server sent, without a mark of its end."""
    frames = body.decode("utf-8", "replace").split("\n\n")
    data = ["\n".join(line[5:].strip() for line in frame.split("\n") if line.startswith("data:")) for frame in frames]
    return [json.loads(one) for one in data if one and one != "[DONE]"]


def _events(can: Can, comparing: _Comparing, sent: Sequence[Any], value: dict[str, Any]) -> Iterator[Finding]:
    came = value.get("events")
    if not isinstance(came, list):
        yield Finding("lost", f"{len(sent)} events were sent, and what came back has none", "events")
        return
    names, others = [_name(one) for one in sent], [_name(one) for one in came]
    if names != others and sorted(names) == sorted(others):
        yield Finding("altered", f"the events came back in another order: {', '.join(others)}", "events")
        return
    if can.returns == "pictures":
        yield from _pictures(comparing, sent, came, "events")
        return
    yield from _missing(names, others)
    for at, name in enumerate(names):
        if name in others:
            yield from comparing.anything(f"events[{at}]", sent[at], came[others.index(name)])


def _missing(names: list[str], others: list[str]) -> Iterator[Finding]:
    """Yield which events are missing, and which are too many."""
    for at, name in enumerate(names):
        if name not in others:
            yield Finding("lost", f"the event {name} did not come back", f"events[{at}]")
    for at, name in enumerate(others):
        if name not in names or name in others[:at]:
            yield Finding("invented", f"an event {name} came back, which was not sent", f"events[{at}]")


def _name(event: Any) -> str:  # noqa: ANN401 - whatever came back
    if not isinstance(event, dict):
        return shown(event)
    index = event.get("partial_image_index")
    return str(event.get("type")) + ("" if index is None else f" {index}")


def _pictures(comparing: _Comparing, sent: Sequence[Any], came: Any, place: str = "data") -> Iterator[Finding]:  # noqa: ANN401 - whatever came back
    """Yield what became of the pictures, whatever stands beside them."""
    if not isinstance(came, list):
        yield Finding("lost", f"{len(sent)} pictures were sent, and what came back has none", place)
        return
    only = [{name: one[name] for name in _PICTURE if name in one} if isinstance(one, dict) else one for one in came]
    bare = [{name: one[name] for name in _PICTURE if name in one} for one in sent]
    yield from comparing.list(place, bare, only)


class _Comparing:
    """Compares JSON values; a picture may come back in another form."""

    def __init__(self, fetch: Fetch) -> None:
        self.fetch = fetch

    def anything(self, place: str, sent: Any, came: Any) -> Iterator[Finding]:  # noqa: ANN401 - any JSON value
        """Yield what is wrong with one value."""
        if isinstance(sent, dict) and isinstance(came, dict):
            yield from self.object(place, sent, came)
        elif isinstance(sent, list) and isinstance(came, list):
            yield from self.list(place, sent, came)
        elif sent is not None and came is None:
            yield Finding("lost", f"`{place}` was {shown(sent)}, and came back as null", place)
        elif not _equal(sent, came):
            texts = isinstance(sent, str) and isinstance(came, str)
            before, after = around(sent, came) if texts else (shown(sent), shown(came))
            yield Finding("altered", f"`{place}` was {before}, and came back as {after}", place)

    def object(self, place: str, sent: dict[str, Any], came: dict[str, Any]) -> Iterator[Finding]:
        """Yield what is wrong with an object; null is as good as nothing."""
        dot = f"{place}." if place else ""
        if "bytes_sha256" in came and "bytes_sha256" not in sent:
            sent, came = self.digested(sent, came)
        for name, value in sent.items():
            if name in came:
                yield from self.anything(dot + name, value, came[name])
            elif value is not None:
                yield Finding("lost", f"`{dot}{name}` was {shown(value)}, and did not come back", dot + name)
        for name, value in came.items():
            if name not in sent and value is not None:
                text = f"`{dot}{name}` came back as {shown(value)}, and the reply did not have it"
                yield Finding("invented", text, dot + name)

    def list(self, place: str, sent: Sequence[Any], came: Sequence[Any]) -> Iterator[Finding]:
        """Yield what is wrong with a list, one by one as far as both go."""
        for at, (one, other) in enumerate(zip(sent, came, strict=False)):
            yield from self.anything(f"{place}[{at}]", one, other)
        if len(came) < len(sent):
            text = f"`{place}` has {len(sent)}, of which {len(came)} came back"
            yield Finding("lost", text, f"{place}[{len(came)}]")
        if len(came) > len(sent):
            text = f"`{place}` has {len(sent)}, and {len(came)} came back"
            yield Finding("invented", text, f"{place}[{len(sent)}]")

    def digested(self, sent: dict[str, Any], came: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what was sent of a picture with its digest in its place, and what came back without another form."""
        data = b64decode(sent["b64_json"]) if "b64_json" in sent else self.fetch(str(sent.get("url")))
        rest = {name: value for name, value in sent.items() if name not in _PICTURE}
        kept = {name: value for name, value in came.items() if name not in {"b64_json", "url"}}
        return {**rest, "bytes_sha256": hashlib.sha256(data).hexdigest()}, kept


def _equal(sent: object, came: object) -> bool:
    """Return whether two plain values are equal; 1 and 1.0 are, 1 and true are not."""
    return isinstance(sent, bool) == isinstance(came, bool) and sent == came
