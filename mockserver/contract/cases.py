"""`mockserver cases`: holds a server against every reply that the real API was seen to give."""

from __future__ import annotations

import http.client
import json
import os
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mockserver import datafiles
from mockserver.contract import report
from mockserver.contract.load import load
from mockserver.contract.play import Player
from mockserver.contract.run import DIFFERS, Abilities, Outcome, run
from mockserver.contract.target import host_of, is_loopback, progress, refuse, unreachable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mockserver.contract.case import Case
    from mockserver.contract.play import Nature

_LOCAL_KEY = "sk-mock"
_AGREE, _DIFFER = 0, 1


@dataclass(frozen=True, slots=True)
class _Target:
    """Where the cases go, and with which key."""

    base_url: str
    api_key: str
    local: bool


def stored() -> Path:
    """Return the folder of the cases that came with this version."""
    return datafiles.path("contracts", "cases")


@click.command("cases", context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--base-url",
    metavar="URL",
    default="http://127.0.0.1:8080/v1",
    show_default=True,
    help="The server to compare, /v1 included.",
)
@click.option(
    "--api-key",
    metavar="KEY",
    envvar="OPENAI_API_KEY",
    show_envvar=True,
    help=f"The key to send; {_LOCAL_KEY} to this machine if there is none.",
)
@click.option("--spend", is_flag=True, help="Also send to another host the cases that cost money there.")
@click.option("-k", "pattern", metavar="PATTERN", help="Only ids that contain this, or match its * and ?.")
@click.option("--cases", "folder", metavar="PATH", type=Path, help="A file or a folder of *.toml instead of our own.")
@click.option("--list", "lists", is_flag=True, help="Say which cases there are and where they stand.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON document.")
def command(  # noqa: PLR0913 - one parameter per option
    *,
    base_url: str,
    api_key: str | None,
    spend: bool,
    pattern: str | None,
    folder: Path | None,
    lists: bool,
    as_json: bool,
) -> None:
    """Compare a server with the replies that the real API was seen to give.

    Status 0: all played cases agree. 1: some differ. 2: it could not be tried.
    """
    context = click.get_current_context()
    context.color = False if os.environ.get("NO_COLOR") else None
    cases = _chosen(folder or stored(), pattern)
    if lists:
        _list(cases, as_json=as_json)
        return
    target = _target(base_url, api_key)
    outcomes = _play(cases, target, spend=spend, shows=not as_json)
    if as_json:
        _write_json(report.document(target.base_url, outcomes))
    else:
        click.echo("\n".join([*report.table(outcomes), "", report.summary(outcomes)]))
    differs = any(outcome.verdict == DIFFERS for outcome in outcomes)
    context.exit(_DIFFER if differs else _AGREE)


def _chosen(folder: Path, pattern: str | None) -> list[Case]:
    if not folder.exists():
        refuse(f"no cases at {folder}: no such file or folder")
    try:
        cases = load(folder)
    except ValueError as error:
        refuse(str(error))
    wild = pattern if pattern and set(pattern) & set("*?[") else f"*{pattern or ''}*"
    chosen = [case for case in cases if fnmatchcase(case.id, wild)]
    if not chosen:
        refuse(f"no case matches -k {pattern}" if pattern else f"no cases in {folder}")
    return chosen


def _list(cases: Sequence[Case], *, as_json: bool) -> None:
    if as_json:
        _write_json([report.entry(case) for case in cases])
    else:
        click.echo("\n".join(report.listing(cases)))


def _target(base_url: str, api_key: str | None) -> _Target:
    host = host_of(base_url)
    local = is_loopback(host)
    if not (api_key or local):
        refuse(f"{host} wants a key: --api-key KEY or OPENAI_API_KEY")
    return _Target(base_url.rstrip("/"), api_key or _LOCAL_KEY, local)


def _play(cases: Sequence[Case], target: _Target, *, spend: bool, shows: bool) -> list[Outcome]:
    outcomes = []
    with Player(target.base_url, target.api_key) as player:
        nature = _reach(player, target)
        abilities = Abilities(spend or target.local, nature.knows_keys, nature.is_mock)
        for outcome in run(cases, player, abilities):
            outcomes.append(outcome)
            if shows:
                _show(outcome, len(outcomes), len(cases))
    if shows:
        progress("")
    return outcomes


def _reach(player: Player, target: _Target) -> Nature:
    try:
        return player.nature()
    except (OSError, http.client.HTTPException) as error:
        unreachable(target.base_url, error, local=target.local)


def _show(outcome: Outcome, number: int, total: int) -> None:
    if outcome.verdict == DIFFERS:
        progress("")
        click.echo("\n".join(report.failure(outcome)))
    progress(f"{number}/{total}  {outcome.case.id}")


def _write_json(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
