"""Multipart forms: read part by part, files spooled to disk, with limits on everything."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers, UploadFile

from mockserver import errors
from mockserver.uploads import Upload

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterable

    from starlette.types import Receive

    from mockserver.bodies import Patience

MEDIA_TYPE: Final = "multipart/form-data"

FORM_LIMIT: Final = 900 * 1024 * 1024
"""Bytes of a form at most: room for 16 pictures and a mask of 50 MB each."""

FIELD_LIMIT: Final = 4 * 1024 * 1024
"""Bytes of one text field at most."""

PARTS_LIMIT: Final = 200
"""Files, and fields, of a form at most."""


@asynccontextmanager
async def read(
    headers: Iterable[tuple[bytes, bytes]], receive: Receive, patience: Patience
) -> AsyncIterator[dict[str, object]]:
    """Give the parameters of a form while the `async with` block lasts; then its files are gone.

    A value is text, an `Upload`, or a list of them where the name was spelt with `[]`. Names are in body order.

    Raises:
        ApiError: the form is broken, too large, stops arriving, or repeats a plain name.
        ClientDisconnect: the client went away.
    """
    from starlette.formparsers import MultiPartException, MultiPartParser  # noqa: PLC0415 - most servers never need it

    class Parser(MultiPartParser):
        """Notices whether the form came to its end."""

        ended = False

        def on_end(self) -> None:
            self.ended = True

        def close(self) -> None:
            """Close every file that was begun, also those that never came to their end."""
            for file in self._files_to_close_on_error:
                file.close()

    parser = Parser(
        Headers(raw=list(headers)),
        _parts(receive, patience),
        max_files=PARTS_LIMIT,
        max_fields=PARTS_LIMIT,
        max_part_size=FIELD_LIMIT,
    )
    try:
        try:
            form = await parser.parse()
        except MultiPartException:
            raise errors.unparsable_form() from None
        if not parser.ended:
            raise errors.unparsable_form()
        yield _parameters(form.multi_items())
    finally:
        parser.close()


async def _parts(receive: Receive, patience: Patience) -> AsyncGenerator[bytes, None]:
    size, more = 0, True
    while more:
        part, more = await patience.part(receive)
        size += len(part)
        if size > FORM_LIMIT:
            raise errors.body_too_large()
        yield part


def _parameters(items: Iterable[tuple[str, UploadFile | str]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in items:
        taken = _upload(value) if isinstance(value, UploadFile) else value
        param = name.removesuffix("[]")
        if name.endswith("[]"):
            members = found.setdefault(param, [])
            if not isinstance(members, list):
                raise errors.duplicate_parameter(param)
            members.append(taken)
        elif name in found:
            raise errors.duplicate_parameter(name)
        else:
            found[name] = taken
    return found


def _upload(part: UploadFile) -> Upload:
    media_type = part.content_type.partition(";")[0].strip() if part.content_type else None
    return Upload(media_type, part.size or 0, part.filename or "", part.file)
