"""Requests whose reply was lost, remembered within bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.journal.lost import Lost

if TYPE_CHECKING:
    from collections.abc import Callable

    from mockserver.journal import Entry


def test_the_same_request_is_known_until_it_gets_a_good_reply(made: Callable[..., Entry]) -> None:
    """Another one that is described in the same words is not meant."""
    lost = Lost(10)
    first, same, other = (made(body={"prompt": text}, asked="a long one…") for text in ("a", "a", "b"))
    lost.add(first)
    assert (bool(lost.identities), same in lost, other in lost) == (True, True, False)
    lost.discard(other)
    assert same in lost
    lost.discard(same)
    assert (bool(lost.identities), first in lost) == (False, False)


def test_the_oldest_are_forgotten(made: Callable[..., Entry]) -> None:
    """Wordings, and those that share one."""
    lost = Lost(3)
    worded = [made(body={"prompt": str(number)}, asked=str(number)) for number in range(5)]
    alike = [made(body={"prompt": str(number)}, asked="the same") for number in range(100)]
    for entry in worded:
        lost.add(entry)
    assert [entry in lost for entry in worded] == [False, False, True, True, True]
    for entry in alike:
        lost.add(entry)
    assert [entry in lost for entry in (worded[2], worded[3], alike[0], alike[35], alike[36], alike[99])] == [
        False, True, False, False, True, True,
    ]  # fmt: skip
    lost.clear()
    assert not lost.identities
