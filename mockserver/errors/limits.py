"""What is said when too much is asked for: in a minute, at once, or for the money."""

from __future__ import annotations

from mockserver.errors.base import ApiError, envelope
from mockserver.errors.legacy import legacy_error


def too_many_images(  # noqa: PLR0913, PLR0917 - what the sentence tells
    organization: str, model: str, limit: int, used: int, requested: int, delay: float
) -> ApiError:
    """More pictures in a minute than a gpt-image model's bucket holds; `delay` in seconds until it may be tried again.

    No header tells the delay: none is on record, and clients read the sentence.
    """
    message = (
        f"Rate limit reached for {model} (for limit gpt-image) in organization {organization} on input-images per min: "
        f"Limit {limit}, Used {used}, Requested {requested}. Please try again in {_told(delay)}. "
        "Visit https://platform.openai.com/account/rate-limits to learn more."
    )
    return _limited("too-many-images", message)


def too_many_images_at_once(organization: str, model: str, limit: int, requested: int) -> ApiError:
    """More pictures in one request than a minute allows: waiting does not help."""
    message = (
        f"Request too large for {model} (for limit gpt-image) in organization {organization} on input-images per min: "
        f"Limit {limit}, Requested {requested}. "
        "You can increase your rate limit by adding a payment method to your account."
    )
    return _limited("too-many-images-at-once", message)


def _limited(rule: str, message: str) -> ApiError:
    return ApiError(429, rule, envelope(message, "input-images", None, "rate_limit_exceeded"))


def too_many_dall_e_images(organization: str, limit: int, current: int) -> ApiError:
    """The same for DALL-E, in words of its own and without a delay."""
    message = (
        f"Rate limit exceeded for images per minute in organization {organization}. Limit: {limit}/1min. "
        f"Current: {current}/1min. Please visit https://platform.openai.com/docs/guides/rate-limits "
        "to learn how to increase your rate limit."
    )
    return legacy_error("too-many-dall-e-images", message, "rate_limit_exceeded", status=429, kind="requests")


def budget_spent() -> ApiError:
    """The money is gone: a 400, which no client retries."""
    body = envelope(
        "Billing hard limit has been reached.", "billing_limit_user_error", None, "billing_hard_limit_reached"
    )
    return ApiError(400, "budget-spent", body)


def dall_e_budget_spent() -> ApiError:
    """The same in DALL-E's days, without a full stop; 172 bytes."""
    return legacy_error("dall-e-budget-spent", "Billing hard limit has been reached", "billing_hard_limit_reached")


def _told(seconds: float) -> str:
    """Return a delay as the API writes it: `12s`, `240ms`."""
    return f"{seconds:g}s" if seconds >= 1 else f"{round(seconds * 1000)}ms"
