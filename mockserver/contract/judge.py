"""Holds a reply against what was expected: the list of what differs, empty when it agrees."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import TYPE_CHECKING

from mockserver.contract import picture, stream
from mockserver.contract.case import LAYOUTS
from mockserver.contract.difference import Difference, bytes_differ, shown
from mockserver.contract.places import NOTHING, find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mockserver.contract.case import Expectation
    from mockserver.contract.play import Reply

_EXCERPT, _SIGNATURE = 300, 16
"""Bytes of a body that are shown: of text, of anything else."""
_AGREES: Mapping[str, Callable[[object, object], bool]] = {
    "": lambda actual, wanted: actual == wanted,
    "starts": lambda actual, wanted: str(actual).startswith(str(wanted)),
    "has": lambda actual, wanted: str(wanted) in str(actual),
    "like": lambda actual, wanted: re.fullmatch(str(wanted), str(actual)) is not None,
}
"""By the end of an error field's name: how it is compared."""


def differences(expect: Expectation, reply: Reply) -> list[Difference]:
    """Return everything in which `reply` differs; a wrong status is told alone, with what came instead."""
    if reply.status != expect.status:
        return [Difference("status", str(expect.status), str(reply.status), _instead(reply.body))]
    return [difference for check in _CHECKS for difference in check(expect, reply)]


def _instead(body: bytes) -> str:
    """Return what came in place of the expected reply, on one line."""
    if not body:
        return "the body is empty"
    if b"\0" in body:
        return f"the body: {len(body)} bytes that are no text, {body[:_SIGNATURE]!r}…"
    return "the body: " + " ".join(body[:_EXCERPT].decode("utf-8", "replace").split())


def _headers(expect: Expectation, reply: Reply) -> Iterator[Difference]:
    for name, wanted in expect.headers.items():
        actual = reply.header(name)
        if isinstance(wanted, bool):
            agrees = (actual is not None) is wanted
            said = "present" if wanted else "absent"
        elif isinstance(wanted, dict):
            agrees = actual is not None and re.fullmatch(wanted["like"], actual) is not None
            said = f"like {wanted['like']}"
        else:
            agrees, said = actual == wanted, str(wanted)
        if not agrees:
            yield Difference(f"header {name}", said, "absent" if actual is None else actual)


def _raw(expect: Expectation, reply: Reply) -> Iterator[Difference]:
    if expect.body is not None and reply.body != expect.body:
        yield bytes_differ("body", expect.body, reply.body)
    if expect.length is not None and len(reply.body) != expect.length:
        yield Difference("length of the body", f"{expect.length} bytes", f"{len(reply.body)} bytes")
    if expect.body_like is not None and not re.search(expect.body_like.encode(), reply.body):
        yield Difference("body", f"like {expect.body_like}", repr(reply.body[:_EXCERPT]))


def _layout(expect: Expectation, reply: Reply) -> Iterator[Difference]:
    if expect.layout is None or expect.stream is not None or not _is_json(reply):
        return
    indent, end = LAYOUTS[expect.layout]
    separators = (",", ":") if indent is None else None
    written = [
        (json.dumps(json.loads(reply.body), indent=indent, separators=separators, ensure_ascii=ascii) + end)
        for ascii in (True, False)  # noqa: A001 - it is what the argument asks: only ASCII or not
    ]
    if reply.body not in [text.encode() for text in written]:
        yield bytes_differ(f"layout {expect.layout} of the body", written[1].encode(), reply.body)


def _document(expect: Expectation, reply: Reply) -> Iterator[Difference]:
    if not (expect.error or expect.keys or expect.values or expect.among or expect.like):
        return
    if not _is_json(reply):
        yield Difference("body", "JSON", repr(reply.body[:_EXCERPT]))
        return
    document = json.loads(reply.body)
    yield from _error(expect, document)
    yield from _keys(expect, document)
    yield from subset("", expect.values, document)
    yield from _among(expect, document)
    yield from _like(expect, document)


