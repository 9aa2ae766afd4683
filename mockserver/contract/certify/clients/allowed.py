"""Reads which findings of a client are allowed, and why, from a TOML file."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from mockserver.contract.certify.clients.client import Allowance, ClientError
from mockserver.contract.certify.strict import Row
from mockserver.contract.certify.verdict import FINDINGS

if TYPE_CHECKING:
    from pathlib import Path


def load(path: Path) -> tuple[Allowance, ...]:
    """Return the tables `[[allowance]]` of a file.

    Raises:
        ClientError: the file is missing, is not TOML, or says what cannot be understood.
    """
    try:
        table = Row(path.name, tomllib.loads(path.read_text("utf-8")))
        table.only("allowance")
        rows = table.take("allowance", list, [])
        return tuple(_allowance(f"{path.name}, allowance {number}", row) for number, row in enumerate(rows, 1))
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}"
        raise ClientError(message) from error
    except tomllib.TOMLDecodeError as error:
        message = f"{path.name} is not TOML: {error}"
        raise ClientError(message) from error
    except ValueError as error:
        raise ClientError(*error.args) from error


def _allowance(what: str, row: Any) -> Allowance:  # noqa: ANN401 - whatever stands in the file
    said = Row(what, row)
    said.only("behaviours", "rule", "reason", "places", "versions")
    rule, reason = said.take("rule", str), said.take("reason", str)
    if rule not in FINDINGS:
        near = get_close_matches(rule, FINDINGS, 1)
        said.refuse(f"has the rule {rule!r}; " + (f"write {near[0]!r}" if near else f"known are {', '.join(FINDINGS)}"))
    if not reason.strip():
        said.refuse("has no reason; say why this is right")
    return Allowance(
        behaviours=said.take("behaviours", str),
        rule=rule,
        reason=reason,
        places=said.take("places", str, "*"),
        versions=said.take("versions", str, "*"),
    )
