"""From a request to its reply on the wire: whole, as links, or as a stream; the same for every endpoint."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from starlette.requests import ClientDisconnect

from mockserver import errors, journal, replies
from mockserver.links import shelf_name
from mockserver.pictures import render
from mockserver.request_head import head_of
from mockserver.tagged import TaggedError
from mockserver.whole import watched
from mockserver.wire import Reply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Coroutine

    from starlette.types import Receive, Scope, Send

    from mockserver.decisions import ImageRequest
    from mockserver.headers import ApiHead
    from mockserver.journal import Entry
    from mockserver.spaces import Space
    from mockserver.studio import Studio

JSON: Final = b"application/json"

TAG: Final = "[mock:"
"""How a scenario's tag in a prompt begins."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply that the same bytes will get again."""

    body: replies.Body
    asked: str
    dollars: float
    seconds: float
    request: ImageRequest
    mark: object = field(default_factory=object)
    """Stands for it where its pictures must not be kept alive."""


class Delivery:
    """Answers requests that were accepted."""

    def __init__(self, space: Space, studio: Studio) -> None:
        self.space = space
        self.studio = studio

    async def deliver(self, scope: Scope, receive: Receive, send: Send, request: ImageRequest) -> Answer | None:
        """Answer `request`, and return what the same request can be answered with again; None where nothing can.

        Raises:
            ApiError: it is too much by now.
            TaggedError: its prompt asks for a scenario.
            ClientDisconnect: the client went away before the answer began.
        """
        entry = journal.entry_of(scope)
        entry.asked = " ".join([replies.describe(request), *journal.quoted(request.prompt)])
        entry.model = request.model.id
        if TAG in request.prompt and not entry.played:
            self._look_for_tag(request)
        return await self._answered(scope, receive, send, request)

    async def _answered(self, scope: Scope, receive: Receive, send: Send, request: ImageRequest) -> Answer | None:
        entry = journal.entry_of(scope)
        self._count(request)
        if request.stream:
            await self._stream(entry, request, *watched(scope, receive, send))
            return None
        if request.response_format == "url":
            await self._links(scope, request, receive, send)
            return None
        answer = await self._answer(entry, request)
        await self._whole(scope, receive, send, answer)
        return answer

    def _look_for_tag(self, request: ImageRequest) -> None:
        """Raise what a tag in the prompt asks for, with the way to go on from here."""
        from mockserver.scenarios.play import in_prompt  # noqa: PLC0415 - most servers never play
        from mockserver.scenarios.scenario import ScenarioError  # noqa: PLC0415 - as above

        try:
            play = in_prompt(request.prompt)
        except ScenarioError as error:
            raise errors.unknown_scenario(str(error)) from None
        if play is None:
            return

        async def untagged(scope: Scope, receive: Receive, send: Send) -> None:
            await self._answered(scope, receive, send, request)

        told = f"{request.digest}/{request.n}/{request.stream}"
        raise TaggedError(play, told, request.model.id, untagged, streams=request.stream)

    def again(self, scope: Scope, receive: Receive, send: Send, answer: Answer) -> Awaitable[None]:
        """Answer with what was made before, under a new time and new identifiers.

        Raises:
            ApiError: it is too much by now.
            ClientDisconnect: the client went away before the answer began.
        """
        self._count(answer.request)
        return self._whole(scope, receive, send, answer)

    def _count(self, request: ImageRequest) -> None:
        """Count a request against the limits of its space."""
        limits = self.space.limits
        if limits.active:
            limits.take(request.model, request.n, replies.dollars(request), self.space.clock.now())

    async def _whole(self, scope: Scope, receive: Receive, send: Send, answer: Answer) -> None:
        entry = journal.entry_of(scope)
        entry.asked, entry.dollars = answer.asked, answer.dollars
        entry.model = answer.request.model.id
        await self._wait(answer.seconds, receive)
        entry.answer = answer.mark
        pieces = answer.body.filled(int(self.space.clock.now()), self.space.identities)
        await self._reply(entry, answer.request.operation, *pieces)(scope, receive, send)

    async def _answer(self, entry: Entry, request: ImageRequest) -> Answer:
        body, dollars = await self.studio.run(self._drawn, request)
        return Answer(body, entry.asked, dollars, self._seconds(request), request)

    def _drawn(self, request: ImageRequest) -> tuple[replies.Body, float]:
        pictures = replies.pictures(request, real_weight=self.space.settings.real_weight)
        return replies.body(request, [render(picture) for picture in pictures]), replies.dollars(request)

    def _seconds(self, request: ImageRequest) -> float:
        factor = self.space.settings.latency
        return factor * request.model.seconds_for(request.asked_quality, request.size)

    async def _wait(self, seconds: float, receive: Receive) -> None:
        if seconds:
            await _while_connected(receive, self.space.clock.sleep(seconds))

    def _reply(self, entry: Entry, operation: str, body: bytes, *rest: bytes) -> Reply:
        entry.status = 200
        headers = self.headers(entry, JSON)
        if operation == "variation":  # alone among the three, recorded 2025
            headers += [(b"access-control-allow-origin", b"*")]
        return Reply(200, headers, body, rest)

    def headers(self, entry: Entry, media_type: bytes) -> ApiHead:
        """Return the headers of a reply that begins now."""
        seconds = self.space.clock.stopwatch() - entry.started
        return self.space.headers.of(entry.token or self.space.identities.token(), seconds, media_type)

    async def _links(self, scope: Scope, request: ImageRequest, receive: Receive, send: Send) -> None:
        entry = journal.entry_of(scope)
        entry.dollars = replies.dollars(request)  # whoever leaves while it is drawn pays for it all the same
        await self._wait(self._seconds(request), receive)
        now = int(self.space.clock.now())
        origin = origin_of(scope)
        urls = []
        for picture in replies.pictures(request, real_weight=self.space.settings.real_weight):
            token = self.space.identities.token()
            path = self.space.links.azure_path(token) if request.api.azure else self.space.links.path(token)
            self.space.shelf.put(shelf_name(path), picture)
            urls.append(origin + self.space.links.sign(path, now, 24 if request.api.azure else 1))
        body = await self.studio.run(replies.link_body, request, now, urls)
        await self._reply(entry, request.operation, body)(scope, receive, send)

    async def _stream(self, entry: Entry, request: ImageRequest, receive: Receive, send: Send) -> None:
        entry.status = 200
        if entry.keeps:  # the head tells it; else the first picture need not wait for it
            entry.dollars = await self.studio.run(replies.dollars, request)
        headers = self.headers(entry, b"text/event-stream; charset=utf-8")
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        try:
            await _while_connected(receive, self._events(entry, request, send))
        except ClientDisconnect:
            entry.hint = f"{entry.hint}, then the client went away"
            entry.dollars = entry.dollars or replies.dollars(request)  # as of a whole reply that is not awaited

    async def _events(self, entry: Entry, request: ImageRequest, send: Send) -> None:
        weight = self.space.settings.real_weight
        partials = replies.partials(request, real_weight=weight)
        pause = self._seconds(request) / (len(partials) + 1)
        for index, picture in enumerate(partials):
            await self.space.clock.sleep(pause)
            file = self.studio.rough(picture) if index == 0 and not picture.inputs else await self.studio.file(picture)
            frame = replies.partial_event(request, int(self.space.clock.now()), index, file)
            await send({"type": "http.response.body", "body": frame, "more_body": True})
            entry.hint = f"{index + 1} partial images"
            if index == 0 and not entry.dollars:
                entry.dollars = await self.studio.run(replies.dollars, request)
        await self.space.clock.sleep(pause)
        file = await self.studio.file(replies.pictures(request, real_weight=weight)[0])
        frame = await self.studio.run(replies.completed_event, request, int(self.space.clock.now()), file)
        entry.hint, entry.dollars = "", entry.dollars or replies.dollars(request)
        await send({"type": "http.response.body", "body": frame})


def origin_of(scope: Scope) -> str:
    """Return scheme and host as the client sees them."""
    head = head_of(scope)
    host = head.named.get(b"host", b"").decode("latin-1")
    if not host:
        address, port = scope.get("server") or ("127.0.0.1", 80)
        host = f"{address}:{port}"
    return f"{head.scheme}://{host}{head.prefix}"


async def _while_connected(receive: Receive, work: Coroutine[None, None, None]) -> None:
    """Do `work` and stop it when the client goes away.

    Raises:
        ClientDisconnect: it went away first.
    """
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_disconnected(receive))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientDisconnect
        await task
    finally:
        task.cancel()
        gone.cancel()
        await asyncio.gather(task, gone, return_exceptions=True)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
