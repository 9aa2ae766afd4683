"""An entry as a curl command that any POSIX shell runs: quoted right for any text, and safe to print."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Final

from mockserver.journal.entry import header
from mockserver.journal.har import url_of
from mockserver.journal.masks import Mask, is_secret, masked
from mockserver.journal.plain import to_json
from mockserver.journal.seen import Long, Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.journal.entry import Entry

_ARGUMENT: Final = 100_000
"""Bytes that an argument may have everywhere; more goes through a pipe."""

_REPLAYED: Final = ("content-type", "x-mock-", "openai-")
"""Beginnings of the names of headers that matter to the server."""

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")


def curl(entry: Entry) -> str:
    """Return a command that asks again.

    The key is taken from `OPENAI_API_KEY`. Files are named as the client named them, in the current directory: their
    bytes are not kept. A body that was too long to keep is named `body`.
    """
    mask = Mask(entry.headers)
    read = entry.condensed()
    form = header(entry.headers, b"content-type").lower().startswith("multipart/") and read is not None
    before, body = ("", _form(read or {}, mask)) if form else _raw(entry, mask)
    words = [_quoted(url_of(entry, mask)), *_method(entry, has_body=bool(body)), *_headers(entry, form=form), *body]
    return before + "curl -sS " + " \\\n  ".join(words)


def _method(entry: Entry, *, has_body: bool) -> list[str]:
    if entry.method == "HEAD":
        return ["--head"]
    return [] if entry.method == ("POST" if has_body else "GET") else [f"-X {_quoted(entry.method)}"]


def _headers(entry: Entry, *, form: bool) -> Iterator[str]:
    for raw_name, raw_value in entry.headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name == "authorization":
            yield _key("Authorization: Bearer ", value.partition(" ")[2].strip())
        elif name == "api-key":
            yield _key("api-key: ", value)
        elif name.startswith(_REPLAYED) and not is_secret(name) and not (form and name == "content-type"):
            yield f"-H {_quoted(f'{name}: {value}')}"


def _key(before: str, key: str) -> str:
    """Return the header of a key, which stays out of the command unless it is one of ours and plays a scenario."""
    return f"-H {_quoted(before + key)}" if masked(key) == key else f'-H "{before}$OPENAI_API_KEY"'


def _raw(entry: Entry, mask: Mask) -> tuple[str, list[str]]:
    """Return what goes before the command, and the words that name the body."""
    if not entry.received:
        return "", []
    body = entry.body
    if body is None:
        return "", ["--data-binary @body"]
    text = mask.text(body.decode("utf-8", "surrogateescape"))
    if not text.isprintable():
        text = mask.text(_respelled(body)) or text
    if text.isprintable() and len(text.encode()) <= _ARGUMENT:
        return "", [f"--data-raw {_quoted(text)}"]
    return f"printf '%b' {_escaped(text)} | ", ["--data-binary @-"]


def _respelled(body: bytes) -> str:
    """Return a JSON body in printable characters, the same to every reader; empty where it is none."""
    try:
        return json.dumps(json.loads(body), allow_nan=False).replace("\x7f", "\\u007f")
    except (ValueError, RecursionError):
        return ""


def _form(read: dict[str, object], mask: Mask) -> list[str]:
    return [word for name, value in read.items() for word in _field(name, value, mask)]


def _field(name: str, value: object, mask: Mask) -> list[str]:
    if isinstance(value, list):
        return [word for member in value for word in _field(f"{name}[]", member, mask)]
    if isinstance(value, Seen):
        kind = (
            f";type={_UNSAFE.sub('_', value.media_type.replace('/', '%')).replace('_', '/')}"
            if value.media_type
            else ""
        )
        return [f"-F {_quoted(f'{name}=@{file_name(value)}{kind}')}"]
    shown = mask.value(name, value.told() if isinstance(value, Long) else value)
    return [f"--form-string {_quoted(f'{name}={shown if isinstance(shown, str) else to_json(shown)}')}"]


def file_name(file: Seen) -> str:
    """Return a name that is safe to read from: the client's, without folders, signs, or a dot or dash in front."""
    name = _UNSAFE.sub("_", re.split(r"[/\\]", file.filename)[-1][-80:]).lstrip(".-")
    return name or "file"


def _quoted(text: str) -> str:
    """Return text as one word of a POSIX shell; what cannot be printed is written by `printf`.

    A shell drops line breaks at the end of such a word.
    """
    return shlex.quote(text) if text.isprintable() else f"\"$(printf '%b' {_escaped(text)})\""


def _escaped(text: str) -> str:
    """Return text as a quoted argument of `printf '%b'`: printable characters as they are, bytes of others in octal."""
    parts = [character if character.isprintable() and character != "\\" else _octal(character) for character in text]
    return shlex.quote("".join(parts))


def _octal(character: str) -> str:
    return "".join(f"\\0{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))
