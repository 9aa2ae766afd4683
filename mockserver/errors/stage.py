"""The second stage: the model itself looks at a request that fits the schema."""

from __future__ import annotations

from mockserver.errors.base import ApiError, user_error


def model_does_not_exist(model: str) -> ApiError:
    """A model that is unknown, retired or empty: 400, never 404."""
    return user_error("model-does-not-exist", f"The model '{model}' does not exist.", "model", "invalid_value")


def _size(rule: str, size: str, why: str) -> ApiError:
    return user_error(rule, f"Invalid size '{size}'. {why}", "size", "invalid_value")


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
    return user_error("transparency-not-supported", message, "background", "invalid_value")


def transparent_jpeg() -> ApiError:
    """A transparent background in a format without alpha; the sentence has no period."""
    message = "Transparent background is not supported for JPEG output format"
    return user_error("transparent-jpeg", message, None, "invalid_transparent_background_output_format")


def compressed_png() -> ApiError:
    """A compression below 100 for a lossless format; the sentence has no period, param null is assumed."""
    message = "Compression less than 100 is not supported for PNG output format"
    return user_error("compressed-png", message, None, "invalid_png_output_compression")


def partial_images_without_stream() -> ApiError:
    """Partial images where nothing is streamed; whether the sentence ends in a period is unknown."""
    message = "Partial images are only supported with streaming"
    return user_error("partial-images-without-stream", message, "input", "unsupported_parameter")


def stream_of_many() -> ApiError:
    """A stream of several pictures."""
    message = "Streaming is only supported with n=1."
    return user_error("stream-of-many", message, "input", "unsupported_parameter")


def fidelity_not_supported(model: str) -> ApiError:
    """`input_fidelity` where the model has none; `model` is the id as sent."""
    message = f"The model '{model}' does not support the 'input_fidelity' parameter."
    return user_error("fidelity-not-supported", message, "input_fidelity", "invalid_input_fidelity_model")


def unreadable_upload(number: int, request_id: str) -> ApiError:
    """An uploaded file that is no image, has several frames, or a colour mode that is not read; counted from 1."""
    message = (
        f"Invalid image file or mode for image {number}, please check your image file. If you believe this is an "
        f"error, contact us at help.openai.com and include the request ID {request_id}."
    )
    return user_error("unreadable-upload", message, None, "invalid_image_file")


def unreadable_reference(param: str) -> ApiError:
    """Something that `images[i].image_url` or a `file_id` names, and that is no image."""
    return user_error("unreadable-reference", "Invalid image data.", param, "invalid_image_file")


def unknown_file(param: str, file_id: str) -> ApiError:
    """A `file_id` that names nothing; the words are those of the files endpoint, for want of a capture."""
    return user_error("unknown-file-id", f"No such File object: {file_id}", param, "invalid_value")


def mask_size_differs() -> ApiError:
    """A mask of another size than the first image; no period, param null is assumed."""
    message = "Invalid mask image format - mask size does not match image size"
    return user_error("mask-size-differs", message, None, "invalid_mask_image_format")


def mask_without_alpha() -> ApiError:
    """A mask that has no alpha channel; no period, param null is assumed."""
    message = "Invalid mask image format - mask image missing alpha channel"
    return user_error("mask-without-alpha", message, None, "invalid_mask_image_format")
