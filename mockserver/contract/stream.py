"""Holds the frames of a streamed reply against what was expected of its events."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from mockserver.contract.difference import Difference, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.contract.case import Stream

_FRAME = re.compile(r"event: (?P<name>[^\n]+)\ndata: (?P<data>[^\n]+)\Z")


def differences(expect: Stream, content_type: str | None, body: bytes) -> Iterator[Difference]:
    """Yield in which the stream differs: its form, the order of its events, their fields, the usage."""
    if (content_type or "").partition(";")[0] != "text/event-stream":
        yield Difference("header content-type", "text/event-stream", str(content_type))
    bad = _bad_frame(body)
    if bad is not None:
        yield bad
        return
    events = _events(body)
    yield from _order(expect, [name for name, _ in events])
    for number, (name, data) in enumerate(events):
        yield from _event(expect, number, name, data)
        if name.endswith(".completed"):
            yield from _usage(expect, number, data.get("usage", {}))


def pictures(body: bytes) -> Iterator[tuple[str, object, object]]:
    """Yield (place, base64, echoed size) of the picture in every event."""
    if _bad_frame(body) is None:
        for number, (_, data) in enumerate(_events(body)):
            yield f"event {number}", data.get("b64_json"), data.get("size")


def _bad_frame(body: bytes) -> Difference | None:
    """Return what is wrong with the first frame that is not `event:`, `data:` in compact JSON, blank line."""
    form = "event: NAME ⏎ data: {compact JSON} ⏎ ⏎"
    text = body.decode("utf-8", "replace")
    if not text.endswith("\n\n"):
        return Difference("end of the stream", "a blank line after the last event", repr(text[-40:]))
    for number, frame in enumerate(text.split("\n\n")[:-1]):
        match = _FRAME.match(frame)
        if match is None or not _compact(match["data"]):
            return Difference(f"frame {number}", form, repr(frame[:120]))
    return None


def _compact(text: str) -> bool:
    try:
        document = json.loads(text)
    except ValueError:
        return False
    return isinstance(document, dict) and json.dumps(document, separators=(",", ":")) == text


def _events(body: bytes) -> list[tuple[str, dict[str, Any]]]:
    matches = [_FRAME.match(frame) for frame in body.decode("utf-8", "replace").split("\n\n")[:-1]]
    return [(match["name"], json.loads(match["data"])) for match in matches if match]


def _order(expect: Stream, names: list[str]) -> Iterator[Difference]:
    fewest, most = expect.partials
    partial, completed = f"{expect.name}.partial_image", f"{expect.name}.completed"
    count = names.count(partial)
    if names != [*[partial] * count, completed] or not fewest <= count <= most:
        wanted = f"{fewest} to {most}" if fewest != most else str(most)
        yield Difference("events", f"{wanted} times {partial}, then {completed}", ", ".join(names))


def _event(expect: Stream, number: int, name: str, data: dict[str, Any]) -> Iterator[Difference]:
    last = name.endswith(".completed")
    keys = list(expect.completed_keys if last else expect.partial_keys)
    if keys and list(data) != keys:
        yield Difference(f"keys of event {number}", ", ".join(keys), ", ".join(data))
    wanted = {"type": name, "sequence_number": number, **expect.values}
    if not last:
        wanted["partial_image_index"] = number
    for field, value in wanted.items():
        if data.get(field) != value:
            yield Difference(f"{field} of event {number}", shown(value), shown(data.get(field)))


def _usage(expect: Stream, partials: int, usage: dict[str, Any]) -> Iterator[Difference]:
    wanted = dict(expect.usage)
    if partials < len(expect.output_tokens):
        wanted["output_tokens"] = expect.output_tokens[partials]
    for field, value in wanted.items():
        if usage.get(field) != value:
            yield Difference(f"usage.{field} after {partials} partial pictures", shown(value), shown(usage.get(field)))
