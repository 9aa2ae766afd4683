"""The gate: what is right is granted in full, what is wrong is refused in the right words, and nothing else happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mockserver.contract.provider import draw, oracle
from mockserver.contract.provider.expected import Granted, Refused
from mockserver.contract.provider.facets import ENDPOINTS, facets
from mockserver.contract.provider.gate import run
from mockserver.contract.provider.hostile import hostile
from mockserver.contract.provider.suite import by_chance
from mockserver.contract.provider.twin import twin
from mockserver.models import MODELS

from .sketching import sketched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mockserver.contract.document.families import Media, Operation
    from mockserver.contract.provider.case import Case
    from mockserver.contract.provider.facet import Facet
    from mockserver.contract.provider.targets import InProcess

SEEDS = (1, 2, 3, 4, 5, 6)
EXAMPLES = 40
HOSTILE = tuple(hostile())


def differing(cases: Iterable[Case], target: InProcess) -> list[str]:
    """Return a line for each case that differs, with the first thing that does."""
    return [f"{outcome.case.id}: {outcome.faults[0]}" for outcome in run(cases, target) if outcome.faults]


@pytest.mark.parametrize("facet", facets(), ids=lambda facet: facet.id)
def test_facet(facet: Facet, target: InProcess, record_property: Callable[[str, object], None]) -> None:
    """Each rule of each family, alone, gets the verdict that is due, whichever of the family's models is asked."""
    cases = list(draw.cases(facet))
    record_property("cases of facets", len(cases))
    assert cases
    assert differing([case for case in cases if "@" not in case.id], target) == []
    with sketched():  # the family's other models draw as the first does
        assert differing([case for case in cases if "@" in case.id], target) == []


@pytest.mark.parametrize(("operation", "media"), ENDPOINTS)
def test_the_edges_of_an_endpoint(operation: Operation, media: Media, target: InProcess) -> None:
    """What schemathesis makes of the edges of an endpoint's document is judged rightly, to be granted or not."""
    cases = list(draw.edge_cases(twin(operation, media), operation, media))
    assert {type(case.due) for case in cases} == {Granted, tuple}
    with sketched():
        assert differing(cases, target) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_no_false_alarm(seed: int, target: InProcess, record_property: Callable[[str, object], None]) -> None:
    """Whatever is drawn by chance, the server and the contract agree."""
    cases = list(by_chance(seed, EXAMPLES))
    record_property("cases by chance", len(cases))
    assert len(cases) > len(ENDPOINTS) * EXAMPLES / 2
    with sketched():
        assert differing(cases, target) == []


def test_a_seed_draws_the_same_again() -> None:
    """Two runs of one seed ask the same, and another seed asks something else."""
    one, again, other = ([case.body for case in by_chance(seed, 6)] for seed in (1, 1, 2))
    assert one == again != other


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: ascii(case.id))
def test_hostile(case: Case, target: InProcess) -> None:
    """Nothing that is hard to read or to draw is judged wrongly, let alone answered with a 500."""
    assert differing([case], target) == []


@pytest.mark.parametrize("model", MODELS)
def test_every_row_has_facets(model: str) -> None:
    """A row brings facets to be granted and to be refused at each endpoint that serves it."""
    served = {
        (operation, media)
        for operation, media in ENDPOINTS
        for family in oracle.known(operation, media)
        if model in family.models
    }
    for verdict in (True, False):
        there = {
            (facet.operation, facet.media)
            for facet in facets()
            if (facet.refused is None) is verdict
            and (model in facet.models or facet.schema["properties"].get("model", {}).get("const") == model)
        }
        assert there | {("variations", "form")} >= served


def test_every_parameter_is_tried_both_ways() -> None:
    """Each parameter of each family has a facet that is granted, unless nothing of it is, and one that is refused."""
    for place in ENDPOINTS:
        for family in oracle.known(*place):
            about = {
                verdict: {
                    param
                    for facet in facets()
                    if f"/{family.name}/" in facet.id
                    and (facet.operation, facet.media) == place
                    and (facet.refused is None) is verdict
                    for param in facet.about
                }
                for verdict in (True, False)
            }
            granted = family.schema()["properties"].keys() - {"model"}
            assert about[True] >= granted
            assert about[False] >= granted - {"user", *(["mask"] if place == ("generations", "json") else [])}


def test_a_facet_is_a_document() -> None:
    """A facet says in its own OpenAPI document what is due."""
    facet = next(one for one in facets() if one.id == "reject/generations/dall-e-3/n:maximum")
    post = facet.document()["paths"]["/images/generations"]["post"]
    assert post["x-facet"] == {
        "verdict": "reject",
        "status": 400,
        "param": "n",
        "code": "integer_above_max_value",
    }
    assert isinstance(facet.refused, Refused)
