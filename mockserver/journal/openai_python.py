"""An entry as a Python program that asks again through OpenAI's client."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Final

from mockserver.journal.curl import file_name
from mockserver.journal.entry import header
from mockserver.journal.har import origin_of
from mockserver.journal.masks import Mask, masked
from mockserver.journal.plain import plain
from mockserver.journal.seen import Seen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mockserver.journal.entry import Entry

_SHARED: Final = frozenset({"model", "n", "response_format", "size", "user"})
_GPT: Final = _SHARED | {
    "background",
    "output_compression",
    "output_format",
    "partial_images",
    "prompt",
    "quality",
    "stream",
}
_METHODS: Final[Mapping[str, tuple[str, str, frozenset[str]]]] = {
    "generations": ("generate", "prompt", _GPT | {"moderation", "style"}),
    "edits": ("edit", "image", _GPT | {"image", "input_fidelity", "mask"}),
    "variations": ("create_variation", "image", _SHARED | {"image"}),
}
"""Endpoint to the client's method, the argument that it cannot do without, and the names of all (openai 3.57)."""

_HEAD: Final = "import os\n\nfrom openai import {client}\n\nclient = {client}({options})\n"


def openai_python(entry: Entry) -> str:
    """Return a program that asks again; the key is taken from `OPENAI_API_KEY`, files from the current directory.

    What the client has no argument for goes through `extra_body`, and what it has no method for through `post`.
    """
    mask = Mask(entry.headers)
    read = {name: mask.value(name, value) for name, value in (entry.condensed() or {}).items()}
    if read.get("stream") == "true":  # as a form spells it
        read["stream"] = True
    lines = _client(entry, mask)
    method, needed, known = _METHODS.get(entry.endpoint, ("", "", frozenset()))
    if not method or entry.method != "POST" or needed not in read:
        return lines + _plain_call(entry, mask, read)
    arguments = [f"    {name}={_value(value)}," for name, value in read.items() if name in known]
    others = {name: value for name, value in read.items() if name not in known}
    if others:
        arguments.append(f"    extra_body={_value(others)},")
    call = "\n".join([f"client.images.{method}(", *arguments, ")"])
    if read.get("stream") is True:
        return f"{lines}stream = {call}\nfor event in stream:\n    print(event.type)\n"
    return f"{lines}reply = {call}\nprint(reply.to_json())\n"


def _client(entry: Entry, mask: Mask) -> str:
    origin = origin_of(entry)
    if entry.path.startswith("/openai/deployments/"):
        version = dict(mask.query(entry.head.query)).get("api-version", "")
        options = f"azure_endpoint={origin + entry.head.prefix!r}, api_version={version!r}, api_key={_key(entry)}"
        return _HEAD.format(client="AzureOpenAI", options=options)
    base = mask.text(entry.head.prefix + _base(entry.path))
    options = f"base_url={origin + base!r}, api_key={_key(entry)}, max_retries=0"
    return _HEAD.format(client="OpenAI", options=options)


def _key(entry: Entry) -> str:
    key = header(entry.headers, b"api-key") or header(entry.headers, b"authorization").partition(" ")[2].strip()
    return repr(key) if key and masked(key) == key else 'os.environ["OPENAI_API_KEY"]'


def _base(path: str) -> str:
    """Return the part of a path that belongs to the base URL."""
    for part in ("/images/", "/models", "/files"):
        before, found, _ = path.partition(part)
        if found:
            return before
    return "/v1" if path.startswith("/v1/") else ""


def _plain_call(entry: Entry, mask: Mask, read: Mapping[str, object]) -> str:
    path = mask.text(entry.path.removeprefix(_base(entry.path)))
    method = entry.method.lower() if entry.method in {"GET", "POST", "PUT", "PATCH", "DELETE"} else "get"
    body = f", body={_value(dict(read))}" if read and method != "get" else ""
    return f"reply = client.{method}({path!r}{body}, cast_to=object)\nprint(reply)\n"


def _value(value: object) -> str:
    """Return a value as Python source in printable characters."""
    if isinstance(value, Seen):
        return f"open({file_name(value)!r}, 'rb')"
    if isinstance(value, float) and not math.isfinite(value):
        return f"float({str(value)!r})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name!r}: {_value(member)}" for name, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_value(member) for member in value) + "]"
    if isinstance(value, str):
        return json.dumps(value) if value.isascii() and value.isprintable() else repr(value)
    return repr(value) if value is None or isinstance(value, bool | int | float) else _value(plain(value))
