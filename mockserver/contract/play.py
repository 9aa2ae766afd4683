"""Sends cases to a base URL over one kept-alive connection, byte for byte, and reads the replies."""

from __future__ import annotations

import http.client
import json
import select
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from urllib.parse import SplitResult, urlsplit

from mockserver.contract import form
from mockserver.contract.asking import filled
from mockserver.contract.places import find

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mockserver.contract.case import Case, Request, Step

_CHUNK = b" " * 65_536
_SCHEMES = ("http", "https")
_STRANGER = "fake_key"
_OK, _UNAUTHORIZED = 200, 401
_OUR_MARK, _AS_OF = "x-mock-rule", "x-mock-as-of"
"""The header of every refusal of a mockserver, and the one that asks it for the API of another day."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    headers: tuple[tuple[str, str], ...]
    """In the order of the wire, names in lower case."""
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the value of a header; several lines are joined by a comma, None means absent."""
        values = [value for key, value in self.headers if key == name]
        return ", ".join(values) if values else None


@dataclass(frozen=True, slots=True)
class Nature:
    """What a server tells of itself when it refuses a key that nobody has."""

    knows_keys: bool
    """Whether it is the key that it refuses."""
    is_mock: bool
    """Whether it is a mockserver, which can be the API of another day and has an Azure door."""


class Player:
    """A client of one base URL that says exactly what it is told to."""

    def __init__(self, base_url: str, api_key: str, *, timeout: float = 300.0) -> None:
        """Aim at `base_url`, which ends in /v1; `timeout` is in seconds for each step on the wire.

        Raises:
            ValueError: it is no http or https URL.
        """
        self._base = _http_url(base_url.rstrip("/"))
        self._root = self._base.path.removesuffix("/v1")
        self._usual = {"authorization": f"Bearer {api_key}", "content-type": "application/json"}
        self._key = api_key
        self._timeout = timeout
        self._connection = _connect(self._base, timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def play(self, case: Case) -> Reply:
        """Return the reply to one case: the one to its request, or to the address found in that one.

        Raises:
            OSError: no connection, or it broke.
            http.client.HTTPException: what came back is no HTTP.
            ValueError: a step before it did not come to what it should.
        """
        extra = {} if case.as_of is None else {_AS_OF: case.as_of}
        kept: dict[str, str] = {}
        for step in case.before:
            kept |= _kept(step, self._ask(filled(step.request, kept), extra))
        request = filled(case.request, kept)
        reply = self._ask(request, extra)
        for step in case.after:
            self._ask(filled(step.request, kept), extra)
        if request.follow is None or reply.status != _OK:
            return reply
        [(_, address)] = find(json.loads(reply.body), request.follow)
        return _fetch(str(address), request.follow_headers, self._usual, self._timeout)

    def nature(self) -> Nature:
        """Return what the server is; an empty object with a stranger's key costs nothing anywhere."""
        path = f"{self._base.path}/images/generations"
        headers = self._usual | {"authorization": f"Bearer {_STRANGER}", "content-length": "2"}
        reply = _exchange(self._connection, ("POST", path), headers, b"{}")
        return Nature(reply.status == _UNAUTHORIZED, reply.header(_OUR_MARK) is not None)

    def _ask(self, request: Request, extra: Mapping[str, str]) -> Reply:
        body = form.body(request.form, request.cut) if request.form else request.body
        headers: dict[str, str | None] = {**self._usual, **extra}
        if request.form:
            headers["content-type"] = form.CONTENT_TYPE
        if request.auth == "api-key":
            headers |= {"authorization": None, "api-key": self._key}
        if request.method == "GET":
            headers["content-type"] = None
        elif "transfer-encoding" not in request.headers:
            headers["content-length"] = str(request.bulk or len(body))
        headers |= request.headers
        sent = {name: value for name, value in headers.items() if value is not None}
        line = (request.method, (self._root if request.root else self._base.path) + request.path)
        return _exchange(self._connection, line, sent, body, request.bulk)


def _kept(step: Step, reply: Reply) -> dict[str, str]:
    """Return the values that later requests need."""
    try:
        document = json.loads(reply.body)
    except ValueError:
        document = None
    found = {name: find(document, place)[0][1] for name, place in step.keep.items()}
    if reply.status != _OK or not all(isinstance(value, str) for value in found.values()):
        told = f"{step.request.method} {step.request.path}: {reply.status}"
        message = f"a step before it was answered {told} {reply.body[:200]!r}"
        raise ValueError(message)
    return {name: str(value) for name, value in found.items()}


def _exchange(
    connection: http.client.HTTPConnection,
    line: tuple[str, str],
    headers: Mapping[str, str],
    body: bytes,
    bulk: int = 0,
) -> Reply:
    try:
        connection.putrequest(*line, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders(body or None, encode_chunked="transfer-encoding" in headers)
        _send_bulk(connection, bulk)
        response = connection.getresponse()
        found = tuple((name.lower(), value) for name, value in response.getheaders())
        return Reply(response.status, found, response.read())
    except (OSError, http.client.HTTPException):
        connection.close()
        raise
    finally:
        if bulk:
            connection.close()


def _send_bulk(connection: http.client.HTTPConnection, bulk: int) -> None:
    """Send spaces until they are all sent or the server answers early, as one does that refuses them."""
    with suppress(ConnectionError):  # it hung up; its answer may lie in our buffer
        while bulk > 0 and not select.select([connection.sock], [], [], 0)[0]:
            connection.send(_CHUNK[:bulk])
            bulk -= len(_CHUNK)


def _fetch(address: str, extra: Mapping[str, str], usual: Mapping[str, str], timeout: float) -> Reply:
    url = _http_url(address)
    headers = {name: value.format(**usual) for name, value in extra.items()}
    connection = _connect(url, timeout)
    try:
        return _exchange(connection, ("GET", f"{url.path}?{url.query}".rstrip("?")), headers, b"")
    finally:
        connection.close()


def _http_url(address: str) -> SplitResult:
    url = urlsplit(address)
    if url.scheme not in _SCHEMES or not url.hostname:
        message = f"not an http or https URL: {address}"
        raise ValueError(message)
    return url


def _connect(url: SplitResult, timeout: float) -> http.client.HTTPConnection:
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    return kind(url.hostname or "", url.port, timeout=timeout)
