"""The headers of the API's replies and of the blob store's, as recorded in 2026."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, overload

from mockserver.identity import ORGANIZATION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Self

Header = tuple[bytes, bytes]

_EDGE: Final[Sequence[Header]] = (
    (b"access-control-expose-headers", b"X-Request-ID"),
    (b"access-control-expose-headers", b"CF-Ray"),
    (b"access-control-expose-headers", b"CF-Ray"),
    (b"openai-version", b"2020-10-01"),
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains; preload"),
    (b"x-content-type-options", b"nosniff"),
    (b"server", b"cloudflare"),
    (b"cf-cache-status", b"DYNAMIC"),
    (b"alt-svc", b'h3=":443"; ma=86400'),
)
"""Headers that never change; the edge's cookies are left out, they belong to another domain."""


class ApiHead(Sequence[Header]):
    """The headers of one reply of the API. `lines` tells most of them at once, as a hot request needs no more.

    As with a list, `+` makes longer ones and `+=` adds to these.
    """

    __slots__ = ("_media_type", "constant", "more", "seconds", "token")

    def __init__(
        self,
        constant: Constant,
        token: bytes,
        seconds: float,
        media_type: bytes | None,
        more: tuple[Header, ...] = (),
    ) -> None:
        self.constant = constant
        self.token = token
        self.seconds = seconds
        self._media_type = media_type
        self.more = more
        """What was added."""

    def lines(self) -> bytes:
        """Return all headers but those that were added, as HTTP/1.1 writes them."""
        token, media_type = self.token, self._media_type
        return b"%bx-request-id: req_%b\r\nopenai-processing-ms: %d\r\ncf-ray: %b-TXL\r\n%b" % (
            self.constant.lines,
            token,
            self.seconds * 1000,
            token[:16],
            b"" if media_type is None else b"content-type: %b\r\n" % media_type,
        )

    def again(self, token: bytes, seconds: float) -> ApiHead:
        """Return the headers of another reply that is the same but for these."""
        return ApiHead(self.constant, token, seconds, self._media_type, self.more)

    def _all(self) -> list[Header]:
        return [
            *self.constant.headers,
            (b"x-request-id", b"req_" + self.token),
            (b"openai-processing-ms", b"%d" % (self.seconds * 1000)),
            (b"cf-ray", self.token[:16] + b"-TXL"),
            *([] if self._media_type is None else [(b"content-type", self._media_type)]),
            *self.more,
        ]

    def __iter__(self) -> Iterator[Header]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    @overload
    def __getitem__(self, index: int) -> Header: ...

    @overload
    def __getitem__(self, index: slice) -> list[Header]: ...

    def __getitem__(self, index: int | slice) -> Header | list[Header]:
        return self._all()[index]

    def __add__(self, more: Iterable[Header]) -> ApiHead:
        more = (*self.more, *more)
        return ApiHead(self.constant, self.token, self.seconds, self._media_type, more)

    def __iadd__(self, more: Iterable[Header]) -> Self:
        self.more += tuple(more)
        return self


Head = list[Header] | ApiHead
"""The headers of a reply."""


class Constant(NamedTuple):
    """Headers that are the same in many replies."""

    headers: Sequence[Header]
    lines: bytes

    def and_one(self, header: Header) -> Constant:
        """Return these and one more."""
        return _constant(*self.headers, header)


@lru_cache(256)
def _constant(*headers: Header) -> Constant:
    return Constant(headers, b"".join(b"%b: %b\r\n" % header for header in headers))


class ApiHeaders:
    """Makes the headers of one server's replies."""

    def __init__(self, project: str) -> None:
        organization = (b"openai-organization", ORGANIZATION.encode())
        self._unknown = _constant(*_EDGE)
        self._known = _constant(*_EDGE, organization, (b"openai-project", project.encode()))

    def of(self, token: str, seconds: float, media_type: bytes | None, *, known: bool = True) -> ApiHead:
        """Return the headers of one reply.

        Args:
            token: 32 hex digits, new for each reply.
            seconds: how long it took, which `openai-processing-ms` tells.
            media_type: None for a reply without a body.
            known: whether the key told whose request it is; a 401 names no organisation.
        """
        return ApiHead(self._known if known else self._unknown, token.encode(), seconds, media_type)


def picture_headers(data: bytes, media_type: str, modified: str, request_id: str) -> list[Header]:
    """Return the headers of a picture as the blob store sends it; `modified` is an HTTP date."""
    md5 = hashlib.md5(data, usedforsecurity=False).digest()
    return [
        (b"content-type", media_type.encode()),
        (b"content-md5", base64.b64encode(md5)),
        (b"last-modified", modified.encode()),
        (b"etag", b'"0x8%b"' % md5.hex()[:14].upper().encode()),
        *blob_headers(request_id),
        (b"accept-ranges", b"bytes"),
        (b"content-disposition", b"inline"),
        (b"x-ms-blob-type", b"BlockBlob"),
    ]


def blob_headers(request_id: str) -> list[Header]:
    """Return the headers of everything that the blob store answers."""
    return [
        (b"server", b"Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0"),
        (b"x-ms-request-id", request_id.encode()),
        (b"x-ms-version", b"2026-02-06"),
    ]


def azure_headers(request_id: str) -> list[Header]:
    """Return the headers of Azure's own answers; those of a model's are OpenAI's (assumed)."""
    return [
        (b"apim-request-id", request_id.encode()),
        (b"strict-transport-security", b"max-age=31536000; includeSubDomains; preload"),
        (b"x-content-type-options", b"nosniff"),
    ]
