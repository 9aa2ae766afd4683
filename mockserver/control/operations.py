"""The table of the control API: one row for each method of each path, in the order in which a reader meets them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from mockserver.control.schemas import NUMBER, TEXT, WHOLE, Schema
from mockserver.journal.query import FILTERS, PAGING

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILTERED: Final[Mapping[str, Schema]] = {**dict.fromkeys(FILTERS, TEXT), **dict.fromkeys(PAGING, NUMBER)}


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to ask for."""

    method: str
    path: str
    """Below `/_mock`, variables in braces."""

    says: str
    """One sentence."""

    reply: str
    """The schema of a good reply; `schemas.SCHEMAS` holds it."""

    body: str = ""
    """The schema of what is sent; empty where nothing is."""

    example: Mapping[str, Any] = field(default_factory=dict)
    """A body that is accepted."""

    of_a_space: bool = False
    """Whether `?space=NAME` chooses whom it is about."""

    filtered: bool = False
    """Whether filters of the journal may be given."""

    queried: Mapping[str, tuple[Schema, str]] = field(default_factory=dict)
    """What else the query string may hold: schema, and what it means."""

    variable: tuple[str, Schema, object] | None = None
    """Name, schema and an example of what stands in braces."""

    otherwise: tuple[int, str, str] | None = None
    """A status besides 200 that has a schema of its own, what it means, and the schema."""


OPERATIONS: Final = (
    Operation("GET", "/", "List what there is to ask for.", "Index"),
    Operation("GET", "/openapi.json", "Tell the same as an OpenAPI document.", "Document"),
    Operation("GET", "/health", "Say that the server is there.", "Health"),
    Operation("GET", "/rules", "List the rules that a refusal may name in x-mock-rule.", "Rules"),
    Operation(
        "GET", "/rules/{rule}", "Tell where one rule was seen.", "Rule", variable=("rule", TEXT, "missing-parameter")
    ),
    Operation("GET", "/spaces", "List the spaces.", "Spaces"),
    Operation("DELETE", "/spaces/{name}", "Forget a space.", "Deleted", variable=("name", TEXT, "default")),
    Operation("POST", "/reset", "Let a space begin anew.", "Reset", of_a_space=True),
    Operation("GET", "/clock", "Tell the time of a space.", "Clock", of_a_space=True),
    Operation(
        "POST",
        "/clock",
        "Freeze, advance or thaw the time of a space.",
        "Clock",
        "Move",
        {"advance": 3600},
        of_a_space=True,
    ),
    Operation("GET", "/as-of", "Tell which day's API a space serves.", "Day", of_a_space=True),
    Operation(
        "POST",
        "/as-of",
        "Let a space serve the API of another day.",
        "Day",
        "Day",
        {"day": "2025-06-01"},
        of_a_space=True,
    ),
    Operation("GET", "/limits", "Tell the limits of a space, and what it has spent.", "Limits", of_a_space=True),
    Operation(
        "POST",
        "/limits",
        "Limit the images per minute of a space, or its money.",
        "Limits",
        "LimitsAsked",
        {"images_per_minute": 5, "dollars": 1.5},
        of_a_space=True,
    ),
    Operation("GET", "/scripts", "List what is to go wrong in a space.", "Script", of_a_space=True),
    Operation(
        "POST",
        "/scripts",
        "Let something more go wrong in a space.",
        "Added",
        "Line",
        {"scenario": "rate_limit", "options": {"times": 1}, "match": {"model": "gpt-image-1"}},
        of_a_space=True,
    ),
    Operation("DELETE", "/scripts", "Let nothing go wrong in a space.", "Script", of_a_space=True),
    Operation(
        "DELETE",
        "/scripts/{number}",
        "Take one line out of the script of a space.",
        "Removed",
        variable=("number", WHOLE, 1),
        of_a_space=True,
    ),
    Operation("GET", "/scenarios", "List the failures that have a name.", "Scenarios"),
    Operation(
        "GET",
        "/scenarios/{name}",
        "Explain one failure, by id or alias, and what a well-behaved client does about it.",
        "Scenario",
        variable=("name", TEXT, "rate_limit"),
    ),
    Operation(
        "GET",
        "/journal",
        "Tell what was asked in a space and answered, oldest first, where it passes the filters.",
        "Journal",
        filtered=True,
        of_a_space=True,
    ),
    Operation("DELETE", "/journal", "Forget what was asked in a space.", "Journal", filtered=True, of_a_space=True),
    Operation(
        "GET",
        "/journal/{number}",
        "Tell one exchange, with what sends it again.",
        "WholeExchange",
        variable=("number", WHOLE, 1),
        of_a_space=True,
    ),
    Operation("GET", "/journal.har", "Tell the journal as an HTTP archive.", "Archive", filtered=True, of_a_space=True),
    Operation(
        "POST",
        "/verify",
        "Judge the journal of a space.",
        "Verdict",
        "Expectation",
        {"match": {"model": "gpt-image-1", "status": 200}, "at_least": 1},
        otherwise=(417, "It is not as expected.", "Verdict"),
        of_a_space=True,
    ),
    Operation(
        "GET",
        "/ledger",
        "Tell what a space would have cost, and what it would have paid twice.",
        "Ledger",
        of_a_space=True,
    ),
    Operation(
        "GET",
        "/coverage",
        "Tell which refusals and failures a space has met, of all.",
        "Coverage",
        queried={"least": ({"type": "number", "minimum": 0, "maximum": 1}, "A share that must be met.")},
        otherwise=(417, "It is less than `least`.", "Coverage"),
        of_a_space=True,
    ),
)


def parameters(operation: Operation) -> list[dict[str, Any]]:
    """Return what an operation takes in its path and its query string, as OpenAPI writes it."""
    found: list[dict[str, Any]] = []
    if operation.variable is not None:
        name, schema, example = operation.variable
        found.append({"name": name, "in": "path", "required": True, "schema": schema, "example": example})
    if operation.of_a_space:
        says = "Whom it is about; made by the first request that names it."
        found.append({"name": "space", "in": "query", "schema": {**TEXT, "default": "default"}, "description": says})
    for name, (schema, says) in operation.queried.items():
        found.append({"name": name, "in": "query", "schema": schema, "description": says})
    if operation.filtered:
        found += [{"name": name, "in": "query", "schema": schema} for name, schema in _FILTERED.items()]
        every = {"type": "object", "additionalProperties": TEXT, "propertyNames": {"pattern": r"^param\."}}
        says = "param.NAME for any parameter, as in param.size=1024x1024."
        found.append({"name": "parameters", "in": "query", "schema": every, "description": says})
    return found
