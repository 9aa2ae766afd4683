"""What the control API takes and tells, as JSON Schema: each name is a component of its document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

Schema = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
WHOLE: Final[Schema] = {"type": "integer"}
NUMBER: Final[Schema] = {"type": "number"}
FLAG: Final[Schema] = {"type": "boolean"}
ANYTHING: Final[Schema] = {"type": "object"}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}


def of(name: str) -> Schema:
    """Return a reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _all(**fields: Schema) -> Schema:
    """Return an object that has all of the fields, and no others."""
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _any(says: str = "", /, **fields: Schema) -> Schema:
    """Return an object that has some of the fields, and no others."""
    told: Schema = {"type": "object", "properties": fields, "additionalProperties": False}
    return {**told, "description": says} if says else told


def _one_or_many(*types: str) -> Schema:
    one: Schema = {"type": list(types)}
    return {"anyOf": [one, _list(one)]}


def _told(schema: Schema, says: str) -> Schema:
    return {**schema, "description": says}


_NUMBERS: Final = _list(_told(WHOLE, "The number of an exchange."))
_PAIRS: Final = _list({"type": "array", "prefixItems": [TEXT, TEXT], "minItems": 2, "items": False})
_FILTERS: Final[Schema] = {
    "type": "object",
    "description": "By name of a filter of /_mock/journal; text, /regular expression/, or a comparison such as >=400.",
    "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
}
_PART: Final = _all(share=NUMBER, met=COUNT, known=COUNT, done=_list(TEXT), open=_list(TEXT))
_EXCHANGE: Final[dict[str, Schema]] = {
    "number": _told(WHOLE, "Its place in the journal, from 1."),
    "arrived": _told(NUMBER, "Unix seconds by the clock of the space."),
    "seconds": _told(_or_null(NUMBER), "How long it took; null while it is answered."),
    "method": TEXT,
    "path": TEXT,
    "prefix": _told(TEXT, "What stood before the path: the space, as in /s/NAME."),
    "query": TEXT,
    "endpoint": _told(TEXT, "generations, edits, variations, models, files, pictures or other."),
    "model": TEXT,
    "asked": _told(TEXT, "What was asked, as understood, in a few words; empty where it was refused."),
    "parameters": _told(_or_null(ANYTHING), "As sent; files by digest, size, type and pixels."),
    "headers": _told(_PAIRS, "As sent; secrets masked."),
    "body_bytes": COUNT,
    "retry": _told(COUNT, "Which retry the client says that this is."),
    "attempt": _told(_or_null(WHOLE), "Which attempt of the same logical request it is, from 1."),
    "status": _told(WHOLE, "0 where no answer began."),
    "request_id": TEXT,
    "rule": _told(TEXT, "The rule that refused it; see /_mock/rules."),
    "hint": TEXT,
    "dollars": _told(NUMBER, "What the real API would have charged."),
    "reply": _all(headers=_PAIRS, bytes=COUNT, events=_list(TEXT), complete=FLAG),
    "cut": _told(TEXT, "How a fault ended the connection: close, reset, or not at all."),
    "gone": _told(_or_null(NUMBER), "When the client went away before the end, in Unix seconds."),
    "played": _told(_list(ANYTHING), "The scenarios that it met."),
    "seed": _or_null(WHOLE),
}

_LINE: Final[dict[str, Schema]] = {
    "scenario": _told(TEXT, "An id or alias of /_mock/scenarios."),
    "steps": _told({"type": "array", "minItems": 1}, "For each attempt a scenario, or a list of faults."),
    "repeat": {"anyOf": [{"type": "integer", "minimum": 1}, {"enum": ["forever", "last"]}]},
    "options": _any(
        times={"type": "integer", "minimum": 1},
        after=COUNT,
        every={"type": "integer", "minimum": 1},
        delay=_told({"type": "number", "minimum": 0, "maximum": 86400}, "Seconds."),
        probability={"type": "number", "minimum": 0, "maximum": 1},
        seed=WHOLE,
    ),
    "match": _any(
        "Which requests are meant; all where it says nothing.",
        endpoint=_one_or_many("string"),
        model=_one_or_many("string"),
        prompt=_one_or_many("string"),
        parameters=_told(ANYTHING, "By name; text, /regular expression/, or a comparison such as >=2."),
        call=_told(_one_or_many("string", "integer"), "Which of them, from 1: 3, 2-5 or 4-."),
    ),
}

