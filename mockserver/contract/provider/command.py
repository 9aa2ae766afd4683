"""`mockserver contract check`: holds a server against the contract, rule by rule."""

from __future__ import annotations

import http.client
import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import click

from mockserver.contract.provider import told
from mockserver.contract.provider.expected import Granted
from mockserver.contract.provider.gate import Outcome, found
from mockserver.contract.provider.suite import suite
from mockserver.contract.provider.targets import Remote
from mockserver.contract.target import host_of, is_loopback, progress, refuse, unreachable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mockserver.contract.provider.case import Case

_LOCAL_KEY: Final = "sk-mock"
_AGREE, _DIFFER = 0, 1
_AT_ONCE: Final = 2
"""Requests under way: while one reply is looked at, the server draws the next."""


@click.command("check", context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--base-url",
    metavar="URL",
    default="http://127.0.0.1:8080/v1",
    show_default=True,
    help="The server to check, /v1 included.",
)
@click.option(
    "--api-key",
    metavar="KEY",
    envvar="OPENAI_API_KEY",
    show_envvar=True,
    help=f"The key to send; {_LOCAL_KEY} to this machine if there is none.",
)
@click.option("--seed", metavar="NUMBER", type=int, default=0, show_default=True, help="Draws other requests.")
@click.option(
    "--examples",
    metavar="NUMBER",
    type=click.IntRange(0),
    default=100,
    show_default=True,
    help="Requests of each endpoint that are drawn by chance.",
)
@click.option("-k", "pattern", metavar="TEXT", default="", help="Only cases whose id contains this.")
@click.option("--list", "lists", is_flag=True, help="Say which cases there are.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON document.")
@click.option("--spend", is_flag=True, help="Also ask another host for pictures, which cost money there.")
def command(  # noqa: PLR0913 - one parameter per option
    *,
    base_url: str,
    api_key: str | None,
    seed: int,
    examples: int,
    pattern: str,
    lists: bool,
    as_json: bool,
    spend: bool,
) -> None:
    """Hold a server against the contract: every rule of every model, alone, with the verdict that is due.

    What is right must be granted, with pictures of the size, format and number asked for; what is wrong must be refused
    with the right status, type, param and code.

    Status 0: all as the contract says. 1: something differs. 2: it could not be tried.
    """
    context = click.get_current_context()
    context.color = False if os.environ.get("NO_COLOR") else None
    local = is_loopback(host_of(base_url))
    if not (api_key or local):
        refuse("--api-key: another host wants a key; give one, or set OPENAI_API_KEY")
    progress("making the cases")
    cases = list(suite(seed=seed, examples=examples, pattern=pattern))
    if not cases:
        refuse(f"no case matches -k {pattern}")
    if lists:
        click.echo("\n".join(case.id for case in cases))
        return
    started = time.monotonic()
    asked = [case for case in cases if local or spend or not isinstance(case.due, Granted)]
    outcomes = _run(asked, base_url, api_key or _LOCAL_KEY, shows=not as_json)
    seconds = time.monotonic() - started
    if as_json:
        click.echo(json.dumps(told.document(base_url, outcomes, seconds), indent=2))
    else:
        click.echo(told.summary(outcomes, seconds))
        if len(asked) < len(cases):
            click.echo(f"  {len(cases) - len(asked):,} left out: they cost money there; --spend asks them too")
    context.exit(_DIFFER if any(outcome.faults for outcome in outcomes) else _AGREE)


def _run(cases: Sequence[Case], base_url: str, api_key: str, *, shows: bool) -> list[Outcome]:
    _reach(base_url, api_key, cases[0])
    outcomes = []
    for outcome in _asked(cases, base_url, api_key):
        outcomes.append(outcome)
        if outcome.faults and shows:
            progress("")
            click.echo("\n".join(told.failure(outcome, base_url)))
        progress(f"{len(outcomes):,}/{len(cases):,}  {outcome.case.id}")
    progress("")
    return outcomes


def _reach(base_url: str, api_key: str, case: Case) -> None:
    try:
        with Remote(base_url, api_key) as target:
            target.ask(case.request())
    except (OSError, http.client.HTTPException) as error:
        unreachable(base_url, error, local=is_loopback(host_of(base_url)))


def _asked(cases: Iterable[Case], base_url: str, api_key: str) -> Iterator[Outcome]:
    """Yield what came of each case, in order; each thread keeps a connection alive."""
    own = threading.local()
    opened: list[Remote] = []

    def ask(case: Case) -> Outcome:
        if not hasattr(own, "target"):
            own.target = Remote(base_url, api_key)
            opened.append(own.target)
        return Outcome(case, tuple(found(case, own.target)))

    try:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            yield from pool.map(ask, cases)
    finally:
        for target in opened:
            target.close()
