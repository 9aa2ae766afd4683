"""A request's body, read once and given again as often as it is needed."""

from __future__ import annotations

import hashlib
import json
from contextlib import asynccontextmanager
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, Final

from mockserver import bodies, errors, forms
from mockserver.errors import ApiError
from mockserver.request_head import head_of
from mockserver.uploads import Upload

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import Message, Receive, Scope

_IN_MEMORY: Final = 1024 * 1024
_PIECE: Final = 256 * 1024


class Buffered:
    """The body of one request."""

    def __init__(self, file: SpooledTemporaryFile[bytes], digest: str, receive: Receive) -> None:
        self._file = file
        self._receive = receive
        self.digest = digest
        """Hex SHA-256 of path and body."""

    def receive(self) -> Receive:
        """Return a `receive` that gives the body from its beginning, and then what the client does."""
        position: int | None = 0

        async def again() -> Message:
            nonlocal position
            if position is None:
                return await self._receive()
            self._file.seek(position)
            piece = self._file.read(_PIECE)
            position = position + len(piece) if len(piece) == _PIECE else None
            return {"type": "http.request", "body": piece, "more_body": position is not None}

        return again

    async def understood(self, scope: Scope) -> tuple[dict[str, Any], str]:
        """Return the parameters that can be read, and what tells this request from others.

        Of a form that are its fields and the bytes of its files, not the boundary that each attempt draws anew; its
        files are closed on return. Parameters of something broken are none.
        """
        media_type = head_of(scope).media_type or "application/json"
        try:
            if media_type.lower() == forms.MEDIA_TYPE:
                async with forms.read(scope["headers"], self.receive(), bodies.Patience()) as fields:
                    told = json.dumps({name: _told(value) for name, value in fields.items()}, sort_keys=True)
                    return fields, hashlib.sha256(f"{scope['path']}\n{told}".encode()).hexdigest()
            self._file.seek(0)
            return bodies.parameters(self._file.read(bodies.JSON_LIMIT), media_type), self.digest
        except ApiError:
            return {}, self.digest


def _told(value: object) -> object:
    """Return what JSON can say of a field; of a file its digest."""
    if isinstance(value, list):
        return [_told(each) for each in value]
    if isinstance(value, Upload):
        value.file.seek(0)
        return hashlib.file_digest(value.file, "sha256").hexdigest()  # type: ignore[arg-type]  # every file reads so
    return value


@asynccontextmanager
async def buffered(scope: Scope, receive: Receive) -> AsyncIterator[Buffered]:
    """Give the body of a request while the `async with` block lasts.

    Raises:
        ApiError: it is larger than a form may be, or stops arriving.
        ClientDisconnect: the client went away.
    """
    patience, digest = bodies.Patience(), hashlib.sha256(scope["path"].encode("utf-8", "surrogateescape"))
    with SpooledTemporaryFile[bytes](_IN_MEMORY) as file:
        size, more = 0, True
        while more:
            piece, more = await patience.part(receive)
            size += len(piece)
            if size > forms.FORM_LIMIT:
                raise errors.body_too_large()
            digest.update(piece)
            file.write(piece)
        yield Buffered(file, digest.hexdigest(), receive)
