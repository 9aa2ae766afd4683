"""`/v1/files`, as far as pictures need it: upload, list, tell, fetch, delete."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from mockserver import bodies, errors, forms, journal
from mockserver.endpoints.delivery import JSON
from mockserver.files import PURPOSES
from mockserver.identity import alphanumeric
from mockserver.request_head import head_of
from mockserver.rules import OneOf
from mockserver.uploads import Upload
from mockserver.whole import watched
from mockserver.wire import Reply, sized

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from mockserver.endpoints.delivery import Delivery
    from mockserver.files import FileStore, StoredFile
    from mockserver.journal import Entry

ROOT: Final = "/v1/files"

_PURPOSE: Final = OneOf(PURPOSES)

_PAGE: Final = 10_000
"""Files of one list at most, and by default."""


class Files:
    """Answers everything below `/v1/files`."""

    def __init__(self, delivery: Delivery, store: FileStore) -> None:
        self.delivery = delivery
        self.store = store
        self._patience = bodies.Patience()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            ApiError: it is refused.
        """
        entry = journal.entry_of(scope)
        receive, send = watched(scope, receive, send)  # a form comes in pieces
        file_id, _, rest = entry.path.removeprefix(ROOT).lstrip("/").partition("/")
        if rest not in {"", "content"}:
            raise errors.unknown_path()
        if not file_id:
            reply = await self._root(scope, receive, entry)
        else:
            reply = self._one(entry, file_id, content=rest == "content")
        entry.status, entry.asked = reply.status, file_id
        await reply(scope, receive, send)

    async def _root(self, scope: Scope, receive: Receive, entry: Entry) -> Reply:
        if entry.method == "POST":
            return self._told(entry, await self._upload(scope, receive))
        if entry.method == "GET":
            return self._told(entry, self._list(parse_qs(scope["query_string"].decode("latin-1"))))
        raise errors.wrong_method(entry.method, entry.path, ("GET", "POST"))

    async def _upload(self, scope: Scope, receive: Receive) -> dict[str, object]:
        media_type = head_of(scope).media_type or ""
        if media_type.lower() != forms.MEDIA_TYPE:
            raise errors.unsupported_content_type(media_type, forms.MEDIA_TYPE)
        async with forms.read(scope["headers"], receive, self._patience) as fields:
            file = fields.get("file")
            for param in ("file", "purpose"):
                if param not in fields:
                    raise errors.missing_parameter(param)
            if not isinstance(file, Upload):
                raise errors.text_for_file("file")
            purpose = _PURPOSE.check("purpose", fields["purpose"])
            file_id = f"file-{alphanumeric(self.delivery.space.identities.token())}"
            now = int(self.delivery.space.clock.now())
            stored = await self.delivery.studio.run(self.store.add, file_id, file.file, file.filename, purpose, now)
            return _described(stored)

    def _list(self, query: dict[str, list[str]]) -> dict[str, object]:
        wanted = {name: values[-1] for name, values in query.items()}
        files = [file for file in self.store.all() if wanted.get("purpose") in {None, file.purpose}]
        if wanted.get("order", "desc") == "desc":
            files.reverse()
        ids = [file.id for file in files]
        start = ids.index(wanted["after"]) + 1 if wanted.get("after") in ids else 0
        limit = int(wanted["limit"]) if wanted.get("limit", "").isdecimal() else _PAGE
        page = files[start : start + min(max(limit, 1), _PAGE)]
        return {
            "object": "list",
            "data": [_described(file) for file in page],
            "has_more": start + len(page) < len(files),
            "first_id": page[0].id if page else None,
            "last_id": page[-1].id if page else None,
        }

    def _one(self, entry: Entry, file_id: str, *, content: bool) -> Reply:
        stored = self.store.find(file_id)
        if stored is None:
            raise errors.no_such_file(file_id)
        if entry.method == "DELETE" and not content:
            self.store.delete(file_id)
            return self._told(entry, {"object": "file", "id": file_id, "deleted": True})
        if entry.method != "GET":
            raise errors.wrong_method(entry.method, entry.path, ("GET",) if content else ("GET", "DELETE"))
        if not content:
            return self._told(entry, _described(stored))
        data = self.store.open(file_id)
        whole = data.read() if data else b""
        headers = self.delivery.headers(entry, b"application/octet-stream")
        headers += [(b"content-disposition", b'attachment; filename="%b"' % _quotable(stored.filename))]
        return Reply(200, sized(headers, whole), whole)

    def _told(self, entry: Entry, told: dict[str, object]) -> Reply:
        body = (json.dumps(told, indent=2) + "\n").encode("ascii")
        return Reply(200, sized(self.delivery.headers(entry, JSON), body), body)


def _described(file: StoredFile) -> dict[str, object]:
    """Return what the API tells of a file; fields and order are those of the reference."""
    return {
        "object": "file",
        "id": file.id,
        "purpose": file.purpose,
        "filename": file.filename,
        "bytes": file.size,
        "created_at": file.created,
        "expires_at": None,
        "status": "processed",
        "status_details": None,
    }


def _quotable(filename: str) -> bytes:
    """Return a name that can stand in a header between quotes."""
    kept = "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else "_" for c in filename)
    return kept.encode("ascii")
