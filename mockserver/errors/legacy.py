"""The words of 2022 to 2025, which variations and the file checks of dall-e-2 never left.

Keys are alphabetical, characters beyond ASCII are escaped, a newline ends the body (172 and 173 bytes on record).
"""

from __future__ import annotations

import json

from mockserver.errors.base import ApiError


def legacy_error(
    rule: str, message: str, code: str | None = None, *, status: int = 400, kind: str = "invalid_request_error"
) -> ApiError:
    """Return a refusal laid out as in those days."""
    error = {"code": code, "message": message, "param": None, "type": kind}
    body = json.dumps({"error": error}, indent=2).encode("ascii") + b"\n"
    return ApiError(status, rule, body)


def legacy_not_one_of(param: str, value: object, values: tuple[str, ...]) -> ApiError:
    """A value outside a list; the list is printed as Python does."""
    return legacy_error("legacy-not-one-of", f"{value!r} is not one of {list(values)!r} - '{param}'")


def legacy_below_minimum(param: str, low: int, value: int) -> ApiError:
    """An integer below `low`."""
    return legacy_error("legacy-below-minimum", f"{value} is less than the minimum of {low} - '{param}'")


def legacy_above_maximum(param: str, high: int, value: int) -> ApiError:
    """An integer above `high`."""
    return legacy_error("legacy-above-maximum", f"{value} is greater than the maximum of {high} - '{param}'")


def legacy_wrong_type(param: str, value: object, kind: str) -> ApiError:
    """A form field that is not of the JSON Schema type `kind`."""
    return legacy_error("legacy-wrong-type", f"{value!r} is not of type '{kind}' - '{param}'")


def legacy_unexpected(param: str) -> ApiError:
    """A parameter that the endpoint does not know."""
    return legacy_error("legacy-unexpected", f"Additional properties are not allowed ('{param}' was unexpected)")


def legacy_missing(param: str) -> ApiError:
    """A required file or field is absent."""
    return legacy_error("legacy-missing", f"'{param}' is a required property")


def legacy_upload_format() -> ApiError:
    """An upload that is no PNG, or of 4 MB and more."""
    message = "Uploaded image must be a PNG and less than 4 MB."
    return legacy_error("legacy-upload-format", message, "invalid_image_format")


def legacy_upload_mode(modes: tuple[str, ...], mode: str) -> ApiError:
    """An upload in a colour mode that the endpoint does not read."""
    return legacy_error("legacy-upload-mode", f"Invalid input image - format must be in {list(modes)!r}, got {mode}.")


def legacy_upload_not_square(width: int, height: int) -> ApiError:
    """An upload that is not as wide as it is high."""
    message = f"Invalid input image - expected an image with equal width and height, got {width}x{height} instead."
    return legacy_error("legacy-upload-not-square", message)


def legacy_mask_size() -> ApiError:
    """A mask of another size than the image; the legacy sentence is not on record, the newer one stands in."""
    message = "Invalid mask image format - mask size does not match image size"
    return legacy_error("legacy-mask-size", message, "invalid_image_format")
