"""Filters: what each finds, and what is said of one that cannot be read."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from mockserver.journal.kept import Journal
from mockserver.journal.patterns import LONGEST, QueryError, Steps, pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from mockserver.journal import Entry


TOKEN = {"token": "0f"}


@pytest.fixture
def journal(made: Callable[..., Entry]) -> Journal:
    """Six entries of every kind."""
    kept = Journal()
    made(kept, body={"model": "gpt-image-1", "prompt": "a red cat", "n": 2, "size": "auto"}, dollars=0.5)
    made(
        kept,
        body={"model": "dall-e-2", "prompt": "12 cats\nin a row", "stream": True, "extra": {"deep": [{"id": "x"}]}},
        arrived=1001.0,
        asked='dall-e-2 256x256 standard png "12 cats"',
        events=["a", "b"],
    )
    made(kept, body={"prompt": 7}, status=400, rule="wrong-type", arrived=1002.0)
    retry = [(b"x-stainless-retry-count", b"2"), (b"authorization", b"Bearer sk")]
    made(kept, status=429, played=[{"scenario": "429-slow-down"}, {"scenario": "delay"}], headers=retry, arrived=1003.0)
    made(kept, path="/s/a/openai/v1/images/edits", status=0, gone=1004.5, complete=False, arrived=1004.0, **TOKEN)
    made(kept, method="GET", path="/v1/models/x", body=b"", status=503, arrived=1005.0)
    return kept


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, [1, 2, 3, 4, 5, 6]),
        ({"endpoint": "generations"}, [1, 2, 3, 4]),
        ({"endpoint": "/edits|models/"}, [5, 6]),
        ({"method": "GET"}, [6]),
        ({"path": "/v1/models/x"}, [6]),
        ({"path": "/models/"}, [6]),
        ({"status": "400"}, [3]),
        ({"status": "4xx"}, [3, 4]),
        ({"status": ">=400"}, [3, 4, 6]),
        ({"status": "!=200"}, [3, 4, 5, 6]),
        ({"status": "<100"}, [5]),
        ({"model": "dall-e-2"}, [2]),
        ({"model": "/gpt/"}, [1, 4, 5]),
        ({"prompt": "cat"}, [1, 2]),
        ({"prompt": "/^12 cats.in/"}, [2]),
        ({"prompt": "/red|dot/"}, [1, 4, 5]),
        ({"prompt": "/a.*cat/"}, [1]),
        ({"rule": "wrong-type"}, [3]),
        ({"scenario": "delay"}, [4]),
        ({"scenario": "429-slow-down"}, [4]),
        ({"scenario": "429-slow-down, delay"}, []),
        ({"scenario": "/^429/"}, [4]),
        ({"retry": "2"}, [4]),
        ({"retry": ">0"}, [4]),
        ({"request_id": "req_0f"}, [5]),
        ({"events": "a,b"}, [2]),
        ({"complete": "false"}, [5]),
        ({"gone": "true"}, [5]),
        ({"dollars": ">0"}, [1]),
        ({"param.size": "auto"}, [1]),
        ({"param.n": "2"}, [1]),
        ({"param.stream": "true"}, [2]),
        ({"param.prompt": "7"}, [3]),
        ({"param.extra": "/deep/"}, [2]),
        ({"param.extra.deep[0].id": "x"}, [2]),
        ({"param.extra.deep[1].id": "(absent)", "method": "POST", "status": "200"}, [1, 2]),
        ({"param.seed": "(absent)", "endpoint": "models"}, [6]),
        ({"since": "1002", "until": "1003"}, [3, 4]),
        ({"after": "4"}, [5, 6]),
        ({"limit": "2"}, [1, 2]),
        ({"after": "1", "limit": "1", "status": "4xx"}, [3]),
        ({"limit": "0"}, []),
        ({"status": "4xx", "endpoint": "edits"}, []),
    ],
    ids=str,
)
def test_a_filter_finds(journal: Journal, filters: dict[str, str], found: list[int]) -> None:
    """All of them must hold."""
    assert [entry.number for entry in journal.find(filters)] == found


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ({"modle": "x"}, "there is no filter modle: did you mean model?"),
        ({"size": "auto"}, "there is no filter size: did you mean param.size?"),
        ({"\x1b[2Jzzzzz": "1"}, r"there is no filter \u001b[2Jzzzzz: there are endpoint, method"),
        ({"param.": "1"}, "there is no filter param.: "),
        ({"status": "4x"}, "status=4x is no comparison of numbers: write 400, 4xx, >=400"),
        ({"retry": "1xx"}, "retry=1xx is no comparison of numbers: write 2, >=2, !=0"),
        ({"limit": "many"}, "limit=many is no number"),
        ({"since": "nan"}, "since=nan is no number"),
        ({"until": "inf"}, "until=inf is no number"),
        ({"prompt": "/(/"}, "/(/ is no regular expression: missing ), unterminated subpattern at position 0"),
        ({"prompt": "x" * 501}, "a pattern has 500 characters at most, this one has 501"),
    ],
    ids=str,
)
def test_a_filter_that_cannot_be_read_says_so(journal: Journal, filters: dict[str, str], told: str) -> None:
    """With the nearest spelling, and nothing that moves a cursor."""
    with pytest.raises(QueryError) as caught:
        journal.find(filters)
    assert str(caught.value).startswith(told)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "expression",
    ["(a+)+$", "(a*)*b", "(a|aa)+$", "(.*a){20}", "(a?){30}a{30}", "(x{0,30}){0,30}y", "(?:(?:a|b)+c?)+d", r"(a+)\1+$"],
)
def test_a_catastrophic_pattern_is_refused_before_it_is_tried(expression: str) -> None:
    """At once, whatever the text."""
    began = time.perf_counter()
    with pytest.raises(QueryError, match="may take too long here"):
        pattern(f"/{expression}/").found_in("a" * 1500, Steps(), whole=False)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        (r"\d+ cats", True),
        ("(?=.*cats)12", True),
        ("(?:cats|dogs)", True),
        ("(?i)CATS", True),
        ("(12)?(?(1) cats|x)", True),
        ("(?>12) cats", True),
        ("1.*2.*cats.*!", False),
        ("12.*?cats", True),
        (".*", True),
        (r"(1)2 cats", True),
    ],
)
def test_an_everyday_pattern_is_not(expression: str, *, found: bool) -> None:
    """In a thousand prompts of usual length."""
    wanted, steps = pattern(f"/{expression}/"), Steps()
    for _ in range(1000):
        assert wanted.found_in("I see 12 cats in a row, and one that sleeps", steps, whole=False) is found


def test_the_work_of_one_search_is_bounded_over_all_its_texts() -> None:
    """Each text is cheap; together they are not."""
    wanted, steps = pattern(r"/\d+x/"), Steps()
    for _ in range(100):
        wanted.found_in("1" * 3000, steps, whole=False)
    with pytest.raises(QueryError):
        wanted.found_in("1" * 12_000, steps, whole=False)


def test_what_stands_between_dot_stars_is_searched_in_one_pass() -> None:
    """Also where the whole would take for ever."""
    text = "a" * 30_000
    assert pattern("/a.*a.*a.*a/").found_in(text, Steps(), whole=False)
    assert not pattern("/a.*a.*b.*a/").found_in(text, Steps(), whole=False)


def test_a_pattern_may_be_as_long_as_it_says() -> None:
    """And a lone slash is text."""
    assert pattern("x" * LONGEST).found_in("x" * LONGEST, Steps(), whole=True)
    assert pattern("//").found_in("a//b", Steps(), whole=False)
