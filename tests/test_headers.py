"""The head of a reply: told header by header, and as lines."""

from __future__ import annotations

import pytest

from mockserver.headers import ApiHead, ApiHeaders

DIGITS = "0123456789abcdef0123456789abcdef"
MORE = [(b"x-mock-dollars", b"0.042000"), (b"content-length", b"7")]


def head(media_type: bytes | None = b"application/json", *, known: bool = True) -> ApiHead:
    """Return a head that took 12 milliseconds."""
    return ApiHeaders("proj_x").of(DIGITS, 0.0129, media_type, known=known)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("media_type", [b"application/json", None])
def test_lines_say_what_the_headers_say(media_type: bytes | None, *, known: bool) -> None:
    """Byte by byte, in the same order."""
    told = head(media_type, known=known)
    assert told.lines() == b"".join(b"%b: %b\r\n" % header for header in told)
    assert (b"openai-project" in dict(told)) is known
    assert dict(told).get(b"content-type") == media_type
    assert (dict(told)[b"x-request-id"], dict(told)[b"openai-processing-ms"]) == (b"req_" + DIGITS.encode(), b"12")


def test_a_head_grows_as_a_list_does() -> None:
    """`+` leaves it alone, `+=` does not; it can be read from both ends."""
    first = head()
    length = len(first)
    longer = first + MORE
    assert (len(first), len(longer), longer[-2:], longer[0]) == (length, length + 2, MORE, first[0])
    same = first
    first += MORE
    assert same is first
    assert list(first) == list(longer)
    assert first.more == tuple(MORE)
