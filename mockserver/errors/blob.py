"""What the store of pictures says of a signed URL."""

from __future__ import annotations

from mockserver.errors.base import ApiError


def _blob(status: int, rule: str, code: str, message: str, detail: str = "") -> ApiError:
    """The blob store's XML: a byte order mark, one line, no indentation; its media type is assumed."""
    xml = (
        f'\ufeff<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code><Message>{message}</Message>'
        f"{f'<AuthenticationErrorDetail>{detail}</AuthenticationErrorDetail>' if detail else ''}</Error>"
    )
    return ApiError(status, rule, xml.encode(), "application/xml", {"x-ms-error-code": code}, "blob")


def _blob_denied(rule: str, request_id: str, time: str, detail: str) -> ApiError:
    message = (
        "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly "
        f"including the signature.\nRequestId:{request_id}\nTime:{time}"
    )
    return _blob(403, rule, "AuthenticationFailed", message, detail)


def picture_link_expired(request_id: str, time: str, start: str, expiry: str, current: str) -> ApiError:
    """A signed picture URL outside its hours; times as in HTTP dates, `time` in ISO form."""
    detail = (
        f"Signature not valid in the specified time frame: Start [{start}] - Expiry [{expiry}] - Current [{current}]"
    )
    return _blob_denied("picture-link-expired", request_id, time, detail)


def picture_link_forged(request_id: str, time: str) -> ApiError:
    """A picture URL whose signature does not fit; the store's own wording of the detail is not on record."""
    return _blob_denied("picture-link-forged", request_id, time, "Signature did not match.")


def picture_not_found(request_id: str, time: str) -> ApiError:
    """A well-signed URL of a picture that is no longer kept."""
    message = f"The specified blob does not exist.\nRequestId:{request_id}\nTime:{time}"
    return _blob(404, "picture-not-found", "BlobNotFound", message)
