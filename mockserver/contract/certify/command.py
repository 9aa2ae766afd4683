"""`mockserver certify`: puts clients through every behaviour and says what holds."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from mockserver.contract.certify import thresholds
from mockserver.contract.certify.report import files, terminal
from mockserver.contract.certify.report.account import clean
from mockserver.contract.certify.report.document import read
from mockserver.contract.certify.report.reading import DocumentError
from mockserver.contract.certify.report.sums import joined, total

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mockserver.contract.certify.verdict import Matrix

_HOLDS, _FAILS, _UNTRIED = 0, 1, 2
_STDOUT: Final = "-"


_HELP: Final = """\
Certify clients of the Images API: what they send, what they return, how they take failure.

A client is driven against a server of its own. What it was asked is compared with what arrived, what was answered
with what it returned, and every failure of the catalogue is played to it, lasting and passing.

\b
mockserver certify --client openai-python            a ready-made client, installed on demand
mockserver certify --client my_pkg.images:generate   a function of yours
mockserver certify --client-cmd 'node client.mjs'    any language, by a small line protocol
mockserver certify --client openai-node --only 'fails.*.once' -v
mockserver certify --client all --json all.json --html all.html
mockserver certify --from all.json --markdown -      another form, without another run
mockserver certify --client mine:draw --allow known.toml --fail-under 95 --junit out.xml

