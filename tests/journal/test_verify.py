"""Verdicts, and what a failed one says to the person who reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mockserver.journal.kept import Journal
from mockserver.journal.query import QueryError
from mockserver.journal.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from mockserver.journal import Entry


@pytest.fixture
def journal(made: Callable[..., Entry]) -> Journal:
    """A generation, an edit that was refused, a generation."""
    kept = Journal()
    made(kept, body={"model": "gpt-image-1", "prompt": "one", "size": "1024x1024"})
    made(kept, body={"model": "gpt-image-1", "prompt": "two"}, path="/v1/images/edits", status=400, rule="wrong-type")
    made(kept, body={"model": "gpt-image-2", "prompt": "three\x1b[2J", "size": "auto"})
    return kept


GENERATIONS = {"endpoint": "generations"}


@pytest.mark.parametrize(
    ("expectation", "passed", "matched"),
    [
        ({}, True, (1, 2, 3)),
        ({"match": GENERATIONS}, True, (1, 3)),
        ({"match": GENERATIONS, "exactly": 2}, True, (1, 3)),
        ({"match": GENERATIONS, "exactly": 1}, False, (1, 3)),
        ({"match": GENERATIONS, "at_least": 2, "at_most": 2}, True, (1, 3)),
        ({"match": GENERATIONS, "at_least": 3}, False, (1, 3)),
        ({"match": GENERATIONS, "at_most": 1}, False, (1, 3)),
        ({"match": {"endpoint": "variations"}}, False, ()),
        ({"match": {"endpoint": "variations"}, "exactly": 0}, True, ()),
        ({"match": {"endpoint": "variations"}, "at_most": 0}, True, ()),
        ({"match": {"status": 400}}, True, (2,)),
        ({"match": GENERATIONS, "fields": {"status": "200"}}, True, (1, 3)),
        ({"match": GENERATIONS, "fields": {"param.size": "auto"}}, False, (1, 3)),
        ({"order": [GENERATIONS, {"endpoint": "edits"}, GENERATIONS]}, True, (1, 2, 3)),
        ({"order": [{"endpoint": "edits"}, GENERATIONS]}, True, (1, 2, 3)),
        ({"order": [{"endpoint": "edits"}, {"endpoint": "edits"}]}, False, (2,)),
        ({"order": [{"model": "gpt-image-2"}, {"endpoint": "edits"}]}, False, (3,)),
        ({"match": {"after": 2}, "order": [{"prompt": "one"}]}, False, ()),
    ],
    ids=str,
)
def test_a_verdict(journal: Journal, expectation: dict[str, Any], passed: bool, matched: tuple[int, ...]) -> None:
    """Counts, fields of all, order; the text is safe for a terminal."""
    verdict = verify(journal, expectation)
    assert (verdict.passed, verdict.matched) == (passed, matched), verdict.text
    assert all(line.isprintable() for line in verdict.text.split("\n"))
    assert verdict.told()["passed"] is passed


def test_a_count_that_fails_shows_the_nearest_and_what_differs(journal: Journal) -> None:
    """Aligned, expected beside actual."""
    expectation = {"match": {"endpoint": "generations", "param.size": "512x512"}, "exactly": 1}
    verdict = verify(journal, expectation)
    assert verdict.nearest == (3, 1)
    assert verdict.text == (
        "expected exactly 1 of the requests with\n"
        "  endpoint    generations\n"
        "  param.size  512x512\n"
        "but found 0 among 3 requests\n"
        "nearest:\n"
        '#3  200 POST /v1/images/generations · gpt-image-2 size=auto "three·[2J" · 1000 ms\n'
        "                 expected     actual\n"
        "     endpoint    generations  generations\n"
        "  ≠  param.size  512x512      auto\n"
        '#1  200 POST /v1/images/generations · gpt-image-1 size=1024x1024 "one" · 1000 ms\n'
        "                 expected     actual\n"
        "     endpoint    generations  generations\n"
        "  ≠  param.size  512x512      1024x1024"
    )


def test_too_many_are_listed(journal: Journal) -> None:
    """One line each."""
    verdict = verify(journal, {"match": GENERATIONS, "at_most": 1})
    assert verdict.text == (
        "expected at most 1 of the requests with\n"
        "  endpoint  generations\n"
        "but found 2 among 3 requests\n"
        '  #1  200 POST /v1/images/generations · gpt-image-1 size=1024x1024 "one" · 1000 ms\n'
        '  #3  200 POST /v1/images/generations · gpt-image-2 size=auto "three·[2J" · 1000 ms'
    )


def test_fields_that_differ_are_shown_beside_each_other(journal: Journal) -> None:
    """For each entry that is meant."""
    verdict = verify(journal, {"match": GENERATIONS, "fields": {"param.size": "auto"}})
    assert verdict.text == (
        "1 of 2 requests differ from what was expected of all\n"
        '#1  200 POST /v1/images/generations · gpt-image-1 size=1024x1024 "one" · 1000 ms\n'
        "                 expected  actual\n"
        "  ≠  param.size  auto      1024x1024"
    )


def test_an_order_that_fails_says_how_far_it_came(journal: Journal) -> None:
    """And what came nearest after that."""
    verdict = verify(journal, {"order": [{"endpoint": "edits"}, {"endpoint": "generations", "prompt": "one"}]})
    assert verdict.text == (
        "step 2 of 2 in order was not found after #2:\n"
        "  endpoint  generations\n"
        "  prompt    one\n"
        "steps before it:\n"
        '  #2  400 POST /v1/images/edits · gpt-image-1 "two" · refused by wrong-type · 1000 ms\n'
        "nearest:\n"
        '#3  200 POST /v1/images/generations · gpt-image-2 size=auto "three·[2J" · 1000 ms\n'
        "               expected     actual\n"
        "     endpoint  generations  generations\n"
        r"  ≠  prompt    one          three\u001b[2J"
    )


def test_long_reports_stay_short(made: Callable[..., Entry]) -> None:
    """A thousand entries, prompts of 32,000 characters."""
    kept = Journal()
    for _ in range(300):
        made(kept, body={"prompt": "x" * 32_000})
    texts = [
        verify(kept, {"at_most": 0}).text,
        verify(kept, {"match": {"prompt": "y" * 400}}).text,
        verify(kept, {"fields": {"param.n": "1"}}).text,
    ]
    assert max(map(len, texts)) < 2000
    assert texts[2].endswith("and 298 more")


def test_an_empty_journal_says_that_nothing_was_asked() -> None:
    """Instead of a nearest entry."""
    assert verify(Journal(), {}).text == (
        "expected at least 1 of the requests with\n  (anything)\nbut found 0 among 0 requests\nnothing else was asked"
    )


@pytest.mark.parametrize(
    ("expectation", "told"),
    [
        ({"exacty": 1}, "there is no expectation exacty: did you mean exactly?"),
        ({"match": {"modle": "x"}}, "there is no filter modle: did you mean model?"),
        ({"match": "x"}, "match must be an object of filters, like {'endpoint': 'edits'}"),
        ({"order": {"model": "x"}}, "order must be a list of objects of filters"),
        ({"order": ["x"]}, "order must be an object of filters"),
        ({"exactly": -1}, "exactly must be a whole number from 0, not -1"),
        ({"exactly": True}, "exactly must be a whole number from 0, not true"),
        ({"at_least": "2"}, "at_least must be a whole number from 0, not 2"),
    ],
    ids=str,
)
def test_an_expectation_that_cannot_be_read_says_so(expectation: dict[str, Any], told: str) -> None:
    """With the nearest spelling."""
    with pytest.raises(QueryError) as caught:
        verify(Journal(), expectation)
    assert str(caught.value).startswith(told)


@pytest.mark.parametrize(
    ("wanted", "told"), [(True, "true"), (None, "null"), (2, "2"), ("x", "x")], ids=["true", "null", "2", "x"]
)
def test_filters_of_an_expectation_may_be_any_scalar(made: Callable[..., Entry], wanted: object, told: str) -> None:
    """As JSON writes them."""
    kept = Journal()
    made(kept, body={"value": wanted})
    assert verify(kept, {"match": {"param.value": wanted}}).passed
    assert verify(kept, {"match": {"param.value": told}}).passed
