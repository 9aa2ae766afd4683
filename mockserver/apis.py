"""Which API a request asks: that of a day, by OpenAI's own door or by Azure's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from mockserver import errors
from mockserver.request_head import head_of

if TYPE_CHECKING:
    from starlette.types import Scope

HEADER: Final = b"x-mock-as-of"
"""Names a day for one request, as `YYYY-MM-DD`."""

AZURE: Final = "mockserver.azure"
"""Key of a scope that came through Azure's door; its value maps the name of a deployment to that of a model."""


@dataclass(frozen=True, slots=True)
class Api:
    """One API among those that can be imitated."""

    day: date = date.max
    """`date.max` is everything that was ever documented, in its newest words."""

    azure: bool = False

    @property
    def newest(self) -> bool:
        """Whether no day was chosen."""
        return self.day == date.max


NEWEST: Final = Api()


@dataclass(slots=True)
class Served:
    """Which API a space serves to requests that name no day; tests move it."""

    day: date


def api_of(scope: Scope, otherwise: date) -> Api:
    """Return the API that a request asks: of the day in its header, or of `otherwise`.

    Raises:
        ApiError: the header names no day.
    """
    named = head_of(scope).named.get(HEADER)
    day = otherwise if named is None else _day(named.decode("latin-1"))
    return Api(day, azure=AZURE in scope) if day is not date.max or AZURE in scope else NEWEST


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise errors.not_a_day(text) from None
