"""Which requests something is meant for: a match, as a line of a script has it."""

from __future__ import annotations

import json
import math
import operator
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from mockserver.journal.patterns import QueryError, Steps, pattern
from mockserver.models import FORM_PICTURES, JSON_PICTURES, MODELS
from mockserver.scenarios.load import ENDPOINTS
from mockserver.scenarios.scenario import advice
from mockserver.uploads import Upload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mockserver.scenarios.origin import Origin

    Test = Callable[[str], bool]
    """Whether the text of a parameter will do."""

KEYS: Final = ("endpoint", "model", "prompt", "parameters", "call")

ABSENT: Final = "(absent)"
"""What a parameter is that was not sent; also how a match asks for that."""

FILE: Final = "(file)"
"""What an uploaded file is."""

LOOKED_AT: Final = 2000
"""Characters of a text that an expression between slashes sees: prompts are untrusted, and may be of any length."""

MOST_STEPS: Final = 2e7
"""Steps of an expression on so long a text, at worst: a tenth of a second, which only a hostile prompt takes."""

_COMPARISON: Final = re.compile(r"(>=|<=|!=|>|<)\s*(-?\d{1,15}(?:\.\d{1,9})?)", re.ASCII)
_SIGNS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
_RANGE: Final = re.compile(r"([1-9]\d{0,8})(-([1-9]\d{0,8})?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Match:
    """Which requests are meant; an empty one means all."""

    endpoints: frozenset[str] = frozenset()
    """`generations`, `edits`, `variations`, `models`, `files`, `pictures`; empty for any."""

    tests: tuple[tuple[str, Test], ...] = ()
    """Parameters, and what each must be."""

    calls: tuple[range, ...] = ()
    """Which of the requests are meant that the rest fits, counted from 1; empty for all."""

    def fits(self, endpoint: str, parameters: Mapping[str, object]) -> bool:
        """Return whether a request is meant, whichever call it is."""
        if self.endpoints and endpoint not in self.endpoints:
            return False
        return all(test(_text(parameters, name)) for name, test in self.tests)

    def means(self, call: int) -> bool:
        """Return whether the `call`th request that fits is meant."""
        return not self.calls or any(call in each for each in self.calls)


def read_match(wanted: object, origin: Origin) -> Match:
    """Return what a table of `endpoint`, `model`, `prompt`, `parameters` and `call` asks for.

    Raises:
        ScenarioError: it is not understood.
    """
    if not isinstance(wanted, dict):
        origin.refuse('match must be a table, such as { model = "gpt-image-1" }')
    origin.known(wanted, KEYS, "key of match")
    parameters = wanted.get("parameters", {})
    if not isinstance(parameters, dict):
        origin.at("parameters").refuse('parameters must be a table, such as { size = "1024x1024" }')
    origin.at("parameters").known(parameters, _known(), "parameter")
    tests = [
        (name, _any(wanted[name], origin.at(name), read))
        for name, read in (("model", _names), ("prompt", _holds))
        if name in wanted
    ]
    tests += [(name, _any(value, origin.at("parameters", name), _is)) for name, value in parameters.items()]
    return Match(_endpoints(wanted, origin.at("endpoint")), tuple(tests), _calls(wanted, origin.at("call")))


@cache
def _known() -> frozenset[str]:
    """Return the parameters of all endpoints."""
    rows = [rules for row in MODELS.values() for rules in (row.generate, row.edit)]
    files = ("file", "purpose", "expires_after")
    return frozenset().union(*rows, FORM_PICTURES, JSON_PICTURES, files, ("model",))


def _endpoints(wanted: Mapping[str, Any], origin: Origin) -> frozenset[str]:
    value = wanted.get("endpoint", "*")
    for number, name in enumerate(_list(value)):
        if name not in ENDPOINTS:
            place = origin.at(number) if isinstance(value, list) else origin
            place.refuse(f"unknown endpoint {name!r}: {advice(str(name), ENDPOINTS)}")
    return frozenset() if "*" in _list(value) else frozenset(_list(value))


def _calls(wanted: Mapping[str, Any], origin: Origin) -> tuple[range, ...]:
    value = wanted.get("call", [])
    if "call" in wanted and value == []:
        origin.refuse(_CALL)
    return tuple(
        _call(each, origin.at(number) if isinstance(value, list) else origin)
        for number, each in enumerate(_list(value))
    )


_CALL: Final = 'call must be a whole number from 1, a range such as "2-5" or "4-", or a list of them'
_LAST: Final = 10**9


def _call(value: object, origin: Origin) -> range:
    whole = isinstance(value, int) and not isinstance(value, bool)
    found = _RANGE.fullmatch(str(value) if whole or isinstance(value, str) else "")
    if found is None:
        origin.refuse(_CALL)
    first = int(found[1])
    last = first if found[2] is None else int(found[3] or _LAST)
    if last < first:
        origin.refuse(f"call {value} is an empty range")
    return range(first, last + 1)


def _any(value: object, origin: Origin, read: Callable[[object, Origin], Test]) -> Test:
    """Return a test that one of the listed values passes."""
    if not isinstance(value, list):
        return read(value, origin)
    if not value:
        origin.refuse("an empty list means no request")
    tests = [read(each, origin.at(number)) for number, each in enumerate(value)]
    return lambda text: any(test(text) for test in tests)


def _names(value: object, origin: Origin) -> Test:
    """Return a test for a model: itself, `/an expression/`, or `(absent)`."""
    if not isinstance(value, str):
        origin.refuse('model must be text, such as "gpt-image-1", or an expression between slashes')
    return _found(value, origin, whole=True)


def _holds(value: object, origin: Origin) -> Test:
    """Return a test for a prompt that holds a text, or `/an expression/`."""
    if not isinstance(value, str):
        origin.refuse("prompt must be text that it holds, or an expression between slashes")
    return _found(value, origin, whole=False)


def _is(value: object, origin: Origin) -> Test:
    """Return a test for a value: itself, `/an expression/`, `(absent)`, or a comparison such as `>=2`."""
    if isinstance(value, bool):
        return lambda text: text.lower() == str(value).lower()
    if isinstance(value, int | float) and math.isfinite(value) and abs(value) < _MOST:
        return _compared(operator.eq, float(value))
    if not isinstance(value, str):
        origin.refuse(f"{origin.path[-1]} must be text, a number, true, false, or a list of them")
    if value.startswith((">", "<", "!=")):
        found = _COMPARISON.fullmatch(value)
        if found is None:
            origin.refuse(
                f"{value!r} is no comparison of numbers, such as >=2; for text that begins so write /^{value[0]}/"
            )
        return _compared(_SIGNS[found[1]], float(found[2]))
    return _found(value, origin, whole=True)


_MOST: Final = 1e15
"""Beyond what any parameter holds, and where numbers stay exact."""


def _compared(sign: Callable[[float, float], bool], wanted: float) -> Test:
    def test(text: str) -> bool:
        try:
            return sign(float(text), wanted)
        except ValueError:  # no number, or absent
            return False

    return test


def _found(text: str, origin: Origin, *, whole: bool) -> Test:
    try:
        wanted = pattern(text)
    except QueryError as error:
        origin.refuse(str(error))
    if wanted.worst(LOOKED_AT) > MOST_STEPS:
        origin.refuse(
            f"{text} may take too long on a hostile text: bound its repeats, as in [a-z]{{1,20}} in place of [a-z]+"
        )
    if not wanted.pieces:
        return lambda sent: sent == text if whole else text in sent
    return lambda sent: wanted.found_in(sent[:LOOKED_AT], Steps(), whole=whole)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(parameters: Mapping[str, object], name: str) -> str:
    """Return a parameter as a form would send it; of anything but text, its JSON, and of a file that it is one."""
    value = parameters.get(name, ABSENT)
    if isinstance(value, str):
        return value
    return FILE if isinstance(value, Upload) else json.dumps(value, default=lambda _: FILE)
