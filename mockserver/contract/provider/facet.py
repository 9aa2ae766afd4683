"""A facet of the contract: one rule, as the smallest request that shows it, with the verdict that is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mockserver.contract.document.families import Media, Operation
    from mockserver.contract.provider.expected import Refused


@dataclass(frozen=True, slots=True)
class Facet:
    """One rule of one family of models at one endpoint."""

    id: str
    """Verdict, endpoint, family and rule, for instance `reject/generations/dall-e-3/n:maximum`."""

    operation: Operation
    media: Media
    schema: Mapping[str, Any]
    """The bodies that show the rule, and no other: a closed object of as few parameters as can be."""

    about: frozenset[str]
    """The parameters whose rule it is."""

    refused: Refused | None = None
    """The refusal that is due; None where the request is to be granted."""

    models: tuple[str, ...] = ()
    """The other models of the family, which are to be asked the same."""

    def document(self) -> dict[str, Any]:
        """Return an OpenAPI document of one operation whose every right request shows the rule."""
        due: dict[str, Any] = {"verdict": "accept", "status": 200}
        if self.refused:
            told = self.refused
            due = {"verdict": "reject", "status": told.status, "param": told.param, "code": told.code}
        return operation_document(self.operation, self.schema, title=self.id, due=due)


def operation_document(
    operation: Operation, schema: Mapping[str, Any], *, title: str, due: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return an OpenAPI document of one operation; a form is JSON there, which stands for it."""
    post = {
        "operationId": title,
        **({"x-facet": due} if due else {}),
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {str((due or {}).get("status", 200)): {"description": "what is due"}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1"},
        "paths": {f"/images/{operation}": {"post": post}},
    }


def closed(**properties: object) -> dict[str, Any]:
    """Return the schema of an object with exactly these members."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
