"""The worker's side of the line protocol for adapters in Python, from 3.9 on, with the standard library alone."""

from __future__ import annotations

import json
import os
import platform
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Call = Callable[[dict[str, Any]], Any]
    """Takes what is asked, returns what the client gives its caller."""


class CannotError(Exception):
    """The client has no way to say what is asked; the text tells why."""


def stdout() -> BinaryIO:
    """Return where lines go, and send whatever else the process prints to stderr: clients greet, warn and advise."""
    lines = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return lines


def serve(hello: Mapping[str, Any], calls: Mapping[str, Call], lines: BinaryIO | None = None) -> None:
    """Say hello, then answer each line of stdin with what its operation's call gives, until stdin ends."""
    told = lines or stdout()

    def say(line: Mapping[str, Any]) -> None:
        told.write(json.dumps(line).encode("ascii") + b"\n")
        told.flush()

    say({"ready": 1, "runtime": f"Python {platform.python_version()}", **hello})
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        say({"id": asked["id"], **_answer(calls[asked["op"]], asked)})


def _answer(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"ok": True, "value": call(asked)}
    except CannotError as reason:
        return {"cannot": str(reason)}
    except Exception as error:  # noqa: BLE001 - whatever the client raises is its answer
        return {"ok": False, "error": raised(error)}


def raised(error: BaseException) -> dict[str, Any]:
    """Return what an exception tells, from its own fields alone; the status from those of its `response` too."""
    kind = type(error)
    places = [error, getattr(error, "response", None)]
    statuses = [getattr(place, name, None) for place in places for name in ("status_code", "status")]
    told = {
        "class": kind.__name__,
        "lineage": [each.__name__ for each in kind.__mro__ if each is not object],
        "module": kind.__module__.partition(".")[0],
        "message": str(error),
        "status": next((value for value in statuses if type(value) is int), None),
    }
    for name in ("code", "param", "type", "request_id"):
        value = getattr(error, name, None)
        told[name] = value if isinstance(value, str) else None  # the code of urllib's is a number: the status again
    return told
