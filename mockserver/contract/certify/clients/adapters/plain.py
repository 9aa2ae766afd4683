"""Any object as what JSON can say."""

from __future__ import annotations

import base64
import dataclasses
import enum
from typing import Any


def value(given: Any) -> Any:
    """Return plain dicts, lists, texts and numbers for replies and events of whatever class.

    A mapping, a dataclass, or what has `to_dict`, `model_dump` or attributes becomes a dict; bytes become base64.
    """
    if given is None or isinstance(given, (bool, int, float, str)):
        return given.value if isinstance(given, enum.Enum) else given
    if isinstance(given, (bytes, bytearray)):
        return base64.b64encode(given).decode("ascii")
    if isinstance(given, enum.Enum):
        return value(given.value)
    if isinstance(given, (list, tuple, set, frozenset)):
        return [value(each) for each in given]
    fields = _fields(given)
    return str(given) if fields is None else {str(name): value(each) for name, each in fields.items()}


def _fields(given: Any) -> Any:
    if hasattr(given, "items"):
        return dict(given.items())
    for name in ("to_dict", "model_dump"):
        if callable(getattr(given, name, None)):
            return getattr(given, name)()
    if dataclasses.is_dataclass(given):
        return {field.name: getattr(given, field.name) for field in dataclasses.fields(given)}
    return getattr(given, "__dict__", None)
