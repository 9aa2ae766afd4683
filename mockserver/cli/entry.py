"""Runs one command line and turns every mistake of the user into one line and status 2."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from mockserver.cli.commands import group

if TYPE_CHECKING:
    from collections.abc import Sequence

_USER_ERROR = 2
_INTERRUPTED = 130  # what a shell reports for a command that Ctrl-C ended


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line `arguments` (None = the process's own) and return the exit status."""
    try:
        status = group.main(arguments, prog_name="mockserver", standalone_mode=False)
    except click.ClickException as error:
        click.echo(f"mockserver: {sentence(error)}", err=True)
        return max(_USER_ERROR, error.exit_code)
    except click.Abort:
        return _INTERRUPTED
    except BrokenPipeError:  # such as `mockserver --help | head -1`
        from mockserver.server.log import discard  # noqa: PLC0415  # the help needs no server

        discard(sys.stdout)
        return 0
    return status if isinstance(status, int) else 0


def sentence(error: click.ClickException) -> str:
    """Return what is wrong as one line, without click's capitals and full stops."""
    if isinstance(error, click.NoSuchOption):
        return f"no option {error.option_name}{_advice(error)}"
    if isinstance(error, click.BadParameter) and error.message and error.param is not None:
        return f"{_place(error)}: {' '.join(error.message.split())}"
    text = " ".join(error.format_message().split()).removesuffix(".")
    return text[:1].lower() + text[1:]


def _advice(error: click.NoSuchOption) -> str:
    if error.possibilities:
        return f": did you mean {error.possibilities[0]}?"
    command = error.ctx.command_path if error.ctx is not None else "mockserver"
    return f": see {command} --help"


def _place(error: click.BadParameter) -> str:
    """Return where the bad value stands: an environment variable or an option."""
    parameter, context = error.param, error.ctx
    if parameter is None:
        return "a value"
    if context is not None and parameter.name is not None:
        source = context.get_parameter_source(parameter.name)
        if source is click.core.ParameterSource.ENVIRONMENT:
            return str(parameter.envvar)
    return parameter.opts[0] if isinstance(parameter, click.Option) else parameter.human_readable_name
