"""Everything that a client is certified for; light to import, since lists and test suites only want the names."""

from __future__ import annotations

from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING

from mockserver.contract.certify.scenes import scenes
from mockserver.contract.certify.topics import TOPICS

if TYPE_CHECKING:
    from mockserver.contract.certify.verdict import Behaviour


def behaviours(only: str | None = None) -> tuple[Behaviour, ...]:
    """Return what a client is certified for, in order.

    Args:
        only: an id, a part of ids, or a pattern of whole ids with `*` and `?`; None for all of them.

    Raises:
        ValueError: nothing has such an id; the sentence names the nearest.
    """
    every = _every()
    ids = [one.id for one in every]
    pattern = "*" if only is None else only if only in ids or set(only) & set("*?[") else f"*{only}*"
    found = tuple(one for one in every if fnmatchcase(one.id, pattern))
    if not found:
        near = get_close_matches(only or "", ids, 1)
        advice = f"did you mean {near[0]}?" if near else "`mockserver certify --list` names them all"
        message = f"no behaviour matches {only!r}: {advice}"
        raise ValueError(message)
    return found


@cache
def _every() -> tuple[Behaviour, ...]:
    calls = [behaviour for topic in TOPICS for behaviour in (topic.sends, topic.returns)]
    return (*calls, *(scene.behaviour for scene in scenes()))
