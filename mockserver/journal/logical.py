"""Whether two requests are the same to the person who pays: endpoint, key, parameters and files."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from mockserver.journal.entry import header
from mockserver.journal.plain import to_json
from mockserver.journal.seen import Seen, media_type

if TYPE_CHECKING:
    from mockserver.journal.entry import Entry


def identity(entry: Entry) -> str:
    """Return what equal requests share: a digest in hex.

    The order of JSON's keys and the spelling of its text do not matter, nor do headers other than the key. A
    request that could not be read is told by its raw body.
    """
    if entry.logical:
        return entry.logical
    if entry.like is not None:
        return identity(entry.like)
    digest = hashlib.sha256()
    for part in (entry.method, entry.path, _key(entry)):
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    digest.update(_asked(entry))
    if entry.closed:  # until then more of it may arrive
        entry.logical = digest.hexdigest()
    return digest.hexdigest()


def _asked(entry: Entry) -> bytes:
    """Return what was asked in one spelling."""
    body = entry.body
    if body is not None and media_type(entry.headers) == "application/json":
        try:
            return json.dumps(json.loads(body), sort_keys=True).encode("ascii")
        except (ValueError, RecursionError):
            return body
    read = entry.condensed()
    return body or b"" if read is None else to_json(_bare(read), sort_keys=True).encode("ascii")


def _key(entry: Entry) -> str:
    return header(entry.headers, b"authorization") or header(entry.headers, b"api-key")


def _bare(read: dict[str, object]) -> dict[str, object]:
    """Return parameters with files by their bytes alone: a retry may name them anew."""
    return {name: _bare_value(value) for name, value in read.items()}


def _bare_value(value: object) -> object:
    if isinstance(value, list):
        return [_bare_value(member) for member in value]
    return value.digest() if isinstance(value, Seen) else value
