"""What can be proved of two schemas; the only module that knows the canonical form of jsonschema-rs.

That form is declared experimental: a question that it cannot decide counts as not proved, never as proved.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs
from jsonschema_rs.canonical import Containment, Satisfiability

if TYPE_CHECKING:
    from collections.abc import Mapping

    Schema = Mapping[str, Any]


def contained(narrow: Schema, wide: Schema) -> bool:
    """Return whether it is proved that all that fits `narrow` fits `wide`."""
    return _contained(json.dumps(narrow), json.dumps(wide))


def disjoint(one: Schema, other: Schema) -> bool:
    """Return whether it is proved that nothing fits both."""
    both = _canonical(json.dumps(one)).intersect(_canonical(json.dumps(other)))
    return both.satisfiability() is Satisfiability.NO


def fits(value: object, schema: Schema) -> bool:
    """Return whether a value fits a schema."""
    return _validator(json.dumps(schema)).is_valid(value)


@lru_cache(maxsize=512)
def _validator(schema: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(json.loads(schema))


@lru_cache(maxsize=4096)
def _contained(narrow: str, wide: str) -> bool:
    return _canonical(wide).covers(_canonical(narrow)) is Containment.YES


@lru_cache(maxsize=512)
def _canonical(schema: str) -> jsonschema_rs.CanonicalSchema:
    return jsonschema_rs.canonicalize(json.loads(schema))
