"""Rules of one parameter with one bug each."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import singledispatch
from typing import TYPE_CHECKING, Final

from mockserver.errors import ApiError, value_not_supported
from mockserver.rules import AnyText, Anything, Flag, OneOf, Text, Whole
from mockserver.uploads import Files, MaskFile, MaskReference, References

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mockserver.rules import Rule


@dataclass(frozen=True)
class Bent:
    """A rule that judges some values otherwise."""

    rule: Rule
    judge: Callable[[Rule, str, object], object]
    nullable: bool
    required: bool

    def from_text(self, param: str, text: str) -> object:
        """Return the text as the rule reads it."""
        return self.rule.from_text(param, text)

    def check(self, param: str, value: object) -> object:
        """Return the value as the bug has it."""
        return self.judge(self.rule, param, value)


def _bent(rule: Rule, judge: Callable[[Rule, str, object], object]) -> Bent:
    return Bent(rule, judge, rule.nullable, rule.required)


def takes(rule: Rule, instead: object, *wrong: object) -> Bent:
    """Return the rule that takes `wrong` values, as if they were `instead`."""

    def judge(rule: Rule, param: str, value: object) -> object:
        return rule.check(param, instead if _among(value, wrong) else value)

    return _bent(rule, judge)


def takes_type(rule: Rule, instead: object, kind: type) -> Bent:
    """Return the rule that takes any value of a wrong type."""

    def judge(rule: Rule, param: str, value: object) -> object:
        return rule.check(param, instead if type(value) is kind else value)

    return _bent(rule, judge)


def refuses(rule: Rule, right: object) -> Bent:
    """Return the rule that refuses one right value."""

    def judge(rule: Rule, param: str, value: object) -> object:
        if _among(value, (right,)):
            raise value_not_supported(param, str(value), ("nothing",))
        return rule.check(param, value)

    return _bent(rule, judge)


def _among(value: object, values: tuple[object, ...]) -> bool:
    return any(type(value) is type(one) and value == one for one in values)


def mislabels(rule: Rule, field: str) -> Bent:
    """Return the rule that names something else when it refuses: another `param`, `code` or `type`."""

    def judge(rule: Rule, param: str, value: object) -> object:
        try:
            return rule.check(param, value)
        except ApiError as error:
            raise mislabelled(error, field) from None

    return _bent(rule, judge)


def mislabelled(error: ApiError, field: str) -> ApiError:
    """Return a refusal in which one field of the error says something else."""
    body = json.loads(error.body)
    body["error"][field] = "something_else"
    return ApiError(error.status, error.rule, json.dumps(body, indent=2).encode())


def broken(rule: Rule, *, texts: bool = False) -> Iterator[tuple[str, Rule]]:
    """Yield every bug that a rule can have, with a word for it.

    With `texts` it only ever sees the texts of a form, so what it does with other values is nobody's business.
    """
    bugs = list(_bugs(rule))
    if not isinstance(rule, Anything):  # null or not, it looks at nothing, and refuses nothing
        bugs.append(("refuses null" if rule.nullable else "takes null", _with(rule, nullable=not rule.nullable)))
    yield from ((what, bug) for what, bug in bugs if not (texts and what in _OF_JSON))
    if not isinstance(rule, Anything):
        yield from ((f"mislabels {field}", mislabels(rule, field)) for field in ("param", "code", "type"))
    if rule.required:
        yield "is not required", _with(rule, required=False)


_OF_JSON: Final = {
    *("refuses null", "takes null", "refuses a whole float", "takes a fraction"),
    *("refuses a number", "refuses a flag", "refuses an object"),
    *("takes int", "takes bool", "takes list", "takes dict", "takes str"),
}
"""Bugs that a form cannot show: all of its values are texts, which are read as what the parameter is first."""


def _with(rule: Rule, **changed: bool) -> Rule:
    return replace(rule, **changed)  # type: ignore[type-var]  # every rule is a dataclass


_OFF: Final = False


@singledispatch
def _bugs(rule: object) -> Iterator[tuple[str, Rule]]:
    raise TypeError(rule)


@_bugs.register(Text)
def _(rule: Text) -> Iterator[tuple[str, Rule]]:
    yield "one more character", replace(rule, longest=rule.longest + 1)
    yield "one character less", replace(rule, longest=rule.longest - 1)
    yield "takes empty text", takes(rule, "x", "")
    yield "refuses a space", refuses(rule, " ")
    yield from _takes_types(rule, "x", int, bool, list, dict)


@_bugs.register(AnyText)
def _(rule: AnyText) -> Iterator[tuple[str, Rule]]:
    yield from _takes_types(rule, "1024x1024", int, bool, list, dict)


@_bugs.register(Whole)
def _(rule: Whole) -> Iterator[tuple[str, Rule]]:
    yield "one below", replace(rule, low=rule.low - 1)
    yield "one above", replace(rule, high=rule.high + 1)
    yield "refuses the lowest", replace(rule, low=rule.low + 1)
    yield "refuses the highest", replace(rule, high=rule.high - 1)
    yield "refuses a whole float", refuses(rule, float(rule.high))
    yield "takes a fraction", takes(rule, rule.low, 0.5, 1.5)
    yield from _takes_types(rule, rule.low, str, bool, list, dict)


@_bugs.register(OneOf)
def _(rule: OneOf) -> Iterator[tuple[str, Rule]]:
    for value in rule.values:
        yield f"refuses {value}", refuses(rule, value)
        yield f"takes {value.upper()}", takes(rule, value, value.upper())
    yield "takes empty text", takes(rule, rule.values[0], "")
    yield "takes anything", takes_type(rule, rule.values[0], str)
    yield from _takes_types(rule, rule.values[0], int, bool, list, dict)


@_bugs.register(Flag)
def _(rule: Flag) -> Iterator[tuple[str, Rule]]:
    yield "refuses true", refuses(rule, right=True)
    yield "refuses false", refuses(rule, right=False)
    yield from _takes_types(rule, _OFF, int, str, list, dict)


@_bugs.register(Anything)
def _(rule: Anything) -> Iterator[tuple[str, Rule]]:
    yield "refuses a number", refuses(rule, 123)
    yield "refuses text", refuses(rule, "user-1")
    yield "refuses a flag", refuses(rule, right=False)
    yield "refuses an object", refuses(rule, {"a": [None]})


@_bugs.register(Files)
def _(rule: Files) -> Iterator[tuple[str, Rule]]:
    yield "one file more", replace(rule, most=rule.most + 1)
    if rule.most > 1:
        yield "one file less", replace(rule, most=rule.most - 1)
    yield "takes other types", replace(rule, types=(*rule.types, "application/octet-stream"))
    yield from ((f"refuses {kind}", replace(rule, types=_without(rule.types, kind))) for kind in rule.types)


def _without(types: tuple[str, ...], kind: str) -> tuple[str, ...]:
    return tuple(one for one in types if one != kind) or ("image/tiff",)


@_bugs.register(MaskFile)
def _(_: MaskFile) -> Iterator[tuple[str, Rule]]:
    yield from ()


@_bugs.register(MaskReference)
def _(_: MaskReference) -> Iterator[tuple[str, Rule]]:
    yield from ()


@_bugs.register(References)
def _(rule: References) -> Iterator[tuple[str, Rule]]:
    good = [{"image_url": "https://example.com/a.png"}]
    yield "takes none", takes(rule, good, [])
    yield from _takes_types(rule, good, int, str, dict)


def _takes_types(rule: Rule, instead: object, *kinds: type) -> Iterator[tuple[str, Rule]]:
    yield from ((f"takes {kind.__name__}", takes_type(rule, instead, kind)) for kind in kinds)
