"""The legacy stack's way of judging a form: Python's JSON Schema library, over text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mockserver import errors
from mockserver.uploads import Upload

if TYPE_CHECKING:
    from collections.abc import Mapping

_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,1000}")


@dataclass(frozen=True, slots=True)
class LegacyForm:
    """The fields of one endpoint."""

    file: str
    """The field that must hold a file."""

    whole: Mapping[str, tuple[int, int]]
    """Integers, with their least and greatest value."""

    lists: Mapping[str, tuple[str, ...]]
    """Strings of a list."""

    ignored: tuple[str, ...]
    """Fields that may hold anything."""

    def read(self, fields: Mapping[str, object]) -> dict[str, object]:
        """Return the values of a form.

        Raises:
            ApiError: an unexpected field, a missing file, or a value that is not allowed.
        """
        for param in fields:
            if param not in {self.file, *self.whole, *self.lists, *self.ignored}:
                raise errors.legacy_unexpected(param)
        if self.file not in fields:
            raise errors.legacy_missing(self.file)
        file = fields[self.file]
        if not isinstance(file, Upload):
            raise errors.legacy_upload_format()
        values: dict[str, object] = {self.file: [file]}
        values |= {p: _whole(p, fields[p], *bounds) for p, bounds in self.whole.items() if p in fields}
        values |= {p: _listed(p, fields[p], members) for p, members in self.lists.items() if p in fields}
        return values


def _whole(param: str, value: object, low: int, high: int) -> int:
    if not isinstance(value, str) or not _INTEGER.fullmatch(value):
        raise errors.legacy_wrong_type(param, _printed(value), "integer")
    number = int(value)
    if number < low:
        raise errors.legacy_below_minimum(param, low, number)
    if number > high:
        raise errors.legacy_above_maximum(param, high, number)
    return number


def _listed(param: str, value: object, members: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in members:
        raise errors.legacy_not_one_of(param, _printed(value), members)
    return value


def _printed(value: object) -> object:
    """Return what is printed of a value: of a file its name, and a list is printed as Python does."""
    if isinstance(value, list):
        return [_printed(one) for one in value]
    return value.filename if isinstance(value, Upload) else value


VARIATION: Final = LegacyForm(  # lists in their recorded order, 2023 and 2025-05; the model's name is ignored
    file="image",
    whole={"n": (1, 10)},
    lists={"size": ("256x256", "512x512", "1024x1024"), "response_format": ("b64_json", "url")},
    ignored=("model", "user"),
)
