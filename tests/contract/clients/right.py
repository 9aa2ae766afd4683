"""A client of the Images API that does everything right, with the standard library alone.

Each of its methods is one thing that a client can do wrong; `faulty` overrides them, one at a time. Run as a program it
speaks the line protocol of `mockserver certify`: a line of JSON comes in, a line of JSON goes out.
"""

from __future__ import annotations

import email.utils
import gzip
import http.client
import json
import platform
import random
import sys
import time
import zlib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PATHS = {"generate": "/images/generations", "edit": "/images/edits", "vary": "/images/variations"}
Json = dict[str, Any]
Part = tuple[str, str | None, str | None, bytes]
"""Name, filename, media type and content of a part; a text has no filename and no type."""


class APIError(Exception):
    """Anything that went wrong after the request was sent."""

    def __init__(self, message: str, reply: Reply | None = None, error: Json | None = None) -> None:
        super().__init__(message)
        fields = error or {}
        self.status = reply.status if reply else None
        self.headers = reply.headers if reply else {}
        self.request_id = self.headers.get("x-request-id")
        self.code, self.param, self.type = (fields.get(name) for name in ("code", "param", "type"))


class APIConnectionError(APIError):
    """The reply was lost."""


class APITimeoutError(APIConnectionError):
    """It did not come in time."""


class APIResponseValidationError(APIError):
    """It is none that the API gives."""


class APIStatusError(APIError):
    """It is a refusal."""


STATUS_ERRORS: dict[int, type[APIStatusError]] = {
    status: type(name, (APIStatusError,), {})
    for status, name in {
        400: "BadRequestError",
        401: "AuthenticationError",
        403: "PermissionDeniedError",
        404: "NotFoundError",
        409: "ConflictError",
        422: "UnprocessableEntityError",
        429: "RateLimitError",
        500: "InternalServerError",
    }.items()
}


