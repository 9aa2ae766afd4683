"""Facets to be granted: each member of each parameter, and every pair of those that have to do with each other."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from mockserver.contract.provider import oracle
from mockserver.contract.provider.facet import Facet
from mockserver.contract.provider.slim import exactly, least, members, repaired, small

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mockserver.contract.document.families import Family

DELIVERY: Final = (("response_format", "n"), ("stream", "partial_images"), ("output_format", "background"))
"""Parameters that no rule ties together, and code easily does."""


ALONE: Final = frozenset({"null", "float"})
"""Members that are tried by themselves and in no pair."""


def accept_facets(family: Family) -> Iterator[Facet]:
    """Yield the facets that a family must grant."""
    yield _facet(family, "least", least(family), ())
    for param in family.parameters:
        if param != "model" or family.operation == "variations":
            yield from _of_each(family, param)
    yield from _pairs(family)
    if not family.named_by and family.operation != "variations":
        body = {param: value for param, value in least(family).items() if param != "model"}
        yield _facet(family, "model:absent", body, ("model",))
    for param in family.named_by[1:]:
        yield from _naming(family, param)


def _facet(family: Family, rule: str, body: dict[str, object], about: Sequence[str], *, spread: bool = True) -> Facet:
    models = family.models[1:] if spread and "model" in body else ()
    name = f"accept/{place(family)}/{rule}"
    return Facet(name, family.operation, family.media, exactly(body), frozenset(about), models=models)


def place(family: Family) -> str:
    """Return where a family is asked, as it stands in the name of a facet."""
    form = "-form" if family.operation == "edits" and family.media == "form" else ""
    return f"{family.operation}{form}/{family.name}"


def _of_each(family: Family, param: str) -> Iterator[Facet]:
    """Yield the facets of one parameter; forms are read alike for all models of a family, so one of them is asked."""
    for word, value in members(family, param):
        body = repaired(family, {**small(family), param: value})
        if body is not None:
            yield _facet(family, f"{param}={word}", body, (param,), spread=family.media == "json")


def _naming(family: Family, param: str) -> Iterator[Facet]:
    """Yield the facets of a parameter whose presence says which family is meant."""
    for word, value in members(family, param):
        body = repaired(family, {**small(family), param: value})
        if body is not None:
            del body["model"]
            yield _facet(family, f"model:absent,{param}={word}", body, ("model", param))


def _pairs(family: Family) -> Iterator[Facet]:
    """Yield every pair of members of two parameters that a rule or the delivery ties together."""
    tied = [*DELIVERY, *(tuple(rule.schema["properties"]) for rule in family.dependent)]
    pairs = {pair for params in tied for pair in itertools.combinations(sorted(params), 2)}
    for one, other in sorted(pairs):
        if one in family.parameters and other in family.parameters:
            yield from _pair(family, one, other)


def _pair(family: Family, one: str, other: str) -> Iterator[Facet]:
    for (word, value), (second, also) in itertools.product(_paired(family, one), _paired(family, other)):
        body = {**small(family), one: value, other: also}
        if not any(oracle.refusals(family, body)):
            yield _facet(family, f"{one}={word},{other}={second}", body, (one, other), spread=False)


def _paired(family: Family, param: str) -> Iterator[tuple[str, object]]:
    """Yield the members of a parameter that are tried in pairs; of pictures, two are as telling as ten."""
    for word, value in members(family, param):
        if word not in ALONE and (param != "n" or value in {1, 2}):
            yield word, value
