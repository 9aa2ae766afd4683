"""The clients that come ready-made, one row each in registry.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mockserver.contract.certify.clients import allowed
from mockserver.contract.certify.clients.environments import Environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mockserver.contract.certify.clients.client import Allowance
    from mockserver.contract.certify.clients.environments import Kind

HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """One client and the releases that were tried."""

    name: str
    about: str
    kind: Kind
    releases: tuple[tuple[str, ...], ...]
    """Pinned packages of each, the client's own first; the newest release first."""

    adapter: tuple[str, ...]
    """A file of the folder `adapters`, and its arguments."""

    kinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """As in `Client`."""

    @property
    def versions(self) -> tuple[str, ...]:
        """Return the versions that were tried, the newest first."""
        return tuple(_version(packages[0]) for packages in self.releases)

    @property
    def allowances(self) -> tuple[Allowance, ...]:
        """Return what is allowed to it."""
        path = HERE / "allowances" / f"{self.name}.toml"
        return allowed.load(path) if path.exists() else ()

    def environment(self, version: str | None = None) -> Environment:
        """Return where a version lives; None for the newest.

        A version that was not tried goes with the other packages of its major version, else of the newest.
        """
        wanted = version or self.versions[0]
        near = [packages for packages in self.releases if _major(_version(packages[0])) == _major(wanted)]
        own, *others = (near or self.releases)[0]
        own = own.removesuffix(_version(own)) + wanted
        return Environment(f"{self.name} {wanted}", self.kind, (own, *others))


@cache
def ready_made() -> Mapping[str, ReadyMade]:
    """Return every row by its name."""
    table = tomllib.loads((HERE / "registry.toml").read_text("utf-8"))
    return {name: _row(name, **row) for name, row in table.items()}


def _row(  # noqa: PLR0913 - the keys of a row
    name: str,
    *,
    about: str,
    kind: Kind,
    releases: list[list[str]],
    adapter: list[str],
    kinds: Mapping[str, list[str]] | None = None,
) -> ReadyMade:
    pinned = tuple(map(tuple, releases))
    classes = {error: tuple(names) for error, names in (kinds or {}).items()}
    return ReadyMade(name, about, kind, pinned, tuple(adapter), classes)


def _version(package: str) -> str:
    return re.split("==|(?<=.)@", package)[-1]


def _major(version: str) -> str:
    return version.partition(".")[0]