class Reply:
    """One reply, read to its end."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body


class Client:
    """One call each to `told`: from the line that comes in to the line that goes out."""

    retries = True

    def hello(self) -> Json:
        """Return what the client is and can do."""
        every = {"params": None, "models": None, "stream": True, "returns": "reply"}
        return {
            "ready": 1,
            "client": Path(sys.argv[0]).stem,
            "version": "1",
            "runtime": f"Python {platform.python_version()}",
            "can": {"generate": every, "edit": every, "vary": {**every, "stream": False}},
            "retries": self.retries,
            "errors": "fields",
        }

    def told(self, asked: Json) -> Json:
        """Return the answer to one line."""
        try:
            return {"id": asked["id"], "ok": True, "value": self.call(asked)}
        except Exception as error:  # noqa: BLE001 - the harness judges what it is
            return {"id": asked["id"], "ok": False, "error": self.error_told(error)}

    def call(self, asked: Json) -> Json:
        """Return the reply to a request, tried again where that can help."""
        url, headers, body = self.url(asked), *self.request(asked)
        attempt = 0
        while True:
            try:
                return self.value(self.exchange(asked, url, headers, body), asked)
            except APIError as error:
                pause = self.pause(error, attempt)
                if attempt >= asked["max_retries"] or not self.may_retry(error) or pause > asked["timeout"]:
                    raise
            attempt += 1
            time.sleep(pause)
            headers["x-stainless-retry-count"] = str(attempt)
            body = self.body_again(body)

    # what it sends

    def method(self) -> str:
        """Return the method of every request."""
        return "POST"

    def url(self, asked: Json) -> str:
        """Return where a request goes."""
        return f"{asked['base_url']}{PATHS[asked['op']]}"

    def request(self, asked: Json) -> tuple[dict[str, str], bytes]:
        """Return headers and body."""
        params = self.params(asked)
        if asked["op"] == "generate":
            media_type, body = self.json_type(), json.dumps(params).encode()
        else:
            parts = [*self.texts(params), *self.files(asked)]
            boundary = f"----{random.getrandbits(96):024x}"
            media_type, body = f"multipart/form-data; boundary={boundary}", form(parts, boundary)
        headers = {"content-type": media_type, "accept-encoding": "identity", "accept": "application/json"}
        return {**headers, **self.key(asked)}, body

    def json_type(self) -> str:
        """Return the media type of a JSON body."""
        return "application/json"

    def key(self, asked: Json) -> dict[str, str]:
        """Return the header that carries the key."""
        return {"authorization": f"Bearer {asked['api_key']}"}

    def params(self, asked: Json) -> Json:
        """Return the parameters of a request."""
        return dict(asked["params"])

    def texts(self, params: Json) -> list[Part]:
        """Return the text parts of a form; null says nothing there."""
        return [(name, None, None, self.text(value)) for name, value in params.items() if value is not None]

    def text(self, value: object) -> bytes:
        """Return a value as a form spells it."""
        return (value if isinstance(value, str) else json.dumps(value)).encode()

    def files(self, asked: Json) -> list[Part]:
        """Return the file parts of a form."""
        image, mask = asked["files"].get("image"), asked["files"].get("mask")
        several = isinstance(image, list)
        parts = [self.file(self.image_name(several=several), one) for one in (image if several else [image])]
        return parts if mask is None else [*parts, self.file("mask", mask)]

    def image_name(self, *, several: bool) -> str:
        """Return the name of the parts that are pictures."""
        return "image[]" if several else "image"

    def file(self, name: str, file: Json) -> Part:
        """Return one picture as a part."""
        return name, file["name"], file["type"], Path(file["path"]).read_bytes()

    def body_again(self, body: bytes) -> bytes:
        """Return the body of the next attempt."""
        return body

    # how it asks

    def exchange(self, asked: Json, url: str, headers: dict[str, str], body: bytes) -> Reply:
        """Return the reply to one request, within the time that the caller gives."""
        place, ends = urlsplit(url), time.monotonic() + asked["timeout"]
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=asked["timeout"])
        try:
            connection.request(self.method(), place.path, body, headers)
            reply = connection.getresponse()
            chunks = []
            while chunk := reply.read1(65536):
                chunks.append(chunk)
                self.mind(connection, ends)
            if reply.length:
                message = f"{reply.length} bytes are missing"
                raise APIConnectionError(message)
            return Reply(reply.status, {name.lower(): text for name, text in reply.getheaders()}, b"".join(chunks))
        except TimeoutError as error:
            message = "the reply did not come in time"
            raise APITimeoutError(message) from error
        except (OSError, http.client.HTTPException) as error:
            message = f"the reply was lost: {error!r}"
            raise APIConnectionError(message) from error
        finally:
            connection.close()

    def mind(self, connection: http.client.HTTPConnection, ends: float) -> None:
        """Give the next read what is left of the time."""
        left = ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection.sock:
            connection.sock.settimeout(left)

    # what it returns

    def value(self, reply: Reply, asked: Json) -> Json:
        """Return what the caller gets of a reply."""
        if reply.status != http.HTTPStatus.OK:
            raise self.refusal(reply)
        if asked["params"].get("stream"):
            return {"events": self.events(reply)}
        return self.pictures(self.document(reply), reply)

    def refusal(self, reply: Reply) -> APIStatusError:
        """Return the error that a reply tells of."""
        try:
            error = json.loads(reply.body)["error"]
        except (ValueError, KeyError, TypeError):
            error = None
        fields = error if isinstance(error, dict) else {"message": error or reply.body[:200].decode("utf-8", "replace")}
        kind = STATUS_ERRORS.get(reply.status, STATUS_ERRORS[500] if reply.status > 500 else APIStatusError)
        return kind(str(fields.get("message")), reply, fields)

    def document(self, reply: Reply) -> Json:
        """Return the JSON object of a reply."""
        try:
            body = gzip.decompress(reply.body) if reply.headers.get("content-encoding") == "gzip" else reply.body
            document = json.loads(body)
        except (OSError, EOFError, zlib.error, ValueError) as error:
            message = f"the reply is no JSON: {reply.body[:80]!r}"
            raise APIResponseValidationError(message, reply) from error
        if not isinstance(document, dict):
            message = f"the reply is no object: {reply.body[:80]!r}"
            raise APIResponseValidationError(message, reply)
        if "error" in document:
            told = document["error"] if isinstance(document["error"], dict) else {}
            raise APIError(str(told.get("message")), reply, told)
        return document

    def pictures(self, document: Json, reply: Reply) -> Json:
        """Return a document that holds pictures."""
        data = document.get("data")
        if not (isinstance(data, list) and data and all(_picture(one) for one in data)):
            message = "the reply holds no picture"
            raise APIResponseValidationError(message, reply)
        return document

    def events(self, reply: Reply) -> list[Json]:
        """Return the events of a stream, which ends with a completed one."""
        if not reply.headers.get("content-type", "").startswith("text/event-stream"):
            self.pictures(self.document(reply), reply)
            message = "the reply is no stream"
            raise APIResponseValidationError(message, reply)
        events = [self.event(frame, reply) for frame in self.frames(reply)]
        if not any(event["type"].endswith(".completed") for event in events):
            message = "the stream ended too early"
            raise APIResponseValidationError(message, reply)
        return events

    def frames(self, reply: Reply) -> list[str]:
        """Return the data of each whole event."""
        texts = reply.body.decode("utf-8", "replace").replace("\r\n", "\n").split("\n\n")[:-1]
        data = [
            "\n".join(line[5:].lstrip(" ") for line in text.split("\n") if line.startswith("data:")) for text in texts
        ]
        return [one for one in data if one and one != "[DONE]"]

    def event(self, data: str, reply: Reply) -> Json:
        """Return one event."""
        try:
            event = json.loads(data)
        except ValueError as error:
            message = f"an event is no JSON: {data[:80]!r}"
            raise APIResponseValidationError(message, reply) from error
        if event.get("type") == "error" or "error" in event:
            told = event.get("error") or event
            raise APIError(str(told.get("message")), reply, told)
        return dict(event)

    # how it takes failure

    def may_retry(self, error: APIError) -> bool:
        """Return whether to send the same again: never what may be paid for already, or cannot succeed."""
        if not isinstance(error, APIStatusError):
            return False
        word = self.should_retry(error)
        if word is not None:
            return word
        late = error.status in {504, 524}  # the edge gave up waiting: the picture may be made and paid for
        return not late and self.may_pass(error) and (error.status in {408, 409, 429} or (error.status or 0) >= 500)

    def should_retry(self, error: APIError) -> bool | None:
        """Return what the reply says of trying again; None where it says nothing."""
        return {"true": True, "false": False}.get(error.headers.get("x-should-retry", ""))

    def may_pass(self, error: APIError) -> bool:
        """Return whether waiting can help."""
        lasting = ("quota", "exhausted", "spend_limit", "usage_limit")
        told = ("too large", "safety system")
        return not any(word in str(error.code) for word in lasting) and not any(word in str(error) for word in told)

    def pause(self, error: APIError, attempt: int) -> float:
        """Return how many seconds to wait before the next attempt."""
        asked = self.asked_wait(error)
        return 0.02 * 2**attempt if asked is None or asked <= 0 else asked

    def asked_wait(self, error: APIError) -> float | None:
        """Return the seconds that the reply asks for."""
        headers = error.headers
        for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
            try:
                return float(headers[name]) * unit
            except (KeyError, ValueError):
                continue
        try:
            return email.utils.parsedate_to_datetime(headers["retry-after"]).timestamp() - time.time()
        except (KeyError, ValueError):
            return None

    def error_told(self, error: Exception) -> Json:
        """Return an error as the protocol tells it."""
        lineage = [kind.__name__ for kind in type(error).__mro__ if kind not in {Exception, BaseException, object}]
        fields = {name: getattr(error, name, None) for name in ("status", "code", "param", "type", "request_id")}
        named = {"class": type(error).__name__, "lineage": lineage, "module": type(error).__module__}
        return {**named, "message": str(error), **fields}


def form(parts: list[Part], boundary: str) -> bytes:
    """Return a multipart body."""
    body = bytearray()
    for name, filename, media_type, content in parts:
        body += f'--{boundary}\r\ncontent-disposition: form-data; name="{name}"'.encode()
        body += f'; filename="{filename}"'.encode() if filename is not None else b""
        body += f"\r\ncontent-type: {media_type}".encode() if media_type else b""
        body += b"\r\n\r\n" + content + b"\r\n"
    return bytes(body) + f"--{boundary}--\r\n".encode()


def _picture(one: object) -> bool:
    return isinstance(one, dict) and isinstance(one.get("b64_json") or one.get("url"), str)


def speak(client: Client) -> None:
    """Answer line by line until there are no more."""
    sys.stdout.write(json.dumps(client.hello()) + "\n")
    sys.stdout.flush()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(client.told(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    speak(Client())
