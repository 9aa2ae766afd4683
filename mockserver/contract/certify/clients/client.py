"""A client under test: the command that starts its worker, and what is allowed to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mockserver.contract.certify.verdict import Finding


class ClientError(ValueError):
    """A client that cannot be had or be started; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """Findings of a client that are accepted, with the reason why."""

    behaviours: str
    """Which behaviours, as a pattern of ids with `*` and `?`: `sends.*`, `returns.generate`."""

    rule: str
    """A key of `FINDINGS`."""

    reason: str
    """Why, in a sentence, with its source."""

    places: str = "*"
    """Which places, in the same way: `data[*].url`."""

    versions: str = "*"
    """Which versions of the client, as a pattern: `6.*`."""

    def covers(self, behaviour: str, finding: Finding, version: str) -> bool:
        """Return whether it accepts a finding of a version of the client."""
        return finding.rule == self.rule and all(
            fnmatchcase(value, pattern.replace("[", "[[]"))  # `data[*].size` means the brackets that it writes
            for value, pattern in (
                (behaviour, self.behaviours),
                (finding.place, self.places),
                (version, self.versions),
            )
        )


@dataclass(frozen=True, slots=True)
class Client:
    """What `certify` runs."""

    name: str
    """As it was asked for: `openai-python`, `my_pkg.images:generate`, `node my_client.js`."""

    command: tuple[str, ...]
    """Starts a worker that speaks the line protocol."""

    cwd: Path | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    """Added to this process's environment."""

    allowances: tuple[Allowance, ...] = ()
    kinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names of its classes by kind of error, where status and lineage do not tell: `rate_limit` -> `("TooFast",)`."""
