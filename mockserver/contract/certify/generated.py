"""Values of a JSON Schema as schemathesis makes them: each value of each parameter in turn, and some by chance.

The schema is a closed object without `allOf` and `if`, of which the enumeration would get little.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from schemathesis import GenerationMode, openapi

from mockserver.contract import chance

if TYPE_CHECKING:
    from schemathesis.schemas import APIOperation

Schema = dict[str, Any]
Body = dict[str, Any]

_MODES: Final = [GenerationMode.POSITIVE]


def enumerated(schema: Schema) -> list[Body]:
    """Return what schemathesis' coverage phase sends: always the same."""
    return list(_enumerated(json.dumps(schema)))


def drawn(schema: Schema, examples: int, seed: int) -> list[Body]:
    """Return what its fuzzing phase sends: as many as `examples`, the same for the same seed."""
    return list(_drawn(json.dumps(schema), examples, seed))


@cache
def _enumerated(schema: str) -> tuple[Body, ...]:
    operation = _operation(schema)
    config = operation.schema.config.generation
    with chance.elsewhere():
        cases = operation.schema.iter_coverage_cases(operation, generation_modes=_MODES, generation_config=config)
        return tuple(_canonical(case.body) for case in cases)


@cache
def _drawn(schema: str, examples: int, seed: int) -> tuple[Body, ...]:
    strategy = _operation(schema).as_strategy(generation_mode=GenerationMode.POSITIVE)
    return tuple(map(_canonical, chance.drawn(strategy, examples, seed)))


@cache
def _operation(schema: str) -> APIOperation[Any, Any, Any, Any]:
    """Return the one operation of a document whose body is of the schema."""
    content = {"application/json": {"schema": json.loads(schema)}}
    post = {"requestBody": {"required": True, "content": content}, "responses": {"200": {"description": "-"}}}
    document = {"openapi": "3.1.0", "info": {"title": "-", "version": "1"}, "paths": {"/": {"post": post}}}
    loaded = openapi.from_dict(document)
    loaded.config.generation.update(modes=_MODES, with_security_parameters=False)
    return loaded["/"]["POST"]


def _canonical(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value with whole numbers as integers: not every language keeps 10.0 apart from 10."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: _canonical(one) for name, one in value.items()}
    return [_canonical(one) for one in value] if isinstance(value, list) else value
