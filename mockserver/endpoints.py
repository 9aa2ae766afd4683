"""What each path answers: read, answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from email.utils import formatdate
from typing import TYPE_CHECKING, Final

from starlette.requests import ClientDisconnect

from mockserver import bodies, errors, journal, params, replies
from mockserver.cache import BoundedCache
from mockserver.headers import picture_headers
from mockserver.identity import alphanumeric
from mockserver.pictures import render
from mockserver.wire import Reply, ranged, sized

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from starlette.types import Receive, Scope, Send

    from mockserver.journal import Entry
    from mockserver.params import ImageRequest
    from mockserver.spaces import Space
    from mockserver.studio import Studio

KEPT_BYTES: Final = 32 * 1024 * 1024
"""Memory for whole replies, found again by the bytes of the request."""

JSON: Final = b"application/json"

_READING: Final = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply that the same bytes will get again."""

    body: replies.Body
    asked: str
    dollars: float
    seconds: float


class Generations:
    """`POST /v1/images/generations`."""

    def __init__(self, space: Space, studio: Studio) -> None:
        self.space = space
        self.studio = studio
        self._patience = bodies.Patience()
        self._kept: BoundedCache[tuple[str | None, bytes], Answer] = BoundedCache(KEPT_BYTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            ApiError: it is refused.
            ClientDisconnect: the client went away before the answer began.
        """
        entry = journal.entry_of(scope)
        if entry.method != "POST":
            raise errors.wrong_method(entry.method, entry.path, ("POST",))
        sent = await bodies.read(receive, self._patience)
        key = (bodies.content_type(scope["headers"]), sent)
        answer = self._kept.get(key)
        if answer is None:
            request = self._request(entry, sent, key[0])
            if request.stream:
                await self._stream(entry, request, receive, send)
                return
            if request.response_format == "url":
                await self._links(scope, request, receive, send)
                return
            answer = await self._answer(entry, request)
            self._kept.put(key, answer, sum(map(len, answer.body.parts)) + len(sent))
        entry.asked, entry.dollars = answer.asked, answer.dollars
        await self._wait(answer.seconds, receive)
        reply = answer.body.filled(int(self.space.clock.now()), self.space.identities)
        await self._reply(entry, reply)(scope, receive, send)

    def _request(self, entry: Entry, sent: bytes, media_type: str | None) -> ImageRequest:
        entry.parameters = bodies.parameters(sent, media_type)
        request = params.read_generation(entry.parameters, self.space.settings.seed)
        entry.asked = " ".join([replies.describe(request), *journal.quoted(request.prompt)])
        return request

    async def _answer(self, entry: Entry, request: ImageRequest) -> Answer:
        body, dollars = await self.studio.run(self._drawn, request)
        return Answer(body, entry.asked, dollars, self._seconds(request))

    def _drawn(self, request: ImageRequest) -> tuple[replies.Body, float]:
        pictures = replies.pictures(request, real_weight=self.space.settings.real_weight)
        return replies.body(request, [render(picture) for picture in pictures]), replies.dollars(request)

    def _seconds(self, request: ImageRequest) -> float:
        factor = self.space.settings.latency
        return factor * request.model.seconds_for(request.asked_quality, request.size)

    async def _wait(self, seconds: float, receive: Receive) -> None:
        if seconds:
            await _while_connected(receive, self.space.clock.sleep(seconds))

    def _reply(self, entry: Entry, body: bytes) -> Reply:
        entry.status = 200
        return Reply(200, self._headers(entry, JSON), body)

    def _headers(self, entry: Entry, media_type: bytes) -> list[tuple[bytes, bytes]]:
        milliseconds = int((self.space.clock.stopwatch() - entry.started) * 1000)
        return self.space.headers.of(self.space.identities.token(), milliseconds, media_type)

    async def _links(self, scope: Scope, request: ImageRequest, receive: Receive, send: Send) -> None:
        entry = journal.entry_of(scope)
        await self._wait(self._seconds(request), receive)
        now = int(self.space.clock.now())
        origin = _origin(scope)
        urls = []
        for picture in replies.pictures(request, real_weight=self.space.settings.real_weight):
            name = f"img-{alphanumeric(self.space.identities.token())}.png"
            self.space.shelf.put(name, picture)
            urls.append(origin + self.space.links.sign(name, now))
        body = await self.studio.run(replies.link_body, request, now, urls)
        entry.dollars = replies.dollars(request)
        await self._reply(entry, body)(scope, receive, send)

    async def _stream(self, entry: Entry, request: ImageRequest, receive: Receive, send: Send) -> None:
        entry.status = 200
        headers = self._headers(entry, b"text/event-stream; charset=utf-8")
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        try:
            await _while_connected(receive, self._events(entry, request, send))
        except ClientDisconnect:
            entry.hint = f"{entry.hint}, then the client went away"

    async def _events(self, entry: Entry, request: ImageRequest, send: Send) -> None:
        weight = self.space.settings.real_weight
        partials = replies.partials(request, real_weight=weight)
        pause = self._seconds(request) / (len(partials) + 1)
        for index, picture in enumerate(partials):
            await self.space.clock.sleep(pause)
            file = await self.studio.file(picture)
            frame = replies.partial_event(request, int(self.space.clock.now()), index, file)
            await send({"type": "http.response.body", "body": frame, "more_body": True})
            entry.hint = f"{index + 1} partial images"
        await self.space.clock.sleep(pause)
        file = await self.studio.file(replies.pictures(request, real_weight=weight)[0])
        frame = await self.studio.run(replies.completed_event, request, int(self.space.clock.now()), file)
        await send({"type": "http.response.body", "body": frame})
        entry.hint, entry.dollars = "", replies.dollars(request)


class PictureByUrl:
    """`GET` of a signed picture URL. An Authorization header is ignored: here the store is the API's own origin."""

    def __init__(self, space: Space, studio: Studio) -> None:
        self.space = space
        self.studio = studio

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            ApiError: the URL is expired, forged, or of a picture that is no longer kept.
        """
        entry = journal.entry_of(scope)
        if entry.method not in _READING:
            raise errors.wrong_method(entry.method, entry.path, _READING)
        request_id = self.space.identities.uuid()
        now = self.space.clock.now()
        self.space.links.check(entry.path, scope["query_string"].decode("latin-1"), now, request_id)
        name = entry.path.rpartition("/")[2]
        picture = self.space.shelf.find(name)
        if picture is None:
            raise errors.picture_not_found(request_id, formatdate(now, usegmt=True))
        file = await self.studio.file(picture)
        headers = picture_headers(file, f"image/{picture.output_format}", formatdate(now, usegmt=True), request_id)
        reply = ranged(Reply(200, headers, file), scope["headers"])
        entry.status, entry.asked = reply.status, picture.caption
        await reply(scope, receive, send)


class Welcome:
    """`GET /`, for whoever opens the server's address in a browser; not of the API."""

    def __init__(self, example: str) -> None:
        self.example = example

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell what to set and what to try."""
        origin = _origin(scope)
        text = (
            "mockserver: the OpenAI Images API, offline.\n\n"
            f"  export OPENAI_BASE_URL={origin}/v1\n"
            "  export OPENAI_API_KEY=sk-mock\n\n"
            f"Then ask for a picture: POST {origin}{self.example}\n"
        ).encode()
        journal.entry_of(scope).status = 200
        headers = [(b"content-type", b"text/plain; charset=utf-8")]
        await Reply(200, sized(headers, text), text)(scope, receive, send)


class UnknownPath:
    """Every path that the API does not have."""

    def __init__(self, known: tuple[str, ...]) -> None:
        self.known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's shape
        """Refuse one request, with a hint in the log where a path of ours ends in what was asked.

        Raises:
            ApiError: always.
        """
        entry = journal.entry_of(scope)
        wanted = entry.path.rstrip("/").rpartition("/")[2]
        near = [path for path in self.known if wanted and path.endswith(f"/{wanted}")]
        entry.hint = f"did you mean {near[0]}?" if near else ""
        raise errors.unknown_path()


def _origin(scope: Scope) -> str:
    """Return scheme and host as the client sees them."""
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), None)
    if host is None:
        address, port = scope.get("server") or ("127.0.0.1", 80)
        host = f"{address}:{port}"
    return f"{scope['scheme']}://{host}"


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
