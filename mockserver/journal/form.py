"""The parameters of a form that nobody read, as where a fault answered in the endpoint's place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.journal.seen import filed

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Coroutine, Iterable, Mapping
    from typing import BinaryIO, Self

    from starlette.datastructures import FormData, UploadFile

    from mockserver.journal.seen import Seen

    Header = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A file of the form."""

    media_type: str | None
    size: int
    filename: str
    file: BinaryIO

    @classmethod
    def of(cls, part: UploadFile) -> Self:
        """Return the file of a part as starlette reads it."""
        media_type = part.content_type.partition(";")[0].strip() if part.content_type else None
        return cls(media_type, part.size or 0, part.filename or "", part.file)


def read_form(body: bytes, headers: Iterable[Header]) -> tuple[dict[str, object] | None, Mapping[int, Seen] | None]:
    """Return the fields of a form that was kept, and what is seen of its files; None where it is broken."""
    from starlette.datastructures import Headers  # noqa: PLC0415 - most servers never need it
    from starlette.formparsers import MultiPartException, MultiPartParser  # noqa: PLC0415 - as above

    if not body.rstrip().endswith(b"--"):  # the parser would not notice that the end is missing
        return None, None
    parser = MultiPartParser(Headers(raw=list(headers)), _pieces(body), max_part_size=len(body))
    try:
        form = _run(parser.parse())
    except (MultiPartException, KeyError):  # a form without a boundary raises the latter
        return None, None
    fields: dict[str, object] = {}
    for name, part in form.multi_items():
        value = part if isinstance(part, str) else Part.of(part)
        if name.endswith("[]"):
            earlier = fields.get(name.removesuffix("[]"))
            fields[name.removesuffix("[]")] = [*earlier, value] if isinstance(earlier, list) else [value]
        else:
            fields[name] = value
    seen = filed(fields.values())
    for _, part in form.multi_items():
        if not isinstance(part, str):
            part.file.close()
    return fields, seen


async def _pieces(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body


def _run(parsing: Coroutine[None, None, FormData]) -> FormData:
    """Run what never waits: all of the body is there, and it is so small that nothing is written to disk."""
    try:
        while True:
            parsing.send(None)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]  # what the coroutine returned
