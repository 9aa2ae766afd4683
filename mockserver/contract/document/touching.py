"""Which differences a client meets: those that the requests of its journal touch."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from mockserver.contract.document.apart import of_any
from mockserver.contract.document.beyond import ABSENCE
from mockserver.contract.document.families import families
from mockserver.contract.document.proofs import fits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mockserver.contract.document.differences import Difference
    from mockserver.contract.document.families import Media, Operation
    from mockserver.contract.document.published import Published
    from mockserver.contract.document.used import Used

    Schema = dict[str, Any]


def touching(difference: Difference, requests: Iterable[Used], published: Published) -> list[int]:
    """Return the numbers of the requests that meet a difference."""
    return [
        used.number
        for used in requests
        if used.operation == difference.operation and _meets(difference, used, published)
    ]


def _meets(difference: Difference, used: Used, published: Published) -> bool:
    if difference.kind in {"sent", "unsent"}:
        streams = used.parameters.get("stream") is True
        return used.succeeded and difference.within == ("events" if streams else "reply")
    if difference.within != used.media:
        return False
    theirs = published.request(used.operation, used.media)
    if not difference.param:
        return True
    param = difference.param.partition(".")[0].partition("[")[0]
    if difference.kind == "accepted":
        return _breaks(difference, param, used, theirs or {}) and _is_of(difference.family, used)
    mine = _any_of_ours(used.operation, used.media)
    return param in used.parameters and _takes(theirs or {}, param, used) and not _takes(mine, param, used)


def _breaks(difference: Difference, param: str, used: Used, theirs: Schema) -> bool:
    """Return whether what was accepted here would be refused there for this parameter."""
    if difference.words == ABSENCE:
        return param not in used.parameters
    return used.succeeded and param in used.parameters and not _takes(theirs, param, used)


def _takes(schema: Schema, param: str, used: Used) -> bool:
    known = schema.get("properties", {})
    return param in known and fits(used.parameters[param], known[param])


def _is_of(name: str, used: Used) -> bool:
    """Return whether a request is judged by the family of a name."""
    schema = _ours(used.operation, used.media).get(name)
    return schema is not None and fits(dict(used.parameters), schema)


@cache
def _ours(operation: str, media: Media) -> dict[str, Schema]:
    return {family.name: family.schema() for family in families(cast("Operation", operation), media)}


@cache
def _any_of_ours(operation: str, media: Media) -> Schema:
    return of_any(families(cast("Operation", operation), media))
