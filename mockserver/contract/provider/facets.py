"""Every facet of the contract, made from the rule table: a new row brings its own."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from mockserver.contract.provider import oracle
from mockserver.contract.provider.accept import accept_facets
from mockserver.contract.provider.reject import model_facets, reject_facets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.contract.document.families import Media, Operation
    from mockserver.contract.provider.facet import Facet

ENDPOINTS: Final[tuple[tuple[Operation, Media], ...]] = (
    ("generations", "json"),
    ("edits", "json"),
    ("edits", "form"),
    ("variations", "form"),
)


@cache
def facets() -> tuple[Facet, ...]:
    """Return the facets of every endpoint and family, those of one rule side by side."""
    return tuple(_facets())


def _facets() -> Iterator[Facet]:
    for operation, media in ENDPOINTS:
        if operation != "variations":
            yield from model_facets(operation, media)
        for family in oracle.known(operation, media):
            yield from reject_facets(family)
            yield from accept_facets(family)
