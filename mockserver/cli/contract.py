"""`mockserver contract …`: the contract as a document, and what is done with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import click

from mockserver.apis import Api
from mockserver.cli import values
from mockserver.cli.help import HELP_OPTION
from mockserver.cli.lazy import LazyGroup
from mockserver.contract.document.examples import SERVER

COMMANDS: Final = {
    "check": ("mockserver.contract.provider.command:command", "Hold a server against it, rule by rule."),
    "diff": ("mockserver.cli.contract_diff:command", "Tell what a newer document of OpenAI's would change."),
    "write": ("mockserver.cli.contract:write", "Write the OpenAPI document of this server."),
}


@click.group("contract", cls=LazyGroup, table=COMMANDS, invoke_without_command=True, context_settings=HELP_OPTION)
@click.pass_context
def command(context: click.Context) -> None:
    """Work with the contract: what the server takes and answers, model by model, as an OpenAPI 3.1 document.

    A server serves its own at /openapi.json.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def _origin(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    url = urlsplit(value)
    if url.scheme not in {"http", "https"} or not url.netloc:
        msg = f"{value!r} is no address such as {SERVER}"
        raise click.BadParameter(msg)
    return value.rstrip("/")


@click.command("write", context_settings=HELP_OPTION)
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--as-of", type=values.DAY, help="The API of a day; without it, all that was ever documented.")
@click.option("--server", metavar="URL", default=SERVER, show_default=True, callback=_origin, help="Its address.")
def write(file: Path | None, as_of: date | None, server: str) -> None:
    """Write the OpenAPI document to FILE, or without one to the standard output.

    The models of a day, for instance: mockserver contract write --as-of 2026-11-23 november.json
    """
    from mockserver.contract.document.openapi import written  # noqa: PLC0415 - the help does not need the table

    text = written(Api(as_of or date.max), server)
    if file is None:
        click.echo(text, nl=False)
        return
    try:
        file.write_text(text)
    except OSError as error:
        msg = f"cannot write {file}: {(error.strerror or str(error)).lower()}"
        raise click.UsageError(msg) from error
