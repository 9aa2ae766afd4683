"""The verdict of every facet is proved, not sampled: it lies within the contract, or shares nothing with it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from jsonschema_rs.canonical import Containment, Satisfiability

from mockserver.contract.provider import oracle
from mockserver.contract.provider.facets import ENDPOINTS, facets
from mockserver.contract.provider.twin import symbolic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.contract.document.families import Family, Media, Operation
    from mockserver.contract.provider.facet import Facet


@cache
def canonical(operation: Operation, media: Media, name: str) -> Any:  # noqa: ANN401 - the library exports no name for it
    """Return the bodies that a family grants, in the form that can be reasoned about."""
    [family] = [one for one in oracle.known(operation, media) if one.name == name]
    return jsonschema_rs.canonicalize(symbolic(family))


def meant(facet: Facet) -> Iterator[Family]:
    """Yield the families that a facet's bodies could mean: those that know its model, or all where it names none."""
    named = facet.schema["properties"].get("model", {}).get("const")
    for family in oracle.known(facet.operation, facet.media):
        if named is None or named in family.models or facet.operation == "variations":  # which read no name
            yield family


@pytest.mark.parametrize(("operation", "media"), ENDPOINTS)
def test_the_label_of_every_facet_is_true(operation: Operation, media: Media) -> None:
    """What is to be granted is all within one family; what is to be refused is within none."""
    there = [facet for facet in facets() if (facet.operation, facet.media) == (operation, media)]
    assert [facet.id for facet in there if not proved(facet)] == []
    assert {facet.refused is None for facet in there} == {True, False}


def proved(facet: Facet) -> bool:
    """Return whether the verdict holds for every body of a facet."""
    bodies = jsonschema_rs.canonicalize(dict(facet.schema))
    families = [canonical(family.operation, family.media, family.name) for family in meant(facet)]
    if facet.refused is None:
        return any(family.covers(bodies) == Containment.YES for family in families)
    return all(family.intersect(bodies).satisfiability() == Satisfiability.NO for family in families)
