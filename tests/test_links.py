"""Signed picture URLs: their shape, their hour, their refusals; and the shelves behind them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from mockserver import shelf
from mockserver.app import create_app
from mockserver.clock import FrozenClock
from mockserver.links import HOUR, Links
from mockserver.pictures import Picture
from mockserver.server import ServerThread
from mockserver.settings import Settings
from mockserver.shelf import DirectoryShelf, MemoryShelf, Shelf, open_shelf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


NOW = 1_764_072_000.0
PICTURE = Picture("ab" * 32, "a dot \ud800", "caption", 256, 256, inputs=(b"\x89PNG", b""), mask=b"\xff")


def test_a_url_is_shaped_like_the_real_ones() -> None:
    """Path, order of the query, constants and the window of an hour, as recorded 2023 to 2026."""
    url = urlsplit(Links(0).sign(Links(0).path("ab" * 16), NOW))
    assert re.fullmatch(r"/private/org-\w{24}/user-\w{24}/img-\w{24}\.png", url.path)
    query = dict(parse_qsl(url.query))
    order = ["st", "se", "sp", "sv", "sr", "rscd", "rsct", "skoid", "sktid", "skt", "ske", "sks", "skv", "sig"]
    assert list(query) == order
    assert query["st"] == "2025-11-25T11:00:00Z"
    assert query["se"] == "2025-11-25T13:00:00Z"
    assert "st=2025-11-25T11%3A00%3A00Z&" in url.query
    assert "rsct=image/png&" in url.query
    assert len(query["sig"]) == 44


@pytest.mark.parametrize("make", [lambda _: MemoryShelf(), DirectoryShelf], ids=["memory", "directory"])
def test_a_shelf_finds_what_it_was_given(make: type[DirectoryShelf], tmp_path: Path) -> None:
    """The whole description comes back; an unknown name finds nothing."""
    found: Shelf = make(tmp_path)
    found.put("img-1.png", PICTURE)
    assert found.find("img-1.png") == PICTURE
    assert found.find("img-2.png") is None


def test_a_directory_is_shared(tmp_path: Path) -> None:
    """What one process puts there, another finds."""
    open_shelf(str(tmp_path)).put("img-1.png", PICTURE)
    assert open_shelf(str(tmp_path)).find("img-1.png") == PICTURE


def test_a_full_directory_forgets_the_oldest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing grows for ever."""
    monkeypatch.setattr(shelf, "SHELF_FILES", 20)
    full = DirectoryShelf(tmp_path)
    for number in range(60):
        full.put(f"img-{number}.png", PICTURE)
    assert len(list(tmp_path.iterdir())) <= 24
    assert full.find("img-59.png") == PICTURE


@pytest.fixture(scope="module")
def clock() -> FrozenClock:
    """A time that the tests advance."""
    return FrozenClock(NOW)


@pytest.fixture(scope="module")
def client(clock: FrozenClock) -> Iterator[httpx.Client]:
    """A client of a server with that clock."""
    app = create_app(Settings(), clock)
    with ServerThread(app=app) as server, httpx.Client(base_url=server.url) as http:
        yield http


@pytest.fixture
def url(client: httpx.Client, clock: FrozenClock) -> str:
    """The URL of a new picture."""
    clock.seconds = NOW
    body = {"model": "dall-e-2", "prompt": "a dot", "size": "256x256"}
    reply = client.post("/v1/images/generations", json=body, headers={"authorization": "Bearer k"})
    return str(reply.json()["data"][0]["url"])


def test_a_url_lies_on_the_origin_of_the_api(client: httpx.Client, url: str) -> None:
    """Clients refuse pictures of another loopback origin."""
    assert url.startswith(f"{str(client.base_url).rstrip('/')}/private/")


