"""Makes one case from one TOML table, and refuses what it does not understand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mockserver.contract import asking
from mockserver.contract.case import (
    AUTHS,
    CONFIDENCES,
    LAYOUTS,
    NEEDS,
    Case,
    Expectation,
    Picture,
    Stream,
)
from mockserver.contract.fault import fault

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_ERROR_FIELDS = {"message", "message_starts", "message_has", "message_like", "type", "param", "code", "null"}
_FIELDS: Mapping[str, type | tuple[type, ...]] = {
    **asking.FIELDS,
    # what it is
    "id": str,
    "about": str,
    "source": list,
    "observed": str,
    "confidence": str,
    "spends": bool,
    "superseded": str,
    "as_of": str,
    "conflicts": str,
    "needs": str,
    # what surrounds the request
    "before": list,
    "after": list,
    "follow": str,
    "follow_headers": dict,
    # the reply
    "status": int,
    "reply_headers": dict,
    "error": dict,
    "error_keys": list,
    "keys": dict,
    "values": dict,
    "among": dict,
    "like": dict,
    "layout": str,
    "length": int,
    "reply_body": str,
    "reply_body_like": str,
    "picture": dict,
    "stream": dict,
}
_REQUIRED = ("id", "about", "source", "confidence", "path", "status")
_CHOICES: Mapping[str, Collection[str]] = {
    "confidence": CONFIDENCES,
    "needs": NEEDS,
    "layout": LAYOUTS,
    "auth": AUTHS,
}
_PICTURE_FIELDS = {"format", "size", "mode", "count"}
_STREAM_FIELDS = {"name", "partials", "partial_keys", "completed_keys", "values", "usage", "output_tokens"}


def case(row: Mapping[str, Any], file: str, sources: Mapping[str, str]) -> Case:
    """Return the case that `row` describes; a source that is a key of `sources` stands for its text.

    Raises:
        ValueError: a field is unknown, missing or of the wrong kind.
    """
    name = str(row.get("id", row.get("about", "a case without an id")))
    _check(row, file, name)
    return Case(
        id=row["id"],
        about=row["about"],
        file=file,
        source=tuple(sources.get(one, one) for one in row["source"]),
        observed=row.get("observed", ""),
        confidence=row["confidence"],
        request=asking.request(row, file, name),
        expect=_expectation(row),
        before=tuple(asking.step(one, file, name) for one in row.get("before", ())),
        after=tuple(asking.step(one, file, name) for one in row.get("after", ())),
        spends=row.get("spends", False),
        superseded=row.get("superseded"),
        as_of=row.get("as_of"),
        conflicts=row.get("conflicts"),
        needs=row.get("needs"),
    )


def _check(row: Mapping[str, Any], file: str, name: str) -> None:
    for field in _REQUIRED:
        if field not in row:
            raise fault(file, name, f"lacks {field!r}")
    for field, value in row.items():
        _check_field(field, value, file, name)
    _check_members(row, file, name)
    bodies = sorted(asking.BODIES & set(row))
    if len(bodies) > 1:
        raise fault(file, name, f"one body at most, not {' and '.join(bodies)}")


def _check_field(field: str, value: object, file: str, name: str) -> None:
    if field not in _FIELDS:
        raise fault(file, name, f"unknown key {field!r}")
    if not isinstance(value, _FIELDS[field]):
        raise fault(file, name, f"{field!r} holds {value!r}, which is no {_FIELDS[field]}")
    choices = _CHOICES.get(field)
    if choices is not None and value not in choices:
        raise fault(file, name, f"{field} is {value!r}; known are {', '.join(choices)}")


def _check_members(row: Mapping[str, Any], file: str, name: str) -> None:
    known = {"error": _ERROR_FIELDS, "picture": _PICTURE_FIELDS, "stream": _STREAM_FIELDS}
    for field, fields in known.items():
        unknown = sorted(set(row.get(field, {})) - fields)
        if unknown:
            raise fault(file, name, f"unknown key {unknown[0]!r} in {field}")
    if not row["source"]:
        raise fault(file, name, "'source' names nobody")
    observed, assumed = row.get("observed", ""), row["confidence"] == "assumed"
    if observed and (assumed or not re.fullmatch(r"\d{4}(-\d\d){0,2}", observed)):
        reason = "but it is assumed" if assumed else "which is no day, month or year"
        raise fault(file, name, f"observed is {observed!r}, {reason}")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", row.get("as_of", "2026-01-01")):
        raise fault(file, name, f"as_of is {row['as_of']!r}, which is no day")


def _expectation(row: Mapping[str, Any]) -> Expectation:
    error = dict(row.get("error", {}))
    error |= dict.fromkeys(error.pop("null", ()))
    keys = {place: tuple(names) for place, names in row.get("keys", {}).items()}
    if error and "error_keys" in row:
        keys["error"] = tuple(row["error_keys"])
    stream, exact = row.get("stream"), row.get("reply_body")
    return Expectation(
        status=row["status"],
        headers={key.lower(): value for key, value in row.get("reply_headers", {}).items()},
        error=error,
        keys=keys,
        values=row.get("values", {}),
        among={place: tuple(values) for place, values in row.get("among", {}).items()},
        like=row.get("like", {}),
        layout=row.get("layout"),
        length=row.get("length"),
        body=None if exact is None else exact.encode(),
        body_like=row.get("reply_body_like"),
        picture=Picture(**row["picture"]) if "picture" in row else None,
        stream=None if stream is None else _stream(stream),
    )


def _stream(table: Mapping[str, Any]) -> Stream:
    fewest, most = table.get("partials", (0, 0))
    return Stream(
        name=table["name"],
        partials=(fewest, most),
        partial_keys=tuple(table["partial_keys"]),
        completed_keys=tuple(table["completed_keys"]),
        values=table.get("values", {}),
        usage=table.get("usage", {}),
        output_tokens=tuple(table.get("output_tokens", ())),
    )
