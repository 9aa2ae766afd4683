"""Where the contract and OpenAI's published document part, each way, and why where it is known."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, Literal

from mockserver import datafiles

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["accepted", "refused", "sent", "unsent"]

KINDS: Final[Mapping[Kind, str]] = {
    "accepted": "we accept, and they do not",
    "refused": "they accept, and we refuse",
    "sent": "we send, and they do not declare",
    "unsent": "they declare, and we never send",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing on which the two do not agree."""

    kind: Kind
    operation: str
    within: str
    """`json`, `form`, `reply` or `events`."""

    family: str
    """Whose request it is; `*` where it is nobody's alone."""

    param: str
    """The place in the request or the reply, such as `size` or `data[].url`; empty for all of it."""

    words: str
    """Which values, see `beyond.Beyond`."""

    @property
    def at(self) -> str:
        """Return the place in one line, such as `edits json gpt-image-2 size`."""
        return " ".join(part for part in (self.operation, self.within, self.family, self.param) if part)


@dataclass(frozen=True, slots=True)
class Known:
    """A row of `contracts/differences.toml`: differences of one reason."""

    kind: Kind
    at: tuple[str, ...]
    """Patterns of places; `*` stands for anything."""

    words: tuple[str, ...]
    reason: str
    source: str
    documents: tuple[str, ...]
    """Dates of the documents that differ so; empty for every one."""

    def covers(self, difference: Difference) -> bool:
        """Return whether the row lists a difference."""
        here = any(fnmatchcase(difference.at, pattern) for pattern in self.at)
        return here and self.kind == difference.kind and difference.words in self.words


def known(date: str | None = None) -> list[Known]:
    """Return the differences that are listed with their reason, for the document of a date or for any."""
    rows = tomllib.loads(datafiles.path("contracts", "differences.toml").read_text())["difference"]
    told = [
        Known(
            kind=row["kind"],
            at=tuple(row["at"]),
            words=tuple(row["words"]),
            reason=row["reason"],
            source=row["source"],
            documents=tuple(row.get("documents", ())),
        )
        for row in rows
    ]
    return [row for row in told if date is None or not row.documents or date in row.documents]
