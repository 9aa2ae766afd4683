"""The schemas of a document that have a name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Components:
    """The named schemas of one document."""

    schemas: dict[str, dict[str, Any]] = field(default_factory=dict)

    def put(self, name: str, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the reference to a schema, named now if it has no name yet; a number tells namesakes apart."""
        number, free = 1, name
        while self.schemas.setdefault(free, schema) != schema:
            number += 1
            free = f"{name}-{number}"
        return {"$ref": f"#/components/schemas/{free}"}