Status 0: all that was judged holds, is allowed, or reaches --fail-under. 1: something fails. 2: it could not be
tried.
"""


def _file(form: str, text: str) -> Callable[..., Any]:
    """Declare the option of a form of the report."""
    return click.option(f"--{form}", metavar="FILE", help=text)


@click.command(
    "certify",
    help=_HELP,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.option(
    "--client",
    "clients",
    metavar="NAME",
    multiple=True,
    help="A ready-made client, as NAME or NAME@VERSION; a Python callable, as pkg.mod:name; or all.",
)
@click.option(
    "--client-cmd", "commands", metavar="COMMAND", multiple=True, help="A command that speaks the line protocol."
)
@click.option("--python", metavar="PROGRAM", help="The interpreter that the callable needs.  [this one]")
@click.option("--only", metavar="PATTERN", help="Only behaviours whose ids contain this, or match its * and ?.")
@click.option("--list", "lists", is_flag=True, help="Say which clients and behaviours there are.")
@click.option("--seed", type=int, default=42, show_default=True, help="What chance begins with.")
@click.option(
    "--examples",
    type=click.IntRange(0, 100_000),
    default=40,
    show_default=True,
    help="Requests by chance for each operation, beside those that try each value in turn.",
)
@click.option(
    "--deadline", type=click.FloatRange(0.1, 600), default=10.0, show_default=True, help="Seconds that a call may take."
)
@click.option("--allow", metavar="FILE", type=Path, help="TOML tables [[allowance]]: behaviours, rule, reason.")
@click.option(
    "--fail-under",
    "least",
    metavar="PERCENT",
    multiple=True,
    help="Be content with less: 95, or sends=100 for one group.",
)
@click.option(
    "--from", "kept", metavar="FILE", multiple=True, type=Path, help="Show what --json wrote, also of several runs."
)
@_file("json", "Write everything, for --from; - is stdout, here and below.")
@_file("markdown", "Write sums and what fails, for a pull request.")
@_file("junit", "Write a test case for each cell.")
@_file("sarif", "Write a result for each finding, for code scanning.")
@_file("html", "Write one page with every witness.")
@_file("badge", "Write an SVG; for shields.io where FILE ends in .json.")
@click.option("-v", "--verbose", is_flag=True, help="Tell the witness of each failure.")
@click.pass_context
def command(context: click.Context, /, **options: Any) -> None:  # noqa: ANN401 - one of each option
    """Certify clients, or show what was kept of it."""
    least = _thresholds(options["least"])
    outputs = _outputs(options)
    if options["lists"]:
        click.echo("\n".join(_listed(options["only"])))
        return
    troubles: list[str] = []
    matrix = _matrix(options, troubles)
    if matrix.certificates or not troubles:
        _show(matrix, outputs, verbose=options["verbose"])
    context.exit(_status(matrix, least, troubles))


def _refuse(text: str) -> NoReturn:
    """End the command with one line and status 2."""
    raise click.UsageError(text)


def _thresholds(texts: Sequence[str]) -> list[thresholds.Threshold]:
    try:
        return [thresholds.read(text) for text in texts]
    except ValueError as error:
        _refuse(f"--fail-under: {error}")


def _outputs(options: Mapping[str, Any]) -> dict[str, str]:
    """Return the file of each form that is wanted."""
    wanted = {form: options[form] for form in files.FORMS if options[form]}
    if list(wanted.values()).count(_STDOUT) > 1:
        _refuse("only one form can go to stdout")
    for form, file in wanted.items():
        trouble = None if file == _STDOUT else files.trouble(file)
        if trouble:
            _refuse(f"--{form}: {trouble}")
    return wanted


def _listed(only: str | None) -> list[str]:
    from mockserver.contract.certify import listing  # noqa: PLC0415 - what was kept is shown without the extra
    from mockserver.contract.certify.behaviours import behaviours  # noqa: PLC0415 - as above
    from mockserver.contract.certify.clients.registry import ready_made  # noqa: PLC0415 - as above

    try:
        chosen = behaviours(only)
    except ValueError as error:
        _refuse(f"--only: {error}")
    return [
        *listing.clients(ready_made().values()),
        *listing.behaviours(chosen, _columns() if sys.stdout.isatty() else 1000),
    ]


def _matrix(options: Mapping[str, Any], troubles: list[str]) -> Matrix:
    """Return what was kept and what is found now, as one."""
    kept = [_kept(path) for path in options["kept"]]
    if options["clients"] or options["commands"]:
        kept.append(_found(options, troubles))
    elif not kept:
        _refuse("say which client: --client NAME, --client pkg.mod:name or --client-cmd COMMAND; --list names them")
    return joined(kept)


def _kept(path: Path) -> Matrix:
    try:
        return read(path.read_bytes())
    except OSError as error:
        _refuse(f"--from: {path}: {(error.strerror or str(error)).lower()}")
    except DocumentError as error:
        _refuse(f"--from: {path}: {error}")


def _found(options: Mapping[str, Any], troubles: list[str]) -> Matrix:
    _need_extra()
    from mockserver.contract.certify.running import Wanted, run  # noqa: PLC0415 - it needs the extra

    wanted = Wanted(**{field.name: options[field.name] for field in fields(Wanted)})

    def trouble(text: str) -> None:
        troubles.append(text)
        click.echo("\n".join(map(clean, f"mockserver: {text}".splitlines())), err=True)

    try:
        return run(wanted, trouble)
    except ValueError as error:
        _refuse(str(error))


def _need_extra() -> None:
    if find_spec("schemathesis") is None:
        _refuse("certify needs an extra: pip install 'images-mockserver[contract]'")


def _show(matrix: Matrix, outputs: Mapping[str, str], *, verbose: bool) -> None:
    """Write the files, and the report unless stdout is wanted for one of them."""
    for form, file in outputs.items():
        if file != _STDOUT:
            try:
                files.write(form, file, matrix)
            except OSError as error:
                _refuse(f"--{form}: {file}: {(error.strerror or str(error)).lower()}")
    piped = next((form for form, file in outputs.items() if file == _STDOUT), None)
    text = files.text(piped, _STDOUT, matrix) if piped else terminal.render(matrix, _look(verbose=verbose))
    click.echo(text, nl=False, color=True)


def _look(*, verbose: bool) -> terminal.Look:
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return terminal.Look(_columns(), colour, verbose)


def _columns() -> int:
    return shutil.get_terminal_size((100, 24)).columns


def _status(matrix: Matrix, least: Sequence[thresholds.Threshold], troubles: Sequence[str]) -> int:
    """Return the exit status, and say on stderr why it is not 0."""
    judged = total(cell for certificate in matrix.certificates for cell in certificate.cells).judged
    if not judged and not troubles:
        click.echo("mockserver: nothing could be judged", err=True)
    if troubles or not judged:
        return _UNTRIED
    short = list(thresholds.shortfalls(matrix, least))
    for text in short if least else ():  # else the report has told
        click.echo(f"mockserver: {text}", err=True)
    return _FAILS if short else _HOLDS
