"""Values of a JSON Schema as schemathesis makes them: each value of each parameter in turn, and some by chance.

The schema is a closed object without `allOf` and `if`, of which the enumeration would get little.
"""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import hypothesis
from hypothesis import configuration
from schemathesis import GenerationMode, openapi

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis.schemas import APIOperation

Schema = dict[str, Any]
Body = dict[str, Any]

_MODES: Final = [GenerationMode.POSITIVE]

_HOME: Final = "__hypothesis_home_directory"
"""Where hypothesis remembers the directory that it was told."""


def enumerated(schema: Schema) -> list[Body]:
    """Return what schemathesis' coverage phase sends: always the same."""
    return list(_enumerated(json.dumps(schema)))


def drawn(schema: Schema, examples: int, seed: int) -> list[Body]:
    """Return what its fuzzing phase sends: as many as `examples`, the same for the same seed."""
    return list(_drawn(json.dumps(schema), examples, seed)) if examples else []


@cache
def _enumerated(schema: str) -> tuple[Body, ...]:
    operation = _operation(schema)
    config = operation.schema.config.generation
    with _elsewhere():
        cases = operation.schema.iter_coverage_cases(operation, generation_modes=_MODES, generation_config=config)
        return tuple(_canonical(case.body) for case in cases)


@cache
def _drawn(schema: str, examples: int, seed: int) -> tuple[Body, ...]:
    found: list[Body] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(_operation(schema).as_strategy(generation_mode=GenerationMode.POSITIVE))
    def collect(case: Any) -> None:  # noqa: ANN401 - schemathesis' own
        found.append(_canonical(case.body))

    with _elsewhere():
        collect()
    return tuple(found)


@cache
def _operation(schema: str) -> APIOperation[Any, Any, Any, Any]:
    """Return the one operation of a document whose body is of the schema."""
    content = {"application/json": {"schema": json.loads(schema)}}
    post = {"requestBody": {"required": True, "content": content}, "responses": {"200": {"description": "-"}}}
    document = {"openapi": "3.1.0", "info": {"title": "-", "version": "1"}, "paths": {"/": {"post": post}}}
    loaded = openapi.from_dict(document)
    loaded.config.generation.update(modes=_MODES, with_security_parameters=False)
    return loaded["/"]["POST"]


@contextmanager
def _elsewhere() -> Iterator[None]:
    """Let hypothesis keep its tables of Unicode out of the working directory, and forget that afterwards."""
    before = getattr(configuration, _HOME)
    configuration.set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "mockserver-hypothesis")
    try:
        yield
    finally:
        configuration.set_hypothesis_home_dir(before)


def _canonical(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value with whole numbers as integers: not every language keeps 10.0 apart from 10."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: _canonical(one) for name, one in value.items()}
    return [_canonical(one) for one in value] if isinstance(value, list) else value
