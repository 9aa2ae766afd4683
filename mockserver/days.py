"""Which day's API is asked: the server's choice, or that of one request."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from mockserver import errors

if TYPE_CHECKING:
    from starlette.types import Scope

HEADER: Final = b"x-mock-as-of"
"""Names a day for one request, as `YYYY-MM-DD`."""


def day_of(scope: Scope, otherwise: date) -> date:
    """Return the day whose API a request wants: that of its header, or `otherwise`.

    Raises:
        ApiError: the header is no day.
    """
    for name, value in scope["headers"]:
        if name == HEADER:
            try:
                return date.fromisoformat(value.decode("latin-1"))
            except ValueError:
                raise errors.not_a_day(value.decode("latin-1")) from None
    return otherwise
