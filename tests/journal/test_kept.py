"""Bounds, numbers, and what outlives an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mockserver.coverage import coverage
from mockserver.journal.kept import Journal
from mockserver.ledger import ledger

if TYPE_CHECKING:
    from collections.abc import Callable

    from mockserver.journal import Entry


def numbers(journal: Journal) -> list[int]:
    """Return the numbers that are kept."""
    return [entry.number for entry in journal.entries()]


def test_the_oldest_fall_out_by_number(made: Callable[..., Entry]) -> None:
    """And the journal says how many."""
    journal = Journal(most_entries=3)
    for _ in range(5):
        made(journal)
    assert (numbers(journal), journal.dropped, len(journal)) == ([3, 4, 5], 2, 3)


def test_the_oldest_fall_out_by_weight(made: Callable[..., Entry]) -> None:
    """Bodies, heads, paths and queries all weigh."""
    journal = Journal(most_bytes=10_000)
    made(journal, body=b"x" * 9000)
    made(journal, body=b"", headers=[(b"x", b"y" * 900)])
    assert numbers(journal) == [1, 2]
    made(journal, body=b"", path="/" + "p" * 900)
    assert (numbers(journal), journal.dropped) == ([2, 3], 1)
    assert 1800 < journal.bytes < 2000


def test_one_entry_may_be_heavier_than_all(made: Callable[..., Entry]) -> None:
    """The newest stays."""
    journal = Journal(most_bytes=100)
    made(journal, body=b"x" * 9000)
    assert numbers(journal) == [1]
    made(journal, body=b"x")
    assert numbers(journal) == [2]


def test_weights_balance(made: Callable[..., Entry]) -> None:
    """Of entries that come, are shared heads, and go."""
    journal = Journal(most_entries=10)
    for number in range(50):
        made(journal, body=b"x" * number, headers=[(b"x", b"y" * (number % 3))])
    assert journal.bytes == sum(entry.weight for entry in journal.entries())


@pytest.mark.parametrize(("number", "found"), [(0, False), (2, False), (3, True), (5, True), (6, False), (-1, False)])
def test_an_entry_is_found_by_number(made: Callable[..., Entry], number: int, *, found: bool) -> None:
    """As long as it is kept."""
    journal = Journal(most_entries=3)
    for _ in range(5):
        made(journal)
    entry = journal.entry(number)
    assert (entry is not None and entry.number == number) is found
    assert Journal().entry(1) is None


def test_clearing_forgets_everything_but_the_numbers(made: Callable[..., Entry]) -> None:
    """What is still being answered then counts no more."""
    journal = Journal(most_entries=2)
    late = made(dollars=5.0, rule="wrong-type")
    journal.open(late)
    for _ in range(4):
        made(journal, dollars=1.0)
    journal.clear()
    journal.close(late)
    assert (len(journal), journal.bytes, journal.dropped, ledger(journal).dollars) == (0, 0, 0, 0.0)
    assert made(journal).number == 6
    assert journal.entries()[0].number == 6


def test_sums_outlive_the_entries(made: Callable[..., Entry]) -> None:
    """Dollars, rules and scenarios of those that fell out, also of one that is answered only then."""
    journal = Journal(most_entries=1)
    slow = made(dollars=2.0, asked='gpt-image-1 auto low png "x"')
    journal.open(slow)
    made(journal, rule="wrong-type", status=400)
    made(journal, played=[{"scenario": "429-slow-down"}], status=429)
    for number in range(600):
        made(journal, dollars=0.5, asked=f'dall-e-2 256x256 standard png "{number}"')
    journal.close(slow)
    sums = ledger(journal)
    assert {name: (spent.requests, spent.dollars) for name, spent in sums.models.items()} == {
        "dall-e-2": (600, 300.0),
        "gpt-image-1": (1, 2.0),
    }
    met = coverage(journal, ["429-slow-down", "other"])
    assert (met.rules.done, met.scenarios.done) == (("wrong-type",), ("429-slow-down",))


def test_attempts_of_the_same_logical_request_are_counted(made: Callable[..., Entry]) -> None:
    """Same endpoint, key and parameters, in whatever order and spelling."""
    journal = Journal()
    made(journal, body=b'{"prompt": "a", "n": 1}')
    made(journal, body=b'{"n":1,"prompt":"\\u0061"}')
    made(journal, body=b'{"prompt": "b", "n": 1}')
    made(journal, body=b'{"prompt": "a", "n": 1}', headers=[(b"authorization", b"Bearer other")])
    made(journal, body=b'{"prompt": "a", "n": 1}', path="/v1/images/edits")
    made(journal, body=b'{"prompt": "a", "n": 1}', headers=[(b"authorization", b"Bearer sk"), (b"a", b"b")])
    made(journal, body=b'{"n": 1, "prompt": "a"}')
    assert list(journal.attempts().values()) == [1, 2, 1, 1, 1, 1, 3]
