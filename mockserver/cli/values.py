"""What an option may hold: how it is read, and the words that say what is accepted."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from mockserver.models import MODELS

if TYPE_CHECKING:
    from collections.abc import Callable


class Value(click.ParamType):  # type: ignore[type-arg]  # generic only in the newest click
    """A kind of value: `name` stands in the help, `accepted` completes "'x' is not …"."""

    def __init__(self, name: str, accepted: str, read: Callable[[str], object]) -> None:
        self.name = name
        self.accepted = accepted
        self.read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401  # click's own
        """Return the value that the text means."""
        try:
            return self.read(value)
        except ValueError:
            shown = value if len(value) < _LONGEST_SHOWN else f"{value[:_LONGEST_SHOWN]}…"
            self.fail(f"{shown!r} is not {self.accepted}", param, ctx)


_LONGEST_SHOWN: Final = 60  # characters of a bad value


def _refuse(value: object) -> NoReturn:
    raise ValueError(value)


def _whole(low: float, high: float) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text)
        return number if low <= number <= high else _refuse(number)

    return read


def _factor(text: str) -> float:
    words = {"none": 0.0, "real": 1.0}
    factor = words[text.lower()] if text.lower() in words else float(text)
    return factor if factor >= 0 and math.isfinite(factor) else _refuse(factor)


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        return text.lower() if text.lower() in words else _refuse(text)

    return read


def _path(text: str) -> str:
    return text or _refuse(text)


def _switch(text: str) -> bool:
    return text.lower() == "yes" if text.lower() in {"yes", "no"} else _refuse(text)


def _deployment(text: str) -> tuple[str, str]:
    name, _, model = text.partition("=")
    return (name, model) if name and model in MODELS else _refuse(text)


def _token(text: str) -> str:
    """Read what can stand in an HTTP header and a URL: printable ASCII without spaces."""
    return text if text and text.isascii() and text.isprintable() and " " not in text else _refuse(text)


HOST: Final = Value("HOST", "a host name or an address", _token)
PORT: Final = Value("PORT", "a whole number from 0 to 65535", _whole(0, 65535))
WORKERS: Final = Value("NUMBER", "a whole number from 1 to 64", _whole(1, 64))
SCRIPT: Final = Value("FILE", "a file", _path)
SWITCH: Final = Value("[YES]", "yes or no", _switch)
TIER: Final = Value("TIER", "a usage tier from 1 to 5", _whole(1, 5))
JOURNAL: Final = Value("NUMBER", "a whole number from 0 to 1000000", _whole(0, 1_000_000))
SEED: Final = Value("NUMBER", "a whole number", _whole(-math.inf, math.inf))
API_KEY: Final = Value("KEY", "a key: printable ASCII without spaces", _token)
LATENCY: Final = Value("FACTOR", "none, real, or a factor of 0 or more such as 0.1", _factor)
DAY: Final = Value("DATE", "a day, written YYYY-MM-DD", date.fromisoformat)
DEPLOYMENT: Final = Value(
    "NAME=MODEL", "a deployment and the model behind it, such as my-images=gpt-image-1", _deployment
)
CHECKS: Final = Value("LEVEL", "full or schema", _one_of("full", "schema"))
PICTURE_BYTES: Final = Value("WEIGHT", "light or real", _one_of("light", "real"))
LOG_LEVEL: Final = Value("LEVEL", "debug, info, warning or error", _one_of("debug", "info", "warning", "error"))
