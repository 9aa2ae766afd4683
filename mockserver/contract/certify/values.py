"""One value that was asked for against the one that arrived, as JSON and as a form spell it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Protocol

from mockserver.contract.certify.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

_WIDTH: Final = 80
"""Characters that a finding shows of a value."""

_NAMES: Final = {
    str: "a string",
    bool: "a boolean",
    int: "an integer",
    float: "a number with a fraction",
    type(None): "null",
    list: "a list",
    dict: "an object",
}


class Spelling(Protocol):
    """How a kind of body spells values."""

    def same(self, asked: Any, came: Any) -> bool:  # noqa: ANN401 - any JSON value
        """Return whether a value that came is the one that was asked for."""

    def differences(self, name: str, asked: Any, came: Any) -> Iterator[Finding]:  # noqa: ANN401 - any JSON value
        """Yield in what a parameter that came differs from what was asked for."""


class JsonValue:
    """A value of a JSON body: 2, 2.0, "2" and true are four things."""

    def same(self, asked: Any, came: Any) -> bool:  # noqa: ANN401 - any JSON value
        """Return whether two values are equal, and of one type."""
        return type(asked) is type(came) and bool(asked == came)

    def differences(self, name: str, asked: Any, came: Any) -> Iterator[Finding]:  # noqa: ANN401 - any JSON value
        """Yield that it is of another type or value; null in a value's place says nothing."""
        if self.same(asked, came):
            return
        if came is None:
            yield Finding("dropped", f"`{name}` was {shown(asked)}, and arrived as null", name)
        elif type(asked) is not type(came):
            kinds = f"{_NAMES[type(asked)]}, and arrived as {_NAMES[type(came)]}"
            yield Finding("retyped", f"`{name}` was {shown(asked)}, {kinds}: {shown(came)}", name)
        else:
            yield _changed(name, asked, came)


class FormText:
    """A text of a form: numbers and booleans as JSON writes them."""

    def same(self, asked: Any, came: str) -> bool:  # noqa: ANN401 - any JSON value
        """Return whether a text says the value."""
        return _text(asked) == came

    def differences(self, name: str, asked: Any, came: str) -> Iterator[Finding]:  # noqa: ANN401 - any JSON value
        """Yield that a text says something else; a flag or a number in another spelling is one of another type."""
        if self.same(asked, came):
            return
        if isinstance(asked, str) or (type(asked) is int and _is_integer(came)):
            yield _changed(name, asked if isinstance(asked, str) else _text(asked), came)
        elif isinstance(asked, bool) and came in {"true", "false"}:
            yield _changed(name, _text(asked), came)
        else:
            yield Finding("retyped", f"`{name}` was {_text(asked)}, and arrived as the text {shown(came)}", name)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _is_integer(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _changed(name: str, asked: object, came: object) -> Finding:
    if isinstance(asked, str) and isinstance(came, str):
        before, after = around(asked, came)
        if _plain_ends(asked) == _plain_ends(came):
            text = f"the ends of lines in `{name}` arrived as {after} for {before}"
            return Finding("changed", text, f"{name}: line ends")
        return Finding("changed", f"`{name}` was {before}, and arrived as {after}", name)
    return Finding("changed", f"`{name}` was {shown(asked)}, and arrived as {shown(came)}", name)


def _plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def around(one: str, other: str) -> tuple[str, str]:
    """Return both texts near the first place in which they differ, as `shown`."""
    pairs = enumerate(zip(one, other, strict=False))
    at = next((n for n, (left, right) in pairs if left != right), min(len(one), len(other)))
    start = max(0, at - _WIDTH // 2)
    before = "…" if start else ""
    return shown(before + one[start:]), shown(before + other[start:])


def shown(value: object) -> str:
    """Return a value on one line, as JSON, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}…"
