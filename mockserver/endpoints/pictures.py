"""`GET` of a signed picture URL."""

from __future__ import annotations

from email.utils import formatdate
from typing import TYPE_CHECKING, Final

from mockserver import errors, journal
from mockserver.headers import picture_headers
from mockserver.links import shelf_name
from mockserver.request_head import head_of
from mockserver.wire import Reply, ranged

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from mockserver.spaces import Space
    from mockserver.studio import Studio

_READING: Final = ("GET", "HEAD")


class PictureByUrl:
    """Serves what a URL names. An Authorization header is ignored: here the store is the API's own origin."""

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
        picture = self.space.shelf.find(shelf_name(entry.path))
        if picture is None:
            raise errors.picture_not_found(request_id, formatdate(now, usegmt=True))
        file = await self.studio.file(picture)
        headers = picture_headers(file, f"image/{picture.output_format}", formatdate(now, usegmt=True), request_id)
        reply = ranged(Reply(200, headers, file), head_of(scope).named)
        entry.status, entry.asked = reply.status, picture.caption
        await reply(scope, receive, send)
