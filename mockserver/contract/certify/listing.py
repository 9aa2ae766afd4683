"""What there is to certify, and for what, as a person wants to see it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import click

from mockserver.contract.certify.report.sums import sections
from mockserver.journal.plain import shown_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mockserver.contract.certify.clients.registry import ReadyMade
    from mockserver.contract.certify.verdict import Behaviour


def clients(rows: Iterable[ReadyMade]) -> Iterator[str]:
    """Yield the ready-made clients, a line each."""
    yield click.style("Ready-made clients", bold=True)
    told = list(rows)
    width = max((len(row.name) for row in told), default=0)
    for row in told:
        yield f"  {row.name:{width}}  {row.versions[0]:10} {row.about}"


def behaviours(chosen: Sequence[Behaviour], most: int) -> Iterator[str]:
    """Yield the behaviours by group and topic, a line of at most so many characters each."""
    width = max((len(each.id) for each in chosen), default=0)
    room = max(most - width - 5, 20)
    for group, parts in groupby(sections(chosen), lambda part: part.group):
        for part in parts:
            yield ""
            yield click.style(f"{group}: {part.heading}" if part.topic else part.heading, bold=True)
            for each in part.behaviours:
                yield f"  {each.id:{width}}  {click.style(shown_text(each.about, room), dim=True)}"
    yield ""
    yield f"{len(chosen)} behaviours. One alone: mockserver certify --client NAME --only {chosen[0].id}"
