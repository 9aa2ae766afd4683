"""All that a server is asked: every facet, the edges of every endpoint, draws by chance, and the hostile ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from mockserver.contract.provider import draw
from mockserver.contract.provider.facets import ENDPOINTS, facets
from mockserver.contract.provider.hostile import hostile
from mockserver.contract.provider.twin import twin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.contract.provider.case import Case

KINDS: Final = ("accept/", "reject/", "edge/", "drawn/", "hostile/")
"""What ids of cases begin with."""


def suite(*, seed: int = 0, examples: int = 100, pattern: str = "") -> Iterator[Case]:
    """Yield the cases of a run whose id holds `pattern`; `examples` are drawn by chance from each endpoint."""
    kind = next((one for one in KINDS if pattern.startswith(one)), "")
    groups = {
        "accept/reject/": lambda: of_facets(pattern),
        "edge/": edges,
        "drawn/": lambda: by_chance(seed, examples),
        "hostile/": hostile,
    }
    for kinds, drawn in groups.items():
        if kind in kinds:
            yield from (case for case in drawn() if pattern in case.id)


def of_facets(pattern: str = "") -> Iterator[Case]:
    """Yield the cases of every facet, or of those that may have one whose id holds `pattern`."""
    rule = re.split("[@#]", pattern, maxsplit=1)[0]
    return (case for facet in facets() if rule in facet.id for case in draw.cases(facet))


def edges() -> Iterator[Case]:
    """Yield the edges of every endpoint's document."""
    return (case for place in ENDPOINTS for case in draw.edge_cases(twin(*place), *place))


def by_chance(seed: int, examples: int) -> Iterator[Case]:
    """Yield as many cases of every endpoint, half of them wrong on purpose."""
    return (case for place in ENDPOINTS for case in draw.random_cases(place, seed, examples))
