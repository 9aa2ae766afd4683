"""`POST /v1/images/edits`, as a form or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mockserver import azure, bodies, errors, forms, journal, params
from mockserver.apis import api_of
from mockserver.checks import CHECKS
from mockserver.decisions import decide
from mockserver.models import FORM_RULES
from mockserver.request_head import head_of
from mockserver.whole import watched

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from mockserver.endpoints.delivery import Delivery
    from mockserver.intake import Intake

JSON_LIMIT: Final = 64 * 1024 * 1024
"""Bytes of a JSON edit at most: room for several pictures as data URLs; the real limit is unknown."""


class Edits:
    """Reads a form or JSON, looks at the pictures that came in, and answers with edited ones."""

    def __init__(self, delivery: Delivery, intake: Intake) -> None:
        self.delivery = delivery
        self.intake = intake
        self._patience = bodies.Patience()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            ApiError: it is refused.
            ClientDisconnect: the client went away before the answer began.
        """
        entry = journal.entry_of(scope)
        receive, send = watched(scope, receive, send)  # a form comes in pieces
        if entry.method != "POST":
            raise errors.wrong_method(entry.method, entry.path, ("POST",))
        media_type = head_of(scope).media_type or "application/json"
        if media_type.lower() == forms.MEDIA_TYPE:
            async with forms.read(scope["headers"], receive, self._patience) as fields:
                await self._edit(scope, receive, send, params.from_form(FORM_RULES, fields), form=True)
        elif media_type.lower() == "application/json":
            sent = await bodies.read(entry, receive, self._patience, JSON_LIMIT)
            await self._edit(scope, receive, send, bodies.parameters(sent, media_type), form=False)
        else:
            raise errors.unsupported_content_type(media_type, forms.MEDIA_TYPE)

    async def _edit(
        self, scope: Scope, receive: Receive, send: Send, parameters: dict[str, object], *, form: bool
    ) -> None:
        entry = journal.entry_of(scope)
        entry.parameters = parameters
        space, checks = self.delivery.space, CHECKS[self.delivery.space.settings.checks]
        api = api_of(scope, space.served.day)
        accepted = checks.edit(azure.named(scope, parameters), api, form=form)
        entry.token = space.identities.token()
        inputs, mask = await self.delivery.studio.run(self.intake.take, accepted, f"req_{entry.token}")
        await self.delivery.deliver(scope, receive, send, decide(accepted, space.settings.seed, inputs, mask))
