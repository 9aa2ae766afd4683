"""A line of JSON that somebody else wrote, read strictly: each refusal says what stands there and what to write."""

from __future__ import annotations

import json
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    from collections.abc import Collection

_SHOWN: Final = 120
"""Characters of a bad line that an error repeats."""

_NEEDED: Final = object()
_WORDS: Final = {dict: "an object", list: "a list", str: "a string", int: "an integer", bool: "true or false"}


class Row:
    """One JSON object of a line, read strictly; `what` begins the sentence that refuses it."""

    def __init__(self, what: str, row: Any) -> None:  # noqa: ANN401 - whatever a worker wrote
        self.what = what
        self.row: dict[str, Any] = row
        if not isinstance(row, dict):
            self.refuse(f"is {_shown(row)}, not an object")

    def refuse(self, text: str) -> NoReturn:
        """Raise the sentence `text`, begun with what this is."""
        message = f"{self.what} {text}"
        raise ValueError(message)

    def only(self, *known: str) -> None:
        """Refuse any other key, with the nearest right spelling."""
        for name in self.row:
            if name not in known:
                near = get_close_matches(name, known, 1)
                self.refuse(
                    f"has {_shown(name)}; " + (f"write {_shown(near[0])}" if near else f"known are {', '.join(known)}")
                )

    def take(self, name: str, kind: type, default: Any = _NEEDED) -> Any:  # noqa: ANN401 - of `kind`
        """Return the value of a key, which is of `kind`; `default` where it is absent or null."""
        value = self.row.get(name)
        if value is None and default is not _NEEDED:
            return default
        if name not in self.row:
            self.refuse(f'has no "{name}"')
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.refuse(f'has {_shown(value)} as "{name}", which must be {_WORDS[kind]}')
        return value

    def word(self, name: str, words: Collection[str]) -> Any:  # noqa: ANN401 - one of `words`
        """Return the value of a key, one of `words`; the first where it is absent."""
        first, *_ = words
        value = self.take(name, str, first)
        if value not in words:
            self.refuse(f'has {_shown(value)} as "{name}", which must be {" or ".join(map(_shown, words))}')
        return value

    def strings(self, name: str) -> list[str] | None:
        """Return a list of strings; None where it is absent or null."""
        value = self.row.get(name)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.refuse(f'has {_shown(value)} as "{name}", which must be null or a list of strings')
        return value


def parsed(what: str, line: bytes) -> dict[str, Any]:
    """Return the object of a line; `what` begins the sentence that refuses it.

    Raises:
        ValueError: it is not UTF-8, not JSON or no object.
    """
    try:
        value = json.loads(line.decode("utf-8"), parse_constant=_refuse_constant)
        if b"\\ud" in line.lower():  # half a surrogate pair could not be printed
            value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    except UnicodeDecodeError as error:
        message = f"{what} is not UTF-8: {_shown(line[:_SHOWN].decode('utf-8', 'backslashreplace'))}"
        raise ValueError(message) from error
    except (ValueError, RecursionError) as error:
        text = _shown(line.decode().rstrip("\n"))
        message = f"{what} is not a line of JSON: {text}; whatever else a worker prints belongs on stderr"
        raise ValueError(message) from error
    return Row(what, value).row


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
