"""`POST /v1/images/variations`: dall-e-2, in the words and the layout that it never left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver import bodies, errors, forms, journal
from mockserver.apis import api_of
from mockserver.checks import CHECKS
from mockserver.decisions import decide
from mockserver.request_head import head_of
from mockserver.whole import watched

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from mockserver.endpoints.delivery import Delivery
    from mockserver.intake import Intake


class Variations:
    """Reads a form, looks at the picture that came in, and answers with others like it."""

    def __init__(self, delivery: Delivery, intake: Intake) -> None:
        self.delivery = delivery
        self.intake = intake
        self._patience = bodies.Patience()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            ApiError: it is refused, or asked of a day on which dall-e-2 was gone.
            ClientDisconnect: the client went away before the answer began.
        """
        entry = journal.entry_of(scope)
        receive, send = watched(scope, receive, send)  # a form comes in pieces
        space, studio = self.delivery.space, self.delivery.studio
        checks = CHECKS[space.settings.checks]
        api = api_of(scope, space.served.day)
        if not checks.varies(api):
            raise errors.unknown_path()
        if entry.method != "POST":
            raise errors.wrong_method(entry.method, entry.path, ("POST",))
        media_type = head_of(scope).media_type or "application/json"
        if media_type.lower() != forms.MEDIA_TYPE:
            raise errors.unsupported_content_type(media_type, forms.MEDIA_TYPE)
        async with forms.read(scope["headers"], receive, self._patience) as fields:
            entry.parameters = fields
            accepted = checks.variation(fields, api)
            inputs, mask = await studio.run(self.intake.take, accepted, "")
        await self.delivery.deliver(scope, receive, send, decide(accepted, space.settings.seed, inputs, mask))
