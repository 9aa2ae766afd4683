"""What the head of a request says, and that it is the head of this very request."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

import pytest

from mockserver.app import create_app
from mockserver.request_head import RequestHead, head_of, read_head
from mockserver.worlds import World, Worlds

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

KEY = (b"authorization", b"Bearer sk-a")


def head(*headers: tuple[bytes, bytes], path: str = "/v1/models") -> RequestHead:
    """Return the head of a request with these headers."""
    return RequestHead("POST", path, headers)


@pytest.mark.parametrize(
    ("authorization", "bearer"),
    [
        (b"Bearer sk-a", "sk-a"),
        (b"bearer  sk-a ", "sk-a"),
        (b"Basic sk-a", ""),
        (b"sk-a", ""),
        (b"", ""),
        (b"Bearer \xff", "ÿ"),
    ],
)
def test_the_key_is_what_follows_bearer(authorization: bytes, bearer: str) -> None:
    """In any case of letters; no byte is too odd."""
    assert head((b"authorization", authorization)).bearer == bearer


def test_azures_header_goes_first() -> None:
    """Where both are sent."""
    assert (head(KEY).key, head(KEY, (b"api-key", b"b")).key, head().key) == ("sk-a", "b", "")


@pytest.mark.parametrize(
    ("path", "prefix", "rest", "space"),
    [
        ("/s/one/v1/models", "/s/one", "/v1/models", "one"),
        ("/s/one", "/s/one", "/", "one"),
        ("/s/one/", "/s/one", "/", "one"),
        ("/s/-/v1/models", "", "/s/-/v1/models", None),
        ("/s/one two/v1", "", "/s/one two/v1", None),
        ("/v1/s/one", "", "/v1/s/one", None),
    ],
)
def test_a_path_may_begin_with_a_space(path: str, prefix: str, rest: str, space: str | None) -> None:
    """What is no name is a part of the path."""
    told = head(KEY, path=path)
    assert (told.prefix, told.path, told.space) == (prefix, rest, space)


@pytest.mark.parametrize(
    ("header", "asks"),
    [
        (KEY, False),
        ((b"x-mock-scenario", b""), True),
        ((b"authorization", b"Bearer sk-mock-429@one"), True),
        ((b"api-key", b"sk-mock-429"), True),
        ((b"x-other", b"sk-mock-429"), False),
    ],
)
def test_a_head_may_ask_for_a_scenario(header: tuple[bytes, bytes], *, asks: bool) -> None:
    """By a header or either key."""
    assert head(header).asks is asks


@pytest.mark.parametrize(
    ("sent", "media_type"),
    [
        (None, None),
        (b"", ""),
        (b"application/json; charset=utf-8", "application/json"),
        (b" Text/Plain ", "Text/Plain"),
    ],
)
def test_the_media_type_is_told_as_sent(sent: bytes | None, media_type: str | None) -> None:
    """Without its parameters."""
    assert head(*([] if sent is None else [(b"content-type", sent)])).media_type == media_type


ASKED: dict[str, Any] = {
    "type": "http",
    "method": "GET",
    "path": "/v1/models",
    "query_string": b"",
    "scheme": "http",
    "headers": [(b"host", b"m"), KEY],
}


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"method": "POST"},
        {"path": "/v1/files"},
        {"path": "/s/one/v1/models"},
        {"query_string": b"a=b"},
        {"scheme": "https"},
        {"headers": [(b"host", b"m"), (b"authorization", b"Bearer sk-b")]},
        {"headers": [(b"host", b"m"), KEY, (b"x-mock-scenario", b"429")]},
        {"headers": [(b"host", b"m")]},
        {"headers": [KEY, (b"host", b"m")]},
        {"headers": []},
    ],
    ids=str,
)
def test_a_head_is_shared_by_the_same_alone(other: dict[str, Any]) -> None:
    """Whatever differs is read anew, and told as it came; so is what comes after it."""
    worlds = cast("Worlds", create_app())
    seen: list[tuple[RequestHead, str]] = []

    async def see(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append((head_of(scope), scope["path"]))

    async def receive() -> Message:
        raise AssertionError

    async def send(_message: Message) -> None:
        raise AssertionError

    worlds.default = World(worlds.default.space, see, None)
    worlds.world("one")
    worlds._others["one"] = worlds.default  # noqa: SLF001 - so that it is seen too
    for told in (ASKED, ASKED, {**ASKED, **other}, ASKED):
        asyncio.run(worlds({**told, "headers": list(told["headers"])}, receive, send))
    first, second, third, last = (each for each, _ in seen)
    assert first is second
    assert (third is second, last is third) == (not other, not other)
    assert [each for each, _ in seen] == [read_head(told) for told in (ASKED, ASKED, {**ASKED, **other}, ASKED)]
    assert [path for _, path in seen] == [each.path for each, _ in seen]