def test_a_url_answers_the_picture(client: httpx.Client, url: str) -> None:
    """With the blob store's headers, without a key."""
    reply = client.get(url)
    assert (reply.status_code, reply.content[:4]) == (200, b"\x89PNG")
    assert reply.headers["content-type"] == "image/png"
    assert reply.headers["content-disposition"] == "inline"
    assert reply.headers["accept-ranges"] == "bytes"
    assert reply.headers["etag"].startswith('"0x8')
    assert reply.headers["server"].startswith("Windows-Azure-Blob/1.0")


def test_a_key_sent_along_does_no_harm(client: httpx.Client, url: str) -> None:
    """Clients that load pictures of the API's own origin send their key."""
    assert client.get(url, headers={"authorization": "Bearer k"}).status_code == 200


def test_head_tells_the_length(client: httpx.Client, url: str) -> None:
    """As GET would, without the bytes."""
    head, whole = client.head(url), client.get(url)
    assert (head.content, head.headers["content-length"]) == (b"", str(len(whole.content)))


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-9", 0, 10), ("bytes=10-", 10, None), ("bytes=5-99999999", 5, None)],
)
def test_a_range_answers_its_part(client: httpx.Client, url: str, asked: str, start: int, end: int | None) -> None:
    """The headers promise ranges."""
    whole = client.get(url).content
    part = client.get(url, headers={"range": asked})
    assert (part.status_code, part.content) == (206, whole[start:end])
    assert part.headers["content-range"].endswith(f"/{len(whole)}")


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-5", "lines=1-2", "bytes=5-1", "bytes=0-1,3-4"])
def test_another_range_answers_the_whole(client: httpx.Client, url: str, asked: str) -> None:
    """A form that is not understood is ignored, as HTTP allows."""
    assert client.get(url, headers={"range": asked}).status_code == 200


@pytest.mark.parametrize(("seconds", "status"), [(0, 200), (HOUR, 200), (HOUR + 1, 403), (-HOUR - 1, 403)])
def test_a_url_is_good_for_an_hour(
    client: httpx.Client, clock: FrozenClock, url: str, seconds: float, status: int
) -> None:
    """60 minutes from its making."""
    clock.advance(seconds)
    assert client.get(url).status_code == status


def test_an_expired_url_says_what_the_store_says(client: httpx.Client, clock: FrozenClock, url: str) -> None:
    """The XML of nextcloud/integration_openai#2, 2023-03, behind a byte order mark."""
    clock.advance(2 * HOUR)
    reply = client.get(url)
    assert reply.content.startswith(b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?><Error><Code>Authentication')
    assert (
        "<AuthenticationErrorDetail>Signature not valid in the specified time frame: "
        "Start [Tue, 25 Nov 2025 11:00:00 GMT] - Expiry [Tue, 25 Nov 2025 13:00:00 GMT] - "
        "Current [Tue, 25 Nov 2025 14:00:00 GMT]</AuthenticationErrorDetail></Error>"
    ) in reply.text
    assert reply.headers["x-mock-rule"] == "picture-link-expired"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("se=2025", "se=2035"),
        ("img-", "img-x"),
        ("sig=", "sig=x"),
        ("&sig=", "&gis="),
        ("sp=r", "sp=w"),
        ("/user-", "/user-x"),
        ("?", "?x=1&"),
        ("st=", "st=%ff"),
    ],
)
def test_a_tampered_url_is_refused(client: httpx.Client, url: str, old: str, new: str) -> None:
    """Any change of path or query breaks the signature."""
    reply = client.get(url.replace(old, new, 1))
    assert (reply.status_code, reply.headers["x-mock-rule"]) == (403, "picture-link-forged")


def test_a_picture_of_another_server_is_not_found(url: str) -> None:
    """Well signed with the same seed, but not kept there."""
    with ServerThread(app=create_app(Settings(), FrozenClock(NOW))) as other:
        path = urlsplit(url)._replace(scheme="", netloc="").geturl()
        reply = httpx.get(other.url + path)
    assert (reply.status_code, reply.headers["x-mock-rule"]) == (404, "picture-not-found")


def test_a_picture_is_not_written_to(client: httpx.Client, url: str) -> None:
    """GET and HEAD only."""
    assert client.post(url).status_code == 405
