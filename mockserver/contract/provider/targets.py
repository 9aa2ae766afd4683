"""Where cases go: to a base URL over a kept-alive connection, or straight into an app of this process."""

from __future__ import annotations

import asyncio
import http.client
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, Self
from urllib.parse import urlsplit

from mockserver.contract.play import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message

    from mockserver.contract.provider.case import Request

_SECONDS = 60.0


class Target(Protocol):
    """A server that can be asked."""

    def ask(self, request: Request) -> Reply:
        """Return the reply to a POST of this request.

        Raises:
            OSError: no connection, or it broke.
            http.client.HTTPException: what came back is no HTTP.
        """

    def fetch(self, url: str) -> Reply:
        """Return the reply to a GET of an absolute URL.

        Raises:
            OSError: no connection, or it broke.
            http.client.HTTPException: what came back is no HTTP.
        """


class Remote:
    """A server behind a base URL, which ends in /v1 or whatever stands before /images."""

    def __init__(self, base_url: str, api_key: str, *, seconds: float = _SECONDS) -> None:
        url = urlsplit(base_url)
        self._kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
        self._host, self._port, self._path = url.hostname or "", url.port, url.path.rstrip("/")
        self._key, self._seconds = api_key, seconds
        self._connection = self._kind(self._host, self._port, timeout=seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def ask(self, request: Request) -> Reply:
        """Return the reply; a kept-alive connection that went stale is opened again, once."""
        headers = {"Authorization": f"Bearer {self._key}"}
        if request.content_type is not None:
            headers["Content-Type"] = request.content_type
        path = self._path + request.path
        with suppress(http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            return _exchange(self._connection, "POST", path, request.data, headers)
        return _exchange(self._connection, "POST", path, request.data, headers)

    def fetch(self, url: str) -> Reply:
        """Return what is behind a URL, which may lie on another host."""
        split = urlsplit(url)
        kind = http.client.HTTPSConnection if split.scheme == "https" else http.client.HTTPConnection
        connection = kind(split.hostname or "", split.port, timeout=self._seconds)
        try:
            return _exchange(connection, "GET", f"{split.path}?{split.query}", None, {})
        finally:
            connection.close()


def _exchange(
    connection: http.client.HTTPConnection, method: str, path: str, data: bytes | None, headers: Mapping[str, str]
) -> Reply:
    try:
        connection.request(method, path, data, dict(headers))
        response = connection.getresponse()
        found = tuple((name.lower(), value) for name, value in response.getheaders())
        return Reply(response.status, found, response.read())
    except (OSError, http.client.HTTPException):
        connection.close()
        raise


class InProcess:
    """An app of this process, asked without a socket: some ten thousand refusals a second."""

    def __init__(self, app: ASGIApp, loop: asyncio.AbstractEventLoop) -> None:
        self._app = app
        self._loop = loop

    def ask(self, request: Request) -> Reply:
        """Return the reply."""
        headers = [(b"host", b"localhost"), (b"authorization", b"Bearer sk-mock")]
        headers.append((b"content-length", str(len(request.data)).encode()))
        if request.content_type is not None:
            headers.append((b"content-type", request.content_type.encode("latin-1")))
        return self._loop.run_until_complete(self._answer("POST", f"/v1{request.path}", b"", headers, request.data))

    def fetch(self, url: str) -> Reply:
        """Return what is behind a URL of the app."""
        split = urlsplit(url)
        headers = [(b"host", b"localhost")]
        return self._loop.run_until_complete(self._answer("GET", split.path, split.query.encode(), headers, b""))

    async def _answer(
        self, method: str, path: str, query: bytes, headers: list[tuple[bytes, bytes]], data: bytes
    ) -> Reply:
        told: list[Message] = []
        waiting = [{"type": "http.request", "body": data, "more_body": False}]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query,
            "root_path": "",
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("localhost", 80),
        }

        async def receive() -> Message:
            if waiting:
                return waiting.pop()
            return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]  # never comes

        async def send(message: Message) -> None:
            told.append(message)

        try:
            await self._app(scope, receive, send)
        except Exception as error:  # noqa: BLE001 - whatever it is, a server would answer 500
            return Reply(500, (), repr(error).encode())
        found = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in told[0]["headers"])
        return Reply(told[0]["status"], found, b"".join(message.get("body", b"") for message in told[1:]))
