"""JSON → frozen dataclasses, by their annotations, so that a field of the verdict is declared in one place."""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, NoReturn, Union, get_args, get_origin, get_type_hints

from mockserver.contract.certify.verdict import Behaviour
from mockserver.journal.plain import shown_text

if TYPE_CHECKING:
    from collections.abc import Mapping


class DocumentError(ValueError):
    """A text is no document of a matrix; the message says where, and what was expected."""


def read_value(kind: Any, value: object, place: str, known: Mapping[str, Behaviour]) -> Any:  # noqa: ANN401 - any annotation, and its value
    """Return a JSON value as the annotation `kind` wants it; unknown members of an object are left out.

    Args:
        kind: an annotation of the verdict's values.
        value: what JSON told.
        place: where it stands, for the message.
        known: behaviours by id, for the cells that only name theirs.

    Raises:
        DocumentError: the value is none of that kind.
    """
    if kind is Behaviour and isinstance(value, str):
        return known.get(value) or _refuse(place, "one of `behaviours`", value)
    if is_dataclass(kind):
        return _record(kind, value, place, known)
    origin = get_origin(kind)
    if origin in {Union, UnionType}:
        return None if value is None else read_value(_without_none(kind), value, place, known)
    if origin is tuple:
        return _several(get_args(kind)[0], value, place, known)
    if origin is Literal:
        return value if value in get_args(kind) else _refuse(place, f"one of {', '.join(get_args(kind))}", value)
    return _plain(origin or kind, value, place)


def _record(kind: Any, value: object, place: str, known: Mapping[str, Behaviour]) -> Any:  # noqa: ANN401 - as above
    if not isinstance(value, dict):
        _refuse(place, "an object", value)
    kinds = _kinds(kind)
    found = {}
    for field in fields(kind):
        where = f"{place}.{field.name}".lstrip(".")
        if field.name in value:
            found[field.name] = read_value(kinds[field.name], value[field.name], where, known)
        elif field.default is MISSING:
            msg = f"{where} is missing"
            raise DocumentError(msg)
    return kind(**found)


def _several(kind: Any, value: object, place: str, known: Mapping[str, Behaviour]) -> tuple[Any, ...]:  # noqa: ANN401 - as above
    if not isinstance(value, list):
        _refuse(place, "an array", value)
    return tuple(read_value(kind, member, f"{place}[{number}]", known) for number, member in enumerate(value))


_MOST = 1e9
"""Seconds; JSON can say more than a number holds."""

_PLAIN = {str: "text", int: "a whole number", float: "a number", dict: "an object"}


def _plain(kind: type, value: object, place: str) -> object:
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _MOST:
        return float(value)
    return (
        value if type(value) is kind and kind is not float else _refuse(place, _PLAIN.get(kind, kind.__name__), value)
    )


def _without_none(kind: Any) -> Any:  # noqa: ANN401 - as above
    return next(member for member in get_args(kind) if member is not NoneType)


@cache
def _kinds(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    return get_type_hints(kind)


def _refuse(place: str, wanted: str, value: object) -> NoReturn:
    msg = f"{place or 'the document'} is {shown_text(value)}, where {wanted} is expected"
    raise DocumentError(msg)
