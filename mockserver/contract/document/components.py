"""The schemas of a document that have a name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Components:
    """The named schemas of one document."""

    schemas: dict[str, dict[str, Any]] = field(default_factory=dict)

    def put(self, name: str, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the reference to a schema, named now if it has no name yet; a number tells namesakes apart.

        Dots are left out of names, as generators of code take them for folders.
        """
        known = next((known for known, told in self.schemas.items() if told == schema), None)
        if known is None:
            number, known = 1, name.replace(".", "-")
            while known in self.schemas:
                number += 1
                known = f"{name.replace('.', '-')}-{number}"
            self.schemas[known] = schema
        return {"$ref": f"#/components/schemas/{known}"}
