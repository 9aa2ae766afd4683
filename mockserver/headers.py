"""The headers of the API's replies and of the blob store's, as recorded in 2026."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Final

from mockserver.identity import ORGANIZATION

if TYPE_CHECKING:
    from collections.abc import Sequence

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


EVER_NEW: Final = frozenset({b"x-request-id", b"cf-ray"})
"""Headers of ours whose value is another one in every reply; it is hex, so nobody needs to look for line breaks."""


class ApiHeaders:
    """Makes the headers of one server's replies."""

    def __init__(self, project: str) -> None:
        self._known = (
            *_EDGE,
            (b"openai-organization", ORGANIZATION.encode()),
            (b"openai-project", project.encode()),
        )

    def of(self, token: str, milliseconds: int, media_type: bytes | None, *, known: bool = True) -> list[Header]:
        """Return the headers of one reply.

        Args:
            token: 32 hex digits, new for each reply.
            milliseconds: what `openai-processing-ms` tells.
            media_type: None for a reply without a body.
            known: whether the key told whose request it is; a 401 names no organisation.
        """
        own = [
            (b"x-request-id", b"req_" + token.encode()),
            (b"openai-processing-ms", b"%d" % milliseconds),
            (b"cf-ray", token[:16].encode() + b"-TXL"),
        ]
        if media_type is not None:
            own.append((b"content-type", media_type))
        return [*(self._known if known else _EDGE), *own]


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