SCHEMAS: Final[Mapping[str, Schema]] = {
    "Error": _all(error=_told(TEXT, "What is wrong, in one sentence.")),
    "Index": _all(
        version=_told(TEXT, "Of the control API."),
        document=_told(TEXT, "Where its OpenAPI document lies."),
        endpoints=_list(_all(method=TEXT, path=TEXT, says=TEXT)),
    ),
    "Document": _told({"type": "object", "required": ["openapi", "info", "paths"]}, "An OpenAPI 3.1 document."),
    "Health": _all(status={"const": "ok"}, version=_told(TEXT, "Of the server."), spaces=COUNT),
    "Rule": _all(
        id=TEXT,
        kind={"enum": ["observed", "assumed", "ours"]},
        seen=_told(TEXT, "When it was last seen, YYYY-MM; empty when it never was."),
        where=TEXT,
    ),
    "Rules": _all(rules=_list(of("Rule"))),
    "Spaces": _all(spaces=_list(TEXT)),
    "Deleted": _all(deleted=TEXT),
    "Reset": _all(reset=TEXT),
    "Clock": _all(now=_told(NUMBER, "Unix seconds."), frozen=FLAG),
    "Move": _any(
        "All that is given is done in its order, or nothing where one part is not understood.",
        freeze=_told({"anyOf": [{"const": True}, NUMBER]}, "Stand still, now or at a moment in Unix seconds."),
        advance=_told(NUMBER, "Let seconds pass at once."),
        thaw=_told({"const": True}, "Run again."),
    ),
    "Day": _all(day=_told(_or_null({"type": "string", "format": "date"}), "Null for all that was ever documented.")),
    "Limits": _all(
        tier=_or_null({"type": "integer", "minimum": 1, "maximum": 5}),
        images_per_minute=_or_null(COUNT),
        dollars=_or_null({"type": "number", "minimum": 0}),
        spent=NUMBER,
    ),
    "LimitsAsked": _any(
        "Null lifts a limit; what is not named stays.",
        tier=_or_null({"type": "integer", "minimum": 1, "maximum": 5}),
        images_per_minute=_or_null(COUNT),
        dollars=_or_null({"type": "number", "minimum": 0}),
    ),
    "Line": {
        **_any("As a table [[line]] of a script file: either scenario, or steps.", **_LINE),
        "oneOf": [{"required": ["scenario"]}, {"required": ["steps"]}],
    },
    "Script": _all(scripts=_list({**_any(number=WHOLE, **_LINE), "required": ["number"]})),
    "Added": _all(number=WHOLE, scenario=TEXT),
    "Removed": _all(removed=WHOLE),
    "Scenarios": _all(scenarios=_list(_all(id=TEXT, aliases=_list(TEXT), about=TEXT, topic=TEXT))),
    "Scenario": _all(
        id=TEXT,
        aliases=_list(TEXT),
        about=TEXT,
        topic=TEXT,
        endpoints=_told(_list(TEXT), "Where it can happen; * for anywhere."),
        models=_told(_list(TEXT), "Patterns of the models with which it was seen; empty for any."),
        streams=_told(_or_null(FLAG), "Whether it takes a stream to be seen, or none; null for either."),
        seen=_all(
            sources=_list(TEXT),
            observed=_told(_or_null(TEXT), "Day, month or year."),
            confidence={"enum": ["verbatim-body", "message-only", "paraphrase", "measured", "assumed"]},
        ),
        client=_all(
            error=_told(TEXT, "The kind of error."),
            python=_told(_or_null(TEXT), "What openai-python raises; null for nothing."),
            node=_told(_or_null(TEXT), "What openai-node throws; null for nothing."),
            attempts=_told(COUNT, "Requests that openai-python sends while it lasts."),
            node_attempts=_told(COUNT, "Requests that openai-node sends."),
            may_retry=_told(FLAG, "Whether sending the same again can help."),
            waits=_told(_or_null(NUMBER), "Seconds that the reply asks to wait at least."),
            advice=_told(TEXT, "What a well-behaved client does."),
        ),
    ),
    "Exchange": _all(**_EXCHANGE),
    "WholeExchange": _all(
        **_EXCHANGE,
        billed_twice=_told(_or_null(of("BilledTwice")), "How the same was paid for before."),
        curl=_told(TEXT, "A command that sends it again."),
        openai_python=_told(TEXT, "Code that sends it again."),
    ),
    "Journal": _all(
        kept=COUNT,
        dropped=_told(COUNT, "How many fell out since it was last cleared."),
        most_entries=COUNT,
        most_bytes=COUNT,
        bytes=COUNT,
        entries=_list(of("Exchange")),
    ),
    "Archive": _all(log=_all(version={"const": "1.2"}, creator=ANYTHING, entries=_list(ANYTHING))),
    "Expectation": _any(
        "At least one exchange is expected where it says no count.",
        match=_FILTERS,
        exactly=COUNT,
        at_least=COUNT,
        at_most=COUNT,
        fields=_told(_FILTERS, "What every exchange that is meant must pass."),
        order=_told(_list(_FILTERS), "What must be found one after the other; others may lie between."),
    ),
    "Verdict": _all(passed=FLAG, text=_told(TEXT, "For a person."), matched=_NUMBERS, nearest=_NUMBERS),
    "BilledTwice": _all(first=WHOLE, second=WHOLE, reason=TEXT, dollars=NUMBER, seconds=NUMBER),
    "Ledger": _all(
        saved=_told(NUMBER, "Dollars."),
        requests=_told(COUNT, "Those that cost something."),
        models={"type": "object", "additionalProperties": _all(requests=COUNT, dollars=NUMBER)},
        billed_twice=_list(of("BilledTwice")),
    ),
    "Coverage": _all(
        share=_told(NUMBER, "From 0 to 1."),
        rules=_PART,
        scenarios=_PART,
        shortfall=_told(TEXT, "Why it is less than was asked for; empty where it is not."),
    ),
}
