"""Holds a stream of events against the request: their frames, order and numbers, and what each carries."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from mockserver.contract.difference import Difference, shown
from mockserver.contract.provider.pictures import decoded, picture_faults, size_fault
from mockserver.contract.provider.usage import usage_faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mockserver.contract.provider.expected import Granted

_FRAME: Final = re.compile(r"event: (?P<name>[^\n]+)\ndata: (?P<data>[^\n]+)")


def event_faults(due: Granted, partials: int, body: bytes) -> Iterator[Difference]:
    """Yield in which a stream differs: as many partial images as asked for, or fewer, then one that completes it."""
    frames = body.decode("utf-8", "replace").split("\n\n")
    found = [_FRAME.fullmatch(frame) for frame in frames[:-1]]
    events = [(match["name"], _object(match["data"])) for match in found if match]
    if frames[-1] or len(events) < len(found) or not all(data for _, data in events):
        yield Difference("stream", "frames of `event: NAME`, `data: {…}` and a blank line", shown(frames[-1][:120]))
        return
    names = [name for name, _ in events]
    wanted = [f"{due.event}.partial_image"] * partials + [f"{due.event}.completed"]
    if names != wanted:
        yield Difference("events", ", ".join(wanted), ", ".join(names))
        return
    for number, (name, data) in enumerate(events):
        yield from _event(f"event {number}", due, number, name, data)


def _object(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _event(place: str, due: Granted, number: int, name: str, data: Mapping[str, Any]) -> Iterator[Difference]:
    last = name.endswith(".completed")
    wanted: dict[str, object] = {
        "type": name,
        "background": "transparent" if due.transparent else "opaque",
        "output_format": due.format,
        "quality": due.quality,
        **({} if last else {"partial_image_index": number}),
    }
    for field, value in wanted.items():
        if data.get(field) != value:
            yield Difference(f"{field} of {place}", shown(value), shown(data.get(field)))
    if not isinstance(data.get("created_at"), int):
        yield Difference(f"created_at of {place}", "Unix seconds", shown(data.get("created_at")))
    yield from size_fault(f"size of {place}", due, data.get("size"))
    yield from picture_faults(f"b64_json of {place}", due, decoded(data.get("b64_json")), data.get("size"))
    if last:
        yield from usage_faults(f"usage of {place}", data.get("usage"), details=False)
