"""Holds a reply against what is due: everything that differs, nothing where it agrees."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from mockserver.contract.difference import Difference, shown
from mockserver.contract.provider.events import event_faults
from mockserver.contract.provider.expected import Granted, Refused
from mockserver.contract.provider.pictures import decoded, picture_faults, size_fault
from mockserver.contract.provider.usage import usage_faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mockserver.contract.play import Reply

    Fetch = Callable[[str], Reply]

_EXCERPT: Final = 200
_OK: Final = 200
_ENVELOPE: Final = ("message", "type", "param", "code")
_ECHOES: Final = {"background", "output_format", "quality", "size", "usage"}


def faults(due: Granted | tuple[Refused, ...], reply: Reply, fetch: Fetch) -> list[Difference]:
    """Return all in which `reply` differs from what is due; `fetch` gets a picture that is behind a URL."""
    if isinstance(due, Granted):
        return list(_granted_faults(due, reply, fetch))
    return list(_refusal_faults(due, reply))


def _status_fault(wanted: str, reply: Reply) -> Difference:
    excerpt = " ".join(reply.body[:_EXCERPT].decode("utf-8", "replace").split())
    return Difference("status", wanted, str(reply.status), f"the body: {excerpt}")


def _refusal_faults(due: tuple[Refused, ...], reply: Reply) -> Iterator[Difference]:
    wanted = " or ".join(map(str, dict.fromkeys(due)))
    if reply.status not in {one.status for one in due}:
        yield _status_fault(wanted, reply)
        return
    if not (reply.header("x-request-id") or "").startswith("req_"):
        yield Difference("header x-request-id", "req_…", str(reply.header("x-request-id")))
    if _media_type(reply) != "application/json":
        yield Difference("header content-type", "application/json", str(reply.header("content-type")))
    error = _error(reply)
    if error is None:
        yield Difference("body", "an error object of message, type, param and code", repr(reply.body[:_EXCERPT]))
    elif not any(_is(error, one) for one in due):
        told = Refused(error["param"], error["code"], error["type"], status=reply.status)
        yield Difference("error", wanted, str(told), f"the message: {error['message']}")


def _error(reply: Reply) -> Mapping[str, Any] | None:
    """Return the error object of a refusal, or None where it has not its four fields and nothing beside them."""
    match _document(reply):
        case {"error": {"message": str(message), "type": _, "param": _, "code": _} as error, **others}:
            return error if message and not others and len(error) == len(_ENVELOPE) else None
    return None


def _is(error: Mapping[str, Any], due: Refused) -> bool:
    named = (error["param"], error["code"], error["type"]) == (due.param, due.code, due.type)
    return named and due.says in error["message"]


def _granted_faults(due: Granted, reply: Reply, fetch: Fetch) -> Iterator[Difference]:
    if reply.status != _OK:
        yield _status_fault(str(due), reply)
        return
    streamed = _media_type(reply) == "text/event-stream"
    if streamed != (due.partials is not None):
        wanted = "application/json" if streamed else "text/event-stream"
        yield Difference("header content-type", wanted, str(reply.header("content-type")))
        return
    if not (reply.header("x-request-id") or "").startswith("req_"):
        yield Difference("header x-request-id", "req_…", str(reply.header("x-request-id")))
    if due.partials is not None:
        yield from event_faults(due, due.partials, reply.body)
    else:
        yield from _reply_faults(due, reply, fetch)


def _reply_faults(due: Granted, reply: Reply, fetch: Fetch) -> Iterator[Difference]:
    document = _document(reply)
    keys = {"created", "data"} | (_ECHOES if due.counted else set())
    if not isinstance(document, dict) or document.keys() != keys:
        found = sorted(document) if isinstance(document, dict) else repr(reply.body[:_EXCERPT])
        yield Difference("keys of the body", shown(sorted(keys)), shown(found))
        return
    data = document["data"]
    if not isinstance(data, list) or len(data) != due.pictures:
        yield Difference("pictures in data", str(due.pictures), shown(len(data) if isinstance(data, list) else data))
        return
    if due.counted:
        yield from _echo_faults(due, document)
        yield from usage_faults("usage", document["usage"], details=True)
    for number, item in enumerate(data):
        yield from _item_faults(f"data[{number}]", due, item, document.get("size"), fetch)


def _echo_faults(due: Granted, document: Mapping[str, Any]) -> Iterator[Difference]:
    background = "transparent" if due.transparent else "opaque"
    echoes = {"background": background, "output_format": due.format, "quality": due.quality}
    for name, wanted in echoes.items():
        if document[name] != wanted:
            yield Difference(name, shown(wanted), shown(document[name]))
    yield from size_fault("size", due, document["size"])


def _item_faults(place: str, due: Granted, item: object, size: object, fetch: Fetch) -> Iterator[Difference]:
    keys = {"url" if due.by_url else "b64_json"}
    keys |= {"generation_id"} if due.generation_ids else set()
    keys |= {"revised_prompt"} if due.revises_prompt else set()
    if not isinstance(item, dict) or item.keys() != keys:
        found = sorted(item) if isinstance(item, dict) else item
        yield Difference(f"keys of {place}", shown(sorted(keys)), shown(found))
        return
    if not due.by_url:
        yield from picture_faults(f"{place}.b64_json", due, decoded(item["b64_json"]), size)
        return
    picture = fetch(str(item["url"]))
    if picture.status != _OK:
        yield Difference(f"{place}.url", "200 when it is fetched", str(picture.status))
    else:
        yield from picture_faults(f"{place}.url", due, picture.body, size)


def _media_type(reply: Reply) -> str:
    return (reply.header("content-type") or "").partition(";")[0].strip().lower()


def _document(reply: Reply) -> object:
    try:
        return json.loads(reply.body)
    except ValueError:
        return None
