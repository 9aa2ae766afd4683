"""From schemas to cases: schemathesis walks a schema's edges, or draws from it by chance, from a seed."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import schemathesis
from schemathesis import GenerationMode

from mockserver.contract import chance
from mockserver.contract.provider import oracle
from mockserver.contract.provider.case import Case
from mockserver.contract.provider.twin import twin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mockserver.contract.document.families import Media, Operation
    from mockserver.contract.provider.facet import Facet

_NAME: Final = re.compile(r'[^\x00-\x1f\x7f"\\]*')
"""What the head of a part can call it: no line ends there, and nothing ends the quotes."""

POSITIVE: Final = (GenerationMode.POSITIVE,)
BOTH: Final = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


def loaded(document: Mapping[str, Any], modes: Iterable[GenerationMode] = BOTH, seed: int = 0) -> Any:  # noqa: ANN401 - schemathesis exports no name for it
    """Return a schemathesis schema that draws the same cases everywhere."""
    schema = schemathesis.openapi.from_dict(dict(document))
    schema.config.seed = seed
    schema.config.generation.update(modes=list(modes), with_security_parameters=False, database="none")
    schema.config.analysis.constants.enabled = False
    schema.config.phases.coverage.unexpected_methods = set()
    return schema


def edges(schema: Any, modes: Iterable[GenerationMode]) -> Iterator[Any]:  # noqa: ANN401 - as above
    """Yield the bodies with which schemathesis walks the edges of a document of one operation."""
    [operation] = operations(schema)
    config = schema.config.generation_for(operation=operation, phase="coverage")
    for case in schema.iter_coverage_cases(operation, generation_modes=list(modes), generation_config=config):
        yield case.body


def operations(schema: Any) -> list[Any]:  # noqa: ANN401 - as above
    """Return the operations of a document."""
    return [result.ok() for result in schema.get_all_operations()]


def cases(facet: Facet) -> Iterator[Case]:
    """Yield the cases of a facet: its edges, then the first of them for each other model of the family."""
    bodies = list(_bodies(facet))
    for number, body in enumerate(bodies):
        due = (facet.refused,) if facet.refused else oracle.expected(facet.operation, facet.media, body)
        yield Case(_numbered(facet, number, len(bodies)), facet.operation, facet.media, body, due, facet.about)
    for model in facet.models:
        for number, body in enumerate(bodies):
            named = {**body, "model": model}
            due = (facet.refused,) if facet.refused else oracle.expected(facet.operation, facet.media, named)
            name = f"{_numbered(facet, number, len(bodies))}@{model}"
            yield Case(name, facet.operation, facet.media, named, due, facet.about)


def _numbered(facet: Facet, number: int, count: int) -> str:
    return facet.id if count == 1 else f"{facet.id}#{number}"


def _bodies(facet: Facet) -> Iterator[Mapping[str, Any]]:
    properties = facet.schema["properties"]
    if all("const" in schema for schema in properties.values()):
        yield {param: schema["const"] for param, schema in properties.items()}
        return
    seen: set[str] = set()
    for body in edges(loaded(facet.document(), POSITIVE), POSITIVE):
        key = json.dumps(body, sort_keys=True)
        if key not in seen:
            seen.add(key)
            yield body


def edge_cases(document: Mapping[str, Any], operation: Operation, media: Media) -> Iterator[Case]:
    """Yield the edges of a document of one operation, right ones and wrong ones."""
    return _judged(edges(loaded(document), BOTH), operation, media, f"edge/{operation}/{media}")


def random_cases(place: tuple[Operation, Media], seed: int, examples: int) -> Iterator[Case]:
    """Yield cases of an endpoint by chance: right ones, then as many that are wrong on purpose."""
    bodies = [body for strategy in _strategies(*place) for body in chance.drawn(strategy, examples // 2, seed)]
    return _judged(bodies, *place, f"drawn/{place[0]}/{place[1]}/{seed}")


def _judged(bodies: Iterable[Any], operation: Operation, media: Media, name: str) -> Iterator[Case]:
    for number, body in enumerate(bodies):
        if not isinstance(body, dict):  # no other body has a form, and JSON of another type is among the hostile ones
            continue
        if media == "json" or all(map(_NAME.fullmatch, body)):
            yield Case(f"{name}#{number}", operation, media, body, oracle.expected(operation, media, body))


@cache
def _strategies(operation: Operation, media: Media) -> tuple[Any, ...]:
    """Return what draws right and wrong bodies; made once, as that takes longer than the drawing."""
    [drawn] = operations(loaded(twin(operation, media)))
    return tuple(drawn.as_strategy(generation_mode=mode) for mode in BOTH)
