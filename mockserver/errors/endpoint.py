"""What is said before any parameter is read: keys, paths, methods, bodies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from mockserver.errors.base import ApiError, envelope, schema_error

if TYPE_CHECKING:
    from collections.abc import Sequence


def mask(key: str) -> str:
    """Hide an API key as the 401 does: up to 12 characters are shown whole, then the first 8 and last 4."""
    shown = 12
    return key if len(key) <= shown else f"{key[:8]}{'*' * (len(key) - shown)}{key[-4:]}"


def no_api_key() -> ApiError:
    """No Authorization header, an empty key, or a scheme other than Bearer."""
    message = (
        "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth "
        "(i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're accessing the "
        "API from your browser and are prompted for a username and password. You can obtain an API key from "
        "https://platform.openai.com/account/api-keys."
    )
    return _unauthorized("no-api-key", message, None)


def incorrect_api_key(key: str) -> ApiError:
    """A key that the server was not told to accept."""
    message = (
        f"Incorrect API key provided: {mask(key)}. "
        "You can find your API key at https://platform.openai.com/account/api-keys."
    )
    return _unauthorized("incorrect-api-key", message, "invalid_api_key")


def _unauthorized(rule: str, message: str, code: str | None) -> ApiError:
    body = envelope(message, "invalid_request_error", None, code)
    return ApiError(401, rule, body, headers={"www-authenticate": 'Bearer realm="OpenAI API"'})


def unknown_path() -> ApiError:
    """A path the API does not have: 404 with an empty body."""
    return ApiError(404, "unknown-path", b"", media_type=None)


def wrong_method(method: str, path: str, allowed: Sequence[str]) -> ApiError:
    """A method that the path does not answer; `allowed` are those that it does."""
    message = f"Invalid method for URL ({method} {path})"
    body = envelope(message, "invalid_request_error", None, None)
    return ApiError(405, "wrong-method", body, headers={"allow": ", ".join(allowed)})


def unparsable_json() -> ApiError:
    """A body that is not a JSON object in UTF-8, or no body at all."""
    message = (
        "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library "
        "correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble "
        "figuring out how to fix this, please contact us through our help center at help.openai.com.)"
    )
    return schema_error("unparsable-json", message, None, None)


def unsupported_content_type(sent: str, accepted: str) -> ApiError:
    """A media type that the endpoint does not read; never a 415."""
    message = (
        f"Unsupported content type: '{sent}'. This API method only accepts '{accepted}' requests, but you specified "
        f"the header 'Content-Type: {sent}'. Please try again with a supported content type."
    )
    return schema_error("unsupported-content-type", message, None, "unsupported_content_type")


def not_a_day(sent: str) -> ApiError:
    """An `X-Mock-As-Of` header that names no day; ours alone."""
    message = f"'{sent}' is not a day that the header X-Mock-As-Of can name: write it as YYYY-MM-DD."
    return schema_error("not-a-day", message, None, None)


def space_required() -> ApiError:
    """A request that names no space, to a server that wants one; ours alone."""
    message = (
        "mockserver: this server wants every request to name a space: put /s/NAME before /v1 in the base URL, "
        "@NAME behind the key, or the name into the header X-Mock-Space."
    )
    return schema_error("space-required", message, None, "space_required")


def unknown_scenario(what: str) -> ApiError:
    """A scenario that was asked for and cannot be played; ours alone, for the person behind the client."""
    return schema_error("unknown-scenario", f"mockserver: {what}", None, "unknown_scenario")


def unparsable_form() -> ApiError:
    """A multipart body without a boundary, or one that ends in the middle of a part; no answer is on record."""
    message = "Could not parse multipart form."
    return schema_error("unparsable-form", message, None, None)


def body_too_large() -> ApiError:
    """A body above the front proxy's limit: HTML, no envelope."""
    lines = (
        "<html>",
        "<head><title>413 Request Entity Too Large</title></head>",
        "<body>",
        "<center><h1>413 Request Entity Too Large</h1></center>",
        "<hr><center>nginx</center>",
        "</body>",
        "</html>",
    )
    return ApiError(413, "body-too-large", "\r\n".join(lines).encode(), media_type="text/html")


def body_stalled(seconds: float) -> ApiError:
    """A body that stopped arriving."""
    return schema_error(
        "body-stalled", f"The body of your request did not arrive within {seconds:g} seconds.", None, None
    )


def no_such_model(name: str) -> ApiError:
    """A model that `/v1/models/{id}` does not have; images themselves answer 400."""
    message = f"The model '{name}' does not exist"
    return ApiError(404, "no-such-model", envelope(message, "invalid_request_error", "model", "model_not_found"))


def no_such_file(file_id: str) -> ApiError:
    """A file that is not there, told twice: 224 bytes for `fake_id`, so pretty and with a final newline."""
    message = f"No such File object: {file_id}"
    error = {"message": message, "type": "invalid_request_error", "param": "id", "code": None}
    told = {"error": error, "detail": {"message": message, "code": None}}
    return ApiError(404, "no-such-file", (json.dumps(told, indent=2) + "\n").encode("ascii"))
