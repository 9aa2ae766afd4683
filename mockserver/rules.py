"""What one parameter may hold. A rule checks a parsed JSON value and returns it, or raises what the API says.

Rules know nothing of other parameters; those live in `params`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Protocol

from mockserver import errors

_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,1000}")
"""An integer literal; longer ones than Python makes an integer of are none."""


class Rule(Protocol):
    """One parameter's rule."""

    @property
    def nullable(self) -> bool:
        """Whether null means the same as absent."""

    @property
    def required(self) -> bool:
        """Whether it must be given."""

    def from_text(self, param: str, text: str) -> object:
        """Return what a form field means; a form sends everything as text.

        Raises:
            ApiError: the text cannot be read as the rule's type.
        """

    def check(self, param: str, value: object) -> object:
        """Return `value` as the server will use it.

        Raises:
            ApiError: the value is not allowed, in the API's words.
        """


@dataclass(frozen=True, slots=True)
class Text:
    """A string of 1 to `longest` characters."""

    longest: int
    nullable: bool = False
    required: bool = True

    def from_text(self, param: str, text: str) -> str:  # noqa: ARG002 - every rule has this shape
        """Return the text."""
        return text

    def check(self, param: str, value: object) -> str:
        """Return the string."""
        if not isinstance(value, str):
            raise errors.wrong_type(param, "a string", value)
        if not value:
            raise errors.empty_string(param)
        if len(value) > self.longest:
            raise errors.string_too_long(param, self.longest, len(value))
        return value


@dataclass(frozen=True, slots=True)
class AnyText:
    """Any string; what it must say is checked at the second stage."""

    nullable: bool = True
    required: bool = False

    def from_text(self, param: str, text: str) -> str:  # noqa: ARG002 - every rule has this shape
        """Return the text."""
        return text

    def check(self, param: str, value: object) -> str:
        """Return the string."""
        if not isinstance(value, str):
            raise errors.wrong_type(param, "a string", value)
        return value


@dataclass(frozen=True, slots=True)
class Whole:
    """An integer from `low` to `high`. `2.0` is one (OpenAPI 3.1 says so); `"2"` is not."""

    low: int
    high: int
    nullable: bool = True
    required: bool = False

    def from_text(self, param: str, text: str) -> int:
        """Return the integer whose literal the text is."""
        if not _INTEGER.fullmatch(text):
            raise errors.integer_not_convertible(param)
        return int(text)

    def check(self, param: str, value: object) -> int:
        """Return the integer."""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise errors.wrong_type(param, "an integer", value)
        if value < self.low:
            raise errors.integer_below_minimum(param, self.low, value)
        if value > self.high:
            raise errors.integer_above_maximum(param, self.high, value)
        return value


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a list of strings, in the order in which the API lists them."""

    values: tuple[str, ...]
    nullable: bool = True
    required: bool = False

    def from_text(self, param: str, text: str) -> str:  # noqa: ARG002 - every rule has this shape
        """Return the text."""
        return text

    def check(self, param: str, value: object) -> str:
        """Return the string."""
        if not isinstance(value, str):
            raise errors.wrong_type(param, f"one of {errors.listed(self.values, 'or')}", value)
        if value not in self.values:
            raise errors.value_not_supported(param, value, self.values)
        return value


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    nullable: bool = True
    required: bool = False

    def from_text(self, param: str, text: str) -> bool | str:  # noqa: ARG002 - every rule has this shape
        """Return the boolean that the text spells; other text is left for `check` to refuse (assumed)."""
        return {"true": True, "false": False}.get(text.lower(), text)

    def check(self, param: str, value: object) -> bool:
        """Return the boolean."""
        if not isinstance(value, bool):
            raise errors.wrong_type(param, "a boolean", value)
        return value


@dataclass(frozen=True, slots=True)
class Anything:
    """A value that nobody looks at: `user: 123` was accepted by the real API."""

    nullable: bool = True
    required: bool = False

    def from_text(self, param: str, text: str) -> str:  # noqa: ARG002 - every rule has this shape
        """Return the text."""
        return text

    def check(self, param: str, value: object) -> object:  # noqa: ARG002 - every rule has this shape
        """Return the value."""
        return value


@dataclass(frozen=True, slots=True)
class PixelBudget:
    """What a free WIDTHxHEIGHT may be, checked at the second stage."""

    multiple: int
    """Both sides are multiples of this many pixels."""

    ratio: int
    """The longer side is at most this many times the shorter one."""

    edge: int
    """Pixels of the longer side at most."""

    least: int
    """Pixels at least."""

    most: int
    """Pixels at most."""

    def check(self, size: str) -> tuple[int, int]:
        """Return (width, height) in pixels.

        Order as measured in 2026-08: divisibility, ratio before floor, edge before ceiling.

        Raises:
            ApiError: the size is not one the model makes.
        """
        width, height = _parsed(size)
        if width % self.multiple or height % self.multiple:
            raise errors.size_not_divisible(size, self.multiple)
        if max(width, height) > self.ratio * min(width, height):
            raise errors.size_too_wide(size, self.ratio)
        if max(width, height) > self.edge:
            raise errors.size_edge_too_long(size, self.edge)
        if width * height < self.least:
            raise errors.size_below_budget(size)
        if width * height > self.most:
            raise errors.size_above_budget(size)
        return width, height


_SIDE: Final = re.compile("[0-9]{1,1000}")


def _parsed(size: str) -> tuple[int, int]:
    width, _, height = size.partition("x")
    if not (_SIDE.fullmatch(width) and _SIDE.fullmatch(height)) or not int(width) or not int(height):
        raise errors.size_not_parsable(size)
    return int(width), int(height)


def dimensions(size: str) -> tuple[int, int]:
    """Return (width, height) in pixels of a WIDTHxHEIGHT that is known to be right."""
    width, _, height = size.partition("x")
    return int(width), int(height)
