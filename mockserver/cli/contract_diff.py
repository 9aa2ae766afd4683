"""`mockserver contract diff`: what a newer published document would change for clients that work here."""

from __future__ import annotations

import json
from pathlib import Path

import click

from mockserver.cli.help import HELP_OPTION
from mockserver.contract.document.published import UnreadableDocumentError, read
from mockserver.contract.document.report import Comparison
from mockserver.contract.document.used import UnreadableJournalError, read_journal


@click.command("diff", context_settings=HELP_OPTION)
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--journal", metavar="WHERE", help="Only what the requests of a journal meet: JSON or HAR, a file or a URL."
)
@click.option("--all", "every", is_flag=True, help="Also the differences that are listed, with their reasons.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON document.")
@click.pass_context
def command(context: click.Context, file: Path, journal: str | None, *, every: bool, as_json: bool) -> None:
    """Hold the contract against an OpenAPI document that OpenAI published, JSON or YAML, and tell where they part.

    What is long known stands in contracts/differences.toml, and is not told again. With a journal, which a server keeps
    that was started with --journal, only what its client asks or gets.

    \b
    mockserver contract diff openapi.yaml
    mockserver contract diff openapi.yaml --journal http://127.0.0.1:8080/_mock/journal

    Status 0: nothing new. 1: something would change. 2: it could not be tried.
    """  # noqa: D301 - click wants the character itself
    try:
        found = Comparison(read(file), None if journal is None else read_journal(journal))
    except (UnreadableDocumentError, UnreadableJournalError) as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(found.as_json(str(file)), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(found.lines(str(file), every=every)))
    context.exit(1 if found.new else 0)
