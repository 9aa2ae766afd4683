"""Every sentence the API says when it refuses, one function each; no other file holds one.

Each function returns an `ApiError` to raise; the one door in `app` turns it into bytes. `sources.RULES` tells where
each sentence was seen, under the id that the reply carries in `x-mock-rule`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BLOB_ERROR: Final = "application/xml"
"""Media type of the blob store's refusals; assumed, the recordings kept bodies only."""


class ApiError(Exception):
    """A refusal: what the client is told, and the rule that made us say it.

    `body` is exact; `headers` come on top of those that every reply has.
    """

    def __init__(
        self,
        status: int,
        rule: str,
        body: bytes,
        media_type: str | None = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(rule)
        self.status = status
        self.rule = rule
        self.body = body
        self.media_type = media_type
        self.headers = headers or {}

    def __str__(self) -> str:
        return f"{self.status} {self.rule}: {self.body.decode(errors='replace')}"


def _envelope(message: str, kind: str, param: str | None, code: str | None) -> bytes:
    """The error body since 2025: two spaces, no final newline (six recorded Content-Lengths agree).

    Characters beyond ASCII are escaped: assumed, as the layout is that of Python's own encoder.
    """
    fields = {"message": message, "type": kind, "param": param, "code": code}
    lines = ",\n".join(f'    "{name}": {json.dumps(value)}' for name, value in fields.items())
    return f'{{\n  "error": {{\n{lines}\n  }}\n}}'.encode("ascii")


def _schema(rule: str, message: str, param: str | None, code: str | None) -> ApiError:
    """Refuse at the first stage, where a request is held against the schema."""
    return ApiError(400, rule, _envelope(message, "invalid_request_error", param, code))


def _user(rule: str, message: str, param: str | None, code: str) -> ApiError:
    """Refuse at the second stage, where the model itself looks at the request."""
    return ApiError(400, rule, _envelope(message, "image_generation_user_error", param, code))


def listed(values: Sequence[str], word: str) -> str:
    """Quote and join as the API does: `'a' and 'b'`, from three on `'a', 'b', and 'c'`."""
    quoted = [f"'{value}'" for value in values]
    if len(quoted) < 3:  # noqa: PLR2004 - the Oxford comma starts at three
        return f" {word} ".join(quoted)
    return f"{', '.join(quoted[:-1])}, {word} {quoted[-1]}"


def json_type(value: object) -> str:
    """Name the JSON type of a parsed value in the API's words."""
    names: dict[type, str] = {
        type(None): "null",
        bool: "a boolean",
        int: "an integer",
        float: "a decimal number",
        str: "a string",
        dict: "an object",
        list: "an array",
    }
    return names[type(value)]


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
    body = _envelope(message, "invalid_request_error", None, code)
    return ApiError(401, rule, body, headers={"www-authenticate": 'Bearer realm="OpenAI API"'})


def unknown_path() -> ApiError:
    """A path the API does not have: 404 with an empty body."""
    return ApiError(404, "unknown-path", b"", media_type=None)


def wrong_method(method: str, path: str, allowed: Sequence[str]) -> ApiError:
    """A method that the path does not answer; `allowed` are those that it does."""
    message = f"Invalid method for URL ({method} {path})"
    body = _envelope(message, "invalid_request_error", None, None)
    return ApiError(405, "wrong-method", body, headers={"allow": ", ".join(allowed)})


def unparsable_json() -> ApiError:
    """A body that is not a JSON object in UTF-8, or no body at all."""
    message = (
        "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library "
        "correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble "
        "figuring out how to fix this, please contact us through our help center at help.openai.com.)"
    )
    return _schema("unparsable-json", message, None, None)


def unsupported_content_type(sent: str, accepted: str) -> ApiError:
    """A media type that the endpoint does not read; never a 415."""
    message = (
        f"Unsupported content type: '{sent}'. This API method only accepts '{accepted}' requests, but you specified "
        f"the header 'Content-Type: {sent}'. Please try again with a supported content type."
    )
    return _schema("unsupported-content-type", message, None, "unsupported_content_type")


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
    return _schema("body-stalled", f"The body of your request did not arrive within {seconds:g} seconds.", None, None)


def missing_parameter(param: str) -> ApiError:
    """A required parameter is absent."""
    return _schema("missing-parameter", f"Missing required parameter: '{param}'.", param, "missing_required_parameter")


def unknown_parameter(param: str) -> ApiError:
    """A parameter that the model does not know; null counts as present."""
    return _schema("unknown-parameter", f"Unknown parameter: '{param}'.", param, "unknown_parameter")


def wrong_type(param: str, expected: str, value: object) -> ApiError:
    """A JSON value of another type than `expected` names, for instance `an integer`."""
    message = f"Invalid type for '{param}': expected {expected}, but got {json_type(value)} instead."
    return _schema("wrong-type", message, param, "invalid_type")


def value_not_supported(param: str, value: str, supported: Sequence[str]) -> ApiError:
    """A string outside the parameter's list."""
    only = f"Value must be '{supported[0]}'."
    several = f"Supported values are: {listed(supported, 'and')}."
    message = f"Invalid value: '{value}'. {only if len(supported) == 1 else several}"
    return _schema("value-not-supported", message, param, "invalid_value")


def integer_below_minimum(param: str, low: int, value: int) -> ApiError:
    """An integer below `low`."""
    message = f"Invalid '{param}': integer below minimum value. Expected a value >= {low}, but got {value} instead."
    return _schema("integer-below-minimum", message, param, "integer_below_min_value")


def integer_above_maximum(param: str, high: int, value: int) -> ApiError:
    """An integer above `high`."""
    message = f"Invalid '{param}': integer above maximum value. Expected a value <= {high}, but got {value} instead."
    return _schema("integer-above-maximum", message, param, "integer_above_max_value")


def empty_string(param: str) -> ApiError:
    """A string without a character; whitespace is fine."""
    message = (
        f"Invalid '{param}': empty string. Expected a string with minimum length 1, but got an empty string instead."
    )
    return _schema("empty-string", message, param, "empty_string")


def string_too_long(param: str, longest: int, length: int) -> ApiError:
    """A string of more than `longest` characters."""
    message = (
        f"Invalid '{param}': string too long. Expected a string with maximum length {longest}, "
        f"but got a string with length {length} instead."
    )
    return _schema("string-too-long", message, param, "string_above_max_length")


def model_does_not_exist(model: str) -> ApiError:
    """A model that is unknown, retired or empty: 400, never 404."""
    return _user("model-does-not-exist", f"The model '{model}' does not exist.", "model", "invalid_value")


def _size(rule: str, size: str, why: str) -> ApiError:
    return _user(rule, f"Invalid size '{size}'. {why}", "size", "invalid_value")


def size_not_parsable(size: str) -> ApiError:
    """Neither `auto` nor two positive integers."""
    return _size("size-not-parsable", size, "Expected WIDTHxHEIGHT, for example '1824x1024'.")


def size_not_divisible(size: str, multiple: int) -> ApiError:
    """A side that is not a multiple of `multiple` pixels."""
    return _size("size-not-divisible", size, f"Width and height must both be divisible by {multiple}.")


def size_too_wide(size: str, ratio: int) -> ApiError:
    """A longer side above `ratio` times the shorter one."""
    return _size("size-too-wide", size, f"The maximum supported aspect ratio is {ratio}:1.")


def size_edge_too_long(size: str, edge: int) -> ApiError:
    """A longer side above `edge` pixels."""
    return _size("size-edge-too-long", size, f"The longest edge must be less than or equal to {edge}.")


def size_below_budget(size: str) -> ApiError:
    """Fewer pixels than the model makes."""
    return _size("size-below-budget", size, "Requested resolution is below the current minimum pixel budget.")


def size_above_budget(size: str) -> ApiError:
    """More pixels than the model makes."""
    return _size("size-above-budget", size, "Requested resolution exceeds the current pixel budget.")


def transparency_not_supported() -> ApiError:
    """A transparent background where the model has none."""
    message = "Transparent background is not supported for this model."
    return _user("transparency-not-supported", message, "background", "invalid_value")


def transparent_jpeg() -> ApiError:
    """A transparent background in a format without alpha; the sentence has no period."""
    message = "Transparent background is not supported for JPEG output format"
    return _user("transparent-jpeg", message, None, "invalid_transparent_background_output_format")


def compressed_png() -> ApiError:
    """A compression below 100 for a lossless format; the sentence has no period, param null is assumed."""
    message = "Compression less than 100 is not supported for PNG output format"
    return _user("compressed-png", message, None, "invalid_png_output_compression")


def partial_images_without_stream() -> ApiError:
    """Partial images where nothing is streamed; whether the sentence ends in a period is unknown."""
    message = "Partial images are only supported with streaming"
    return _user("partial-images-without-stream", message, "input", "unsupported_parameter")


def stream_of_many() -> ApiError:
    """A stream of several pictures."""
    message = "Streaming is only supported with n=1."
    return _user("stream-of-many", message, "input", "unsupported_parameter")


def _blob(status: int, rule: str, code: str, message: str, detail: str = "") -> ApiError:
    """The blob store's XML: a byte order mark, one line, no indentation."""
    xml = (
        f'\ufeff<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code><Message>{message}</Message>'
        f"{f'<AuthenticationErrorDetail>{detail}</AuthenticationErrorDetail>' if detail else ''}</Error>"
    )
    return ApiError(status, rule, xml.encode(), media_type=BLOB_ERROR, headers={"x-ms-error-code": code})


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
