"""Certifies the clients that a command line names, one after the other; what cannot be tried does not stop the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from mockserver import __version__
from mockserver.contract.certify.again import again
from mockserver.contract.certify.behaviours import behaviours
from mockserver.contract.certify.clients import allowed, choice, registry
from mockserver.contract.certify.clients.client import ClientError
from mockserver.contract.certify.progress import Progress
from mockserver.contract.certify.session import certify
from mockserver.contract.certify.verdict import Matrix
from mockserver.contract.certify.worker import WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mockserver.contract.certify.clients.client import Allowance, Client
    from mockserver.contract.certify.verdict import Certificate

ALL: Final = "all"
"""Means every ready-made client."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be certified, and how; each as the option of the command says it."""

    clients: tuple[str, ...]
    commands: tuple[str, ...]
    python: str | None
    only: str | None
    seed: int
    examples: int
    deadline: float
    allow: Path | None


@dataclass(frozen=True, slots=True)
class _Named:
    """A client as it was written, and what makes it ready."""

    text: str
    option: str
    make: Callable[[Callable[[str], None]], Client]


def run(wanted: Wanted, trouble: Callable[[str], None]) -> Matrix:
    """Return what was found of the clients that could be tried; `trouble` hears of the others.

    Raises:
        ValueError: the pattern or the file of allowances cannot be understood.
    """
    allowances = allowed.load(wanted.allow) if wanted.allow else ()
    behaviours(wanted.only)
    found = []
    for named in _named(wanted):
        try:
            found.append(_certificate(named, wanted, allowances))
        except (ClientError, WorkerError) as error:
            trouble(str(error) if named.text in str(error) else f"{named.text}: {error}")
    return Matrix(tuple(found), datetime.now(UTC).date().isoformat(), __version__, wanted.seed)


def _certificate(named: _Named, wanted: Wanted, allowances: tuple[Allowance, ...]) -> Certificate:
    with Progress(named.text, len(behaviours(wanted.only))) as progress:
        client = named.make(progress.note)
        return certify(
            replace(client, allowances=(*client.allowances, *allowances)),
            only=wanted.only,
            seed=wanted.seed,
            examples=wanted.examples,
            deadline=wanted.deadline,
            replay=again(named.option, named.text, python=wanted.python, allow=wanted.allow),
            told=progress.told,
        )


def _named(wanted: Wanted) -> Iterator[_Named]:
    """Yield each client that is wanted, once."""
    names = [name for text in wanted.clients for name in (registry.ready_made() if text == ALL else (text,))]
    for name in dict.fromkeys(names):
        yield _Named(name, "--client", partial(_from_name, name, wanted.python))
    for words in dict.fromkeys(wanted.commands):
        yield _Named(words, "--client-cmd", partial(_from_command, words))


def _from_name(name: str, python: str | None, told: Callable[[str], None]) -> Client:
    return choice.named(name, told=told, python=python)


def _from_command(words: str, _told: Callable[[str], None]) -> Client:
    return choice.from_command(words)
