"""`/v1/models` and `/v1/models/{id}`: the rows of the table, as the API tells them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from mockserver import errors, journal
from mockserver.apis import api_of
from mockserver.checks import CHECKS
from mockserver.endpoints.delivery import JSON
from mockserver.models import GPT_IMAGE_1, models_of
from mockserver.wire import Reply, sized

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from mockserver.endpoints.delivery import Delivery
    from mockserver.models import Model

SHUTDOWN_SINCE: Final = date(2026, 10, 5)
"""Day of the list on which `shutdown_date` was first seen."""


class Models:
    """Answers the list and each of its members."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            ApiError: another method than GET, or no model of that id.
        """
        entry = journal.entry_of(scope)
        checks = CHECKS[self.delivery.space.settings.checks]
        name = entry.path.removeprefix("/v1").removeprefix("/models").strip("/")
        if entry.method != "GET" and not (entry.method == "DELETE" and name and checks.any_model):
            raise errors.wrong_method(entry.method, entry.path, ("GET",))
        api = api_of(scope, self.delivery.space.served.day)
        known = models_of(api)
        if name and name not in known and not checks.any_model:
            raise errors.no_such_model(name)
        rows = [_described(model, api.day) for model in known.values()]
        told: dict[str, object] = {"object": "list", "data": rows}
        if name:
            told = _described(known.get(name) or replace(GPT_IMAGE_1, id=name), api.day)
        if entry.method == "DELETE":
            told = {"id": name, "object": "model", "deleted": True}
        entry.status, entry.asked = 200, name
        body = json.dumps(told, indent=2).encode("ascii")
        await Reply(200, sized(self.delivery.headers(entry, JSON), body), body)(scope, receive, send)


def _described(model: Model, day: date) -> dict[str, object]:
    told = {"id": model.id, "object": "model", "created": model.created, "owned_by": "system"}
    if day < SHUTDOWN_SINCE:
        return told
    return {**told, "shutdown_date": model.retired.isoformat() if model.retired else None}
