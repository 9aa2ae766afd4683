"""What must not be shown of a request: keys, cookies, signatures, wherever they stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote_plus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mockserver.journal.entry import Header

_SECRET: Final = re.compile(
    r"(?i)authorization|cookie|api[-_]?key|subscription-key|token|secret|passw|credential|\bsig\b|signature"
)
"""Names of headers, query fields and parameters whose values are masked."""

_SHORT: Final = 16
"""Characters of a secret of which nothing but the beginning is shown."""

_LEAST: Final = 8
"""Characters that a key has at least for it to be looked for in other places too."""


_OURS: Final = "sk-mock"


def is_secret(name: str) -> bool:
    """Whether what a name stands for must not be shown."""
    return _SECRET.search(name) is not None


def masked(secret: str) -> str:
    """Return so much of a secret that its owner knows which one it is; keys of ours, `sk-mock…`, are none."""
    if secret.startswith(_OURS):
        return secret
    return f"{secret[:7]}…{secret[-4:]}" if len(secret) > _SHORT else f"{secret[:3]}…"


def masked_header(name: str, value: str) -> str:
    """Return the value of a header as it may be shown."""
    if not is_secret(name):
        return value
    scheme, space, key = value.partition(" ")
    return f"{scheme} {masked(key)}" if space else masked(value)


class Mask:
    """Hides the keys of one request, found in its headers, in everything that is shown of it."""

    def __init__(self, headers: Iterable[Header]) -> None:
        values = (value.decode("latin-1") for name, value in headers if is_secret(name.decode("latin-1")))
        keys = {value.partition(" ")[2].strip() or value for value in values}
        self._keys = sorted(
            (key for key in keys if len(key) >= _LEAST and not key.startswith(_OURS)), key=len, reverse=True
        )

    def text(self, text: str) -> str:
        """Return text without the keys."""
        for key in self._keys:
            text = text.replace(key, masked(key))
        return text

    def headers(self, headers: Iterable[Header]) -> list[tuple[str, str]]:
        """Return headers as they may be shown."""
        told = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
        return [(name, self.text(masked_header(name, value))) for name, value in told]

    def query(self, query: bytes) -> list[tuple[str, str]]:
        """Return the fields of a query string, decoded, as they may be shown."""
        fields = (part.partition("=") for part in query.decode("latin-1").split("&") if part)
        decoded = ((unquote_plus(name), unquote_plus(value)) for name, _, value in fields)
        return [(name, masked(value) if is_secret(name) else self.text(value)) for name, value in decoded]

    def query_text(self, query: bytes) -> str:
        """Return a query string as it may be shown."""
        return "&".join(f"{quote(name)}={quote(value)}" for name, value in self.query(query))

    def value(self, name: str, value: object) -> object:
        """Return a parameter as it may be shown."""
        if isinstance(value, str):
            return masked(value) if is_secret(name) else self.text(value)
        if isinstance(value, dict):
            return {key: self.value(str(key), member) for key, member in value.items()}
        if isinstance(value, list):
            return [self.value(name, member) for member in value]
        return value
