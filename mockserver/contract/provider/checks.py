"""The contract as checks of schemathesis, for runs of one's own against the document that a server serves.

`SCHEMATHESIS_HOOKS=mockserver.contract.provider.checks schemathesis run http://127.0.0.1:8080/openapi.json`, or an
import of this module in a test that uses `schema.parametrize()`, registers them. They judge JSON bodies that are
posted as such: what schemathesis makes of a form is decided by chance, and `mockserver contract check` has its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import requests
import schemathesis

from mockserver.contract.play import Reply
from mockserver.contract.provider import oracle
from mockserver.contract.provider.expected import Granted, Refused
from mockserver.contract.provider.facets import ENDPOINTS
from mockserver.contract.provider.judge import faults

if TYPE_CHECKING:
    from collections.abc import Callable

    Case = schemathesis.Case[Any]

    from mockserver.contract.document.families import Operation

    Due = Granted | tuple[Refused, ...]

_SECONDS = 60


@schemathesis.check
def images_refusal(_: schemathesis.CheckContext, response: schemathesis.Response, case: Case) -> None:
    """What the contract does not allow is refused, with the status, type, param and code of its rule."""
    _judge(response, case, lambda due: not isinstance(due, Granted))


@schemathesis.check
def images_reply(_: schemathesis.CheckContext, response: schemathesis.Response, case: Case) -> None:
    """What it allows is granted: as many pictures as asked for, of that size and format, and usage that adds up."""
    _judge(response, case, lambda due: isinstance(due, Granted) and due.partials is None)


@schemathesis.check
def images_stream(_: schemathesis.CheckContext, response: schemathesis.Response, case: Case) -> None:
    """What asks for a stream gets one: its partial images in order, then the picture, each whole."""
    _judge(response, case, lambda due: isinstance(due, Granted) and due.partials is not None)


def _judge(response: schemathesis.Response, case: Case, concerns: Callable[[Due], bool]) -> None:
    due = _due(response, case)
    if due is None or not concerns(due):
        return
    found = faults(due, _reply(response), _fetch)
    assert not found, "\n".join(map(str, found))  # noqa: S101 - how a check of schemathesis speaks


def _due(response: schemathesis.Response, case: Case) -> Due | None:
    """Return what is due to a case, or None where it is none that we judge."""
    operation = case.operation.path.rpartition("/")[2]
    sent = response.request.headers
    as_json = isinstance(case.body, dict) and sent.get("content-type") == "application/json"
    named = str(sent.get("authorization", "")).startswith("Bearer ")  # schemathesis leaves it out to see what happens
    if not (named and as_json and case.method == "POST" and (operation, "json") in ENDPOINTS):
        return None
    return oracle.expected(cast("Operation", operation), "json", cast("dict[str, Any]", case.body))


def _reply(response: schemathesis.Response) -> Reply:
    headers = tuple((name.lower(), value) for name, values in response.headers.items() for value in values)
    return Reply(response.status_code, headers, response.content)


def _fetch(url: str) -> Reply:
    got = requests.get(url, timeout=_SECONDS)
    return Reply(got.status_code, tuple((name.lower(), value) for name, value in got.headers.items()), got.content)