def _error(expect: Expectation, document: object) -> Iterator[Difference]:
    for name, wanted in expect.error.items():
        field, _, part = name.partition("_")
        [(place, actual)] = find(document, f"error.{field}")
        if not _AGREES[part](actual, wanted):
            yield Difference(place, _plain(wanted), _plain(actual), f"({part})" if part else "")


def _keys(expect: Expectation, document: object) -> Iterator[Difference]:
    for place, wanted in expect.keys.items():
        for at, value in find(document, place):
            actual = list(value) if isinstance(value, dict) else value
            if actual != list(wanted):
                names = ", ".join(value) if isinstance(value, dict) else _plain(value)
                yield Difference(f"keys of {at or 'the body'}", ", ".join(wanted), names)


def subset(place: str, wanted: object, actual: object) -> Iterator[Difference]:
    """Yield where `actual` lacks or contradicts what stands in `wanted`; mappings may hold more."""
    if not isinstance(wanted, dict):
        if actual != wanted or isinstance(actual, bool) != isinstance(wanted, bool):
            yield Difference(place, _plain(wanted), _plain(actual))
        return
    for name, value in wanted.items():
        at = f"{place}.{name}".lstrip(".")
        yield from subset(at, value, actual.get(name, NOTHING) if isinstance(actual, dict) else NOTHING)


def _among(expect: Expectation, document: object) -> Iterator[Difference]:
    for place, choices in expect.among.items():
        for at, value in find(document, place):
            if value not in choices:
                yield Difference(at, "one of " + ", ".join(map(_plain, choices)), _plain(value))


def _like(expect: Expectation, document: object) -> Iterator[Difference]:
    for place, pattern in expect.like.items():
        for at, value in find(document, place):
            if not isinstance(value, str) or not re.fullmatch(pattern, value):
                yield Difference(at, f"like {pattern}", _plain(value))


def _pictures(expect: Expectation, reply: Reply) -> Iterator[Difference]:
    wanted = expect.picture
    if wanted is None or expect.stream is not None:
        return
    if not _is_json(reply):
        yield from picture_differs("body", wanted.size, expect, reply.body)
        return
    document = json.loads(reply.body)
    size = find(document, "size")[0][1] if wanted.size == "echo" else wanted.size
    found = find(document, "data[].b64_json")
    if wanted.count is not None and len(found) != wanted.count:
        yield Difference("pictures in data", str(wanted.count), str(len(found)))
    for at, value in found:
        yield from picture_differs(at, size, expect, _decoded(value))


def picture_differs(at: str, size: object, expect: Expectation, data: bytes) -> Iterator[Difference]:
    """Yield in which the picture file `data` is not what was expected."""
    wanted = expect.picture
    if wanted is None:
        return
    try:
        actual = picture.facts(data)
    except ValueError as error:
        yield Difference(at, "a picture", str(error))
        return
    named = zip(("format", "size", "mode"), (wanted.format, size, wanted.mode), actual, strict=True)
    for name, want, have in named:
        if want is not None and want != have:
            yield Difference(f"{name} of the picture in {at}", str(want), have)


def _events(expect: Expectation, reply: Reply) -> Iterator[Difference]:
    if expect.stream is None:
        return
    yield from stream.differences(expect.stream, reply.header("content-type"), reply.body)
    for at, value, size in stream.pictures(reply.body):
        wanted = size if expect.picture and expect.picture.size == "echo" else None
        yield from picture_differs(at, wanted, expect, _decoded(value))


_CHECKS: tuple[Callable[[Expectation, Reply], Iterator[Difference]], ...] = (
    _headers,
    _raw,
    _document,
    _layout,
    _pictures,
    _events,
)


def _is_json(reply: Reply) -> bool:
    try:
        json.loads(reply.body)
    except ValueError:
        return False
    return True


def _decoded(value: object) -> bytes:
    try:
        return base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except binascii.Error:
        return b""


def _plain(value: object) -> str:
    if value is NOTHING or isinstance(value, str):
        return str(value)
    return shown(value)
