"""One parameter at a time: what a rule takes, and what it says of the rest."""

from __future__ import annotations

import json

import pytest

from mockserver.errors import ApiError
from mockserver.rules import AnyText, Anything, Flag, OneOf, PixelBudget, Rule, Text, Whole, dimensions

PAIR = OneOf(("auto", "low"))
TRIPLE = OneOf(("a", "b", "c"))
BUDGET = PixelBudget(multiple=16, ratio=3, edge=3840, least=655_360, most=8_294_400)


def sentence(error: ApiError) -> str:
    """Return the message of a refusal."""
    return str(json.loads(error.body)["error"]["message"])


@pytest.mark.parametrize(
    ("rule", "value", "kept"),
    [
        (Text(3), "abc", "abc"),
        (Text(3), "   ", "   "),
        (Text(2), "🐱🐱", "🐱🐱"),
        (AnyText(), "", ""),
        (Whole(1, 10), 10, 10),
        (Whole(1, 10), 2.0, 2),
        (PAIR, "low", "low"),
        (Flag(), False, False),
        (Anything(), {"deep": []}, {"deep": []}),
    ],
)
def test_a_rule_returns_what_it_takes(rule: Rule, value: object, kept: object) -> None:
    """An allowed value comes back as the server will use it, with its type."""
    taken = rule.check("p", value)
    assert (taken, type(taken)) == (kept, type(kept))


@pytest.mark.parametrize(
    ("rule", "value", "message"),
    [
        (Text(3), None, "Invalid type for 'p': expected a string, but got null instead."),
        (Text(3), "abcd", "string too long. Expected a string with maximum length 3, but got a string with length 4"),
        (Text(3), "", "Invalid 'p': empty string. Expected a string with minimum length 1, but got an empty string"),
        (AnyText(), 7, "Invalid type for 'p': expected a string, but got an integer instead."),
        (Whole(1, 10), "2", "Invalid type for 'p': expected an integer, but got a string instead."),
        (Whole(1, 10), True, "Invalid type for 'p': expected an integer, but got a boolean instead."),
        (Whole(1, 10), 1.5, "Invalid type for 'p': expected an integer, but got a decimal number instead."),
        (Whole(1, 10), float("inf"), "expected an integer, but got a decimal number instead."),
        (Whole(1, 10), 0, "Invalid 'p': integer below minimum value. Expected a value >= 1, but got 0 instead."),
        (Whole(1, 10), 11, "Invalid 'p': integer above maximum value. Expected a value <= 10, but got 11 instead."),
        (PAIR, "x", "Invalid value: 'x'. Supported values are: 'auto' and 'low'."),
        (TRIPLE, "", "Invalid value: ''. Supported values are: 'a', 'b', and 'c'."),
        (OneOf(("only",)), "x", "Invalid value: 'x'. Value must be 'only'."),
        (PAIR, [], "Invalid type for 'p': expected one of 'auto' or 'low', but got an array instead."),
        (TRIPLE, {}, "Invalid type for 'p': expected one of 'a', 'b', or 'c', but got an object instead."),
        (Flag(), "yes", "Invalid type for 'p': expected a boolean, but got a string instead."),
    ],
)
def test_a_rule_refuses_in_the_words_of_the_api(rule: Rule, value: object, message: str) -> None:
    """A value that is not allowed raises the API's own sentence."""
    with pytest.raises(ApiError) as refusal:
        rule.check("p", value)
    assert message in sentence(refusal.value)


@pytest.mark.parametrize("size", ["1024x1024", "816x816", "3840x2160", "2160x3840", "1776x592", "1024x640"])
def test_a_size_within_the_budget_is_taken(size: str) -> None:
    """Exactly on a limit is within it."""
    assert BUDGET.check(size) == dimensions(size)


@pytest.mark.parametrize(
    ("size", "rule"),
    [
        ("", "size-not-parsable"),
        ("bogus", "size-not-parsable"),
        ("1024", "size-not-parsable"),
        ("1024x", "size-not-parsable"),
        ("0x1024", "size-not-parsable"),
        ("-16x16", "size-not-parsable"),
        ("1024X1024", "size-not-parsable"),
        (" 1024x1024", "size-not-parsable"),
        ("1024x1024x1024", "size-not-parsable"),
        ("１０２４x１０２４", "size-not-parsable"),  # noqa: RUF001 - digits, but not ASCII ones
        ("9" * 5000 + "x16", "size-not-parsable"),
        ("9x9", "size-not-divisible"),
        ("99999999x99999999", "size-not-divisible"),
        ("1024x256", "size-too-wide"),
        ("1792x592", "size-too-wide"),
        ("4096x4096", "size-edge-too-long"),
        ("2304x4096", "size-edge-too-long"),
        ("800x800", "size-below-budget"),
        ("3840x2176", "size-above-budget"),
    ],
)
def test_a_size_outside_the_budget_is_refused_by_its_first_fault(size: str, rule: str) -> None:
    """Parsing, divisibility, ratio, edge, floor, ceiling: in that order."""
    with pytest.raises(ApiError) as refusal:
        BUDGET.check(size)
    assert refusal.value.rule == rule
