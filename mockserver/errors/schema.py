"""The first stage: a request is held against the schema, in the validator's words of 2025 and later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.errors.base import ApiError, json_type, listed, schema_error

if TYPE_CHECKING:
    from collections.abc import Sequence


def missing_parameter(param: str) -> ApiError:
    """A required parameter is absent."""
    return schema_error(
        "missing-parameter", f"Missing required parameter: '{param}'.", param, "missing_required_parameter"
    )


def unknown_parameter(param: str) -> ApiError:
    """A parameter that the model does not know; null counts as present."""
    return schema_error("unknown-parameter", f"Unknown parameter: '{param}'.", param, "unknown_parameter")


def wrong_type(param: str, expected: str, value: object) -> ApiError:
    """A JSON value of another type than `expected` names, for instance `an integer`."""
    message = f"Invalid type for '{param}': expected {expected}, but got {json_type(value)} instead."
    return schema_error("wrong-type", message, param, "invalid_type")


def value_not_supported(param: str, value: str, supported: Sequence[str]) -> ApiError:
    """A string outside the parameter's list."""
    only = f"Value must be '{supported[0]}'."
    several = f"Supported values are: {listed(supported, 'and')}."
    message = f"Invalid value: '{value}'. {only if len(supported) == 1 else several}"
    return schema_error("value-not-supported", message, param, "invalid_value")


def integer_below_minimum(param: str, low: int, value: int) -> ApiError:
    """An integer below `low`."""
    message = f"Invalid '{param}': integer below minimum value. Expected a value >= {low}, but got {value} instead."
    return schema_error("integer-below-minimum", message, param, "integer_below_min_value")


def integer_above_maximum(param: str, high: int, value: int) -> ApiError:
    """An integer above `high`."""
    message = f"Invalid '{param}': integer above maximum value. Expected a value <= {high}, but got {value} instead."
    return schema_error("integer-above-maximum", message, param, "integer_above_max_value")


def empty_string(param: str) -> ApiError:
    """A string without a character; whitespace is fine."""
    message = (
        f"Invalid '{param}': empty string. Expected a string with minimum length 1, but got an empty string instead."
    )
    return schema_error("empty-string", message, param, "empty_string")


def string_too_long(param: str, longest: int, length: int) -> ApiError:
    """A string of more than `longest` characters."""
    message = (
        f"Invalid '{param}': string too long. Expected a string with maximum length {longest}, "
        f"but got a string with length {length} instead."
    )
    return schema_error("string-too-long", message, param, "string_above_max_length")


def integer_not_convertible(param: str) -> ApiError:
    """A form field that is no integer literal: the only sentence on types that does not end in `instead`."""
    message = (
        f"Invalid type for '{param}': expected an integer, "
        "but got a string value that could not be converted into an integer."
    )
    return schema_error("integer-not-convertible", message, param, "invalid_type")


def text_for_file(param: str) -> ApiError:
    """A form field where a file is due."""
    message = f"Invalid type for '{param}': expected a file, but got a string instead."
    return schema_error("text-for-file", message, param, "invalid_type")


def files_for_file(param: str) -> ApiError:
    """Several files, or an array of one, where a model takes a single file."""
    message = f"Invalid type for '{param}': expected a file, but got an array instead."
    return schema_error("files-for-file", message, param, "invalid_type")


def duplicate_parameter(param: str) -> ApiError:
    """The same plain form field twice; the sentence is half on record."""
    syntax = f"use the array syntax instead e.g. '{param}[]=<value>'."
    message = (
        f"Duplicate parameter: '{param}'. You provided multiple values for this parameter, whereas only one is "
        f"allowed. If you are trying to provide a list of values, {syntax}"
    )
    return schema_error("duplicate-parameter", message, param, "duplicate_parameter")


def empty_array(param: str) -> ApiError:
    """An array without a member."""
    message = (
        f"Invalid '{param}': empty array. Expected an array with minimum length 1, but got an empty array instead."
    )
    return schema_error("empty-array", message, param, "empty_array")


def array_too_long(param: str, longest: int, length: int) -> ApiError:
    """An array of more than `longest` members."""
    message = (
        f"Invalid '{param}': array too long. Expected an array with maximum length {longest}, "
        f"but got an array with length {length} instead."
    )
    return schema_error("array-too-long", message, param, "array_above_max_length")


def unsupported_mimetype(param: str, sent: str, supported: Sequence[str]) -> ApiError:
    """A file whose declared media type is not on the list; its bytes are not looked at."""
    message = (
        f"Invalid file '{param}': unsupported mimetype ('{sent}'). "
        f"Supported file formats are {listed(supported, 'and')}."
    )
    return schema_error("unsupported-mimetype", message, param, "unsupported_file_mimetype")


def missing_mimetype(param: str, supported: Sequence[str]) -> ApiError:
    """A file part without a Content-Type; only the code is on record."""
    message = f"Invalid file '{param}': missing mimetype. Supported file formats are {listed(supported, 'and')}."
    return schema_error("missing-mimetype", message, param, "missing_file_mimetype")


def image_in_json() -> ApiError:
    """`image` in a JSON edit, where `images` is meant."""
    message = "Unknown parameter: 'image'. For application/json on /v1/images/edits, use 'images' (array)."
    return schema_error("image-in-json", message, "image", "invalid_value")


def images_in_form() -> ApiError:
    """`images` in a multipart edit, where `image` is meant."""
    message = "Unknown parameter: 'images'. For multipart/form-data use 'image' or 'image[]'."
    return schema_error("images-in-form", message, "images", "invalid_value")


def one_source_only(param: str) -> ApiError:
    """An image object that names both a URL and a file; no answer is on record."""
    message = f"Invalid '{param}': expected exactly one of 'image_url' or 'file_id'."
    return schema_error("one-source-only", message, param, "invalid_value")
