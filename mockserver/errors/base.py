"""What a refusal is, and how its body is laid out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


Family = Literal["openai", "azure", "blob"]
"""Who speaks: each has headers of its own."""


class ApiError(Exception):
    """A refusal: what the client is told, and the rule that made us say it.

    `body` is exact; `headers` come on top of those that every reply of its `family` has.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what a refusal is made of
        self,
        status: int,
        rule: str,
        body: bytes,
        media_type: str | None = "application/json",
        headers: Mapping[str, str] | None = None,
        family: Family = "openai",
    ) -> None:
        super().__init__(rule)
        self.status = status
        self.rule = rule
        self.body = body
        self.media_type = media_type
        self.headers = headers or {}
        self.family = family

    def __str__(self) -> str:
        return f"{self.status} {self.rule}: {self.body.decode(errors='replace')}"


def envelope(message: str, kind: str, param: str | None, code: str | None) -> bytes:
    """The error body since 2025: two spaces, no final newline (six recorded Content-Lengths agree).

    Characters beyond ASCII are escaped: assumed, as the layout is that of Python's own encoder.
    """
    fields = {"message": message, "type": kind, "param": param, "code": code}
    lines = ",\n".join(f'    "{name}": {json.dumps(value)}' for name, value in fields.items())
    return f'{{\n  "error": {{\n{lines}\n  }}\n}}'.encode("ascii")


def schema_error(rule: str, message: str, param: str | None, code: str | None) -> ApiError:
    """Refuse at the first stage, where a request is held against the schema."""
    return ApiError(400, rule, envelope(message, "invalid_request_error", param, code))


def user_error(rule: str, message: str, param: str | None, code: str) -> ApiError:
    """Refuse at the second stage, where the model itself looks at the request."""
    return ApiError(400, rule, envelope(message, "image_generation_user_error", param, code))


def listed(values: Sequence[str], word: str) -> str:
    """Quote and join as the API does: `'a' and 'b'`, from three on `'a', 'b', and 'c'`."""
    quoted = [f"'{value}'" for value in values]
    if len(quoted) < 3:  # noqa: PLR2004 - the Oxford comma starts at three
        return f" {word} ".join(quoted)
    return f"{', '.join(quoted[:-1])}, {word} {quoted[-1]}"


def json_type(value: object) -> str:
    """Name the type of a parsed value in the API's words; what JSON does not have came as a part of a form."""
    names: dict[type, str] = {
        type(None): "null",
        bool: "a boolean",
        int: "an integer",
        float: "a decimal number",
        str: "a string",
        dict: "an object",
        list: "an array",
    }
    return names.get(type(value), "a file")
