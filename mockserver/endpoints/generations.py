"""`POST /v1/images/generations`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver import azure, bodies, errors, journal
from mockserver.apis import api_of
from mockserver.checks import CHECKS
from mockserver.decisions import decide
from mockserver.request_head import head_of

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from mockserver.apis import Api
    from mockserver.cache import BoundedCache
    from mockserver.endpoints.delivery import Answer, Delivery


class Generations:
    """Reads a JSON body, and answers with pictures of the prompt."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self._seed = delivery.space.settings.seed
        self._checks = CHECKS[delivery.space.settings.checks]
        self._served = delivery.space.served
        self._patience = bodies.Patience()
        self._kept: BoundedCache[tuple[str | None, Api, str, bytes], Answer] = delivery.studio.answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            ApiError: it is refused.
            ClientDisconnect: the client went away before the answer began.
        """
        entry = journal.entry_of(scope)
        if entry.method != "POST":
            raise errors.wrong_method(entry.method, entry.path, ("POST",))
        sent = await bodies.read(entry, receive, self._patience)
        media_type, api = head_of(scope).media_type, api_of(scope, self._served.day)
        key = (media_type, api, scope["path"], sent)
        kept = self._kept.get(key)
        if kept is not None:
            await self.delivery.again(scope, receive, send, kept)
            return
        entry.parameters = bodies.parameters(sent, media_type)
        request = decide(self._checks.generation(azure.named(scope, entry.parameters), api), self._seed)
        answer = await self.delivery.deliver(scope, receive, send, request)
        if answer is not None:
            self._kept.put(key, answer, sum(map(len, answer.body.parts)) + len(sent))
