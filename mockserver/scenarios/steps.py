"""Reads faults from TOML tables: `{ fault = "delay", seconds = 2 }`, whose keys are the fields of the class."""

from __future__ import annotations

import re
from dataclasses import MISSING, Field, fields
from typing import TYPE_CHECKING, Any, Final, cast

from mockserver.faults.places import Place
from mockserver.faults.table import FAULTS
from mockserver.scenarios.scenario import advice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mockserver.faults.fault import Fault
    from mockserver.scenarios.origin import Origin
    from mockserver.scenarios.scenario import Step


def read_steps(value: object, origin: Origin) -> tuple[Step, ...]:
    """Return the steps that a list of lists of tables describes, one list for each attempt.

    Raises:
        ScenarioError: it describes none.
    """
    if not isinstance(value, list) or not value or not all(isinstance(step, list) for step in value):
        origin.refuse("steps must be a list of lists of faults, one list for each attempt")
    return tuple(read_step(step, origin.at(number)) for number, step in enumerate(value))


def read_step(tables: Sequence[object], origin: Origin) -> Step:
    """Return the faults that tables describe, which work together at one attempt.

    Raises:
        ScenarioError: one describes none.
    """
    return tuple(read_fault(table, origin.at(number)) for number, table in enumerate(tables))


def read_fault(table: object, origin: Origin) -> Fault:
    """Return the fault that a table describes.

    Raises:
        ScenarioError: it describes none.
    """
    if not isinstance(table, dict) or not isinstance(table.get("fault"), str):
        origin.refuse('a fault is a table such as { fault = "delay", seconds = 2 }')
    name, settings = table["fault"], {key: value for key, value in table.items() if key != "fault"}
    if name not in FAULTS:
        origin.at("fault").refuse(f"unknown fault {name!r}: {advice(name, FAULTS)}")
    return build(name, settings, origin)


def build(name: str, settings: Mapping[str, object], origin: Origin) -> Fault:
    """Return the fault of a name with its settings.

    Raises:
        ScenarioError: a setting is unknown, missing or of the wrong kind.
    """
    kind = FAULTS[name]
    known: dict[str, Field[Any]] = {field.name: field for field in fields(cast("Any", kind))}
    origin.known(settings, known, f"setting of {name}")
    for field in known.values():
        if field.default is MISSING and field.name not in settings:
            origin.refuse(f"{name} needs {field.name}")
    read = {key: _setting(f"{name}.{key}", value, known[key], origin.at(key)) for key, value in settings.items()}
    try:
        return cast("Callable[..., Fault]", kind)(**read)
    except ValueError as error:
        origin.refuse(f"{name}: {error}")


def _setting(label: str, value: object, field: Field[Any], origin: Origin) -> object:
    try:
        return _KINDS[str(field.type)](value)
    except ValueError as error:
        origin.refuse(f"{label}: {error}")


def _of(kind: type, words: str) -> Callable[[object], object]:
    """Return what passes values of a type, and no truth value as a number."""

    def read(value: object) -> object:
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            msg = f"{value!r} must be {words}"
            raise ValueError(msg)
        return value

    return read


_string = _of(str, "a string")
_integer = _of(int, "a whole number")

_MOST: Final = 10**9
"""Beyond every size, time and speed that makes sense."""

_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_PRINTABLE: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


def _text(value: object) -> object:
    text = cast("str", _string(value))
    try:
        text.encode()
    except UnicodeEncodeError:
        msg = f"{value!r} holds half a character"
        raise ValueError(msg) from None
    return text


def _header(value: object) -> object:
    """Read what can stand in the head of a reply."""
    text = cast("str", _string(value))
    if not _PRINTABLE.fullmatch(text):
        msg = f"{value!r} cannot stand in the head of a reply: it takes printable characters of Latin-1"
        raise ValueError(msg)
    return text


def _whole(value: object) -> object:
    number = cast("int", _integer(value))
    if abs(number) > _MOST:
        msg = f"it must be a whole number up to {_MOST}"
        raise ValueError(msg)
    return number


def _number(value: object) -> object:
    number = float(cast("float", value if isinstance(value, float) else _whole(value)))
    if not 0 <= number <= _MOST:
        msg = f"{value!r} must be a number from 0 to {_MOST}"
        raise ValueError(msg)
    return number


def _place(value: object) -> object:
    return Place.of(cast("str", _text(value)))


def _pairs(value: object) -> object:
    table = cast("dict[str, object]", _of(dict, "a table of strings")(value))
    for name in table:
        if not _NAME.fullmatch(name):
            msg = f"{name!r} cannot be the name of a header"
            raise ValueError(msg)
    return tuple((name, _header(each)) for name, each in table.items())


def _all(read: Callable[[object], object]) -> Callable[[object], object]:
    return lambda value: tuple(read(each) for each in cast("list[object]", _of(list, "a list")(value)))


_KINDS: Final[Mapping[str, Callable[[object], object]]] = {
    "bool": _of(bool, "true or false"),
    "float": _number,
    "int": _whole,
    "int | None": _whole,
    "str": _text,
    "HeaderText": _header,
    "Place": _place,
    "tuple[int, ...]": _all(_whole),
    "tuple[str, ...]": _all(_text),
    "tuple[tuple[str, str], ...]": _pairs,
}
"""Annotation of a fault's field → what reads it from TOML."""
