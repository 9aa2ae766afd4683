"""The table of commands, each imported only when it is run."""

from __future__ import annotations

from typing import Final

import click

from mockserver import __version__
from mockserver.cli.help import HELP_OPTION, INTRODUCTION, Taught, write_examples
from mockserver.cli.lazy import LazyGroup

COMMANDS: Final = {
    "serve": ("mockserver.cli.serve:command", "Answer requests until Ctrl-C; what mockserver alone does."),
    "models": ("mockserver.cli.models:command", "Show which models there are, on any day, and what changes next."),
    "scenarios": ("mockserver.cli.scenarios:command", "Show what can be made to go wrong, and how clients take it."),
    "contract": ("mockserver.cli.contract:command", "Write the OpenAPI contract, and hold it against OpenAI's."),
    "certify": ("mockserver.contract.certify.command:command", "Certify a client: what it sends, and does on failure."),
    "cases": ("mockserver.contract.cases:command", "Compare a server with replies seen from the real API."),
}
"""Name → where the click command is, and the line that the help gives it."""

DEFAULT: Final = "serve"

_OWN_OPTIONS: Final = {"--help", "-h", "--version"}


class Commands(LazyGroup):
    """Finds commands in `COMMANDS`; a line without a command means `DEFAULT`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default command where none is given."""
        if not args or (args[0].startswith("-") and args[0] not in _OWN_OPTIONS):
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Teach everything that most people need on one page: the default command's options too."""
        formatter.write_text(INTRODUCTION)
        self.format_commands(ctx, formatter)
        write_examples(formatter)
        default = self.get_command(ctx, DEFAULT)
        if isinstance(default, Taught):
            default.write_sections(formatter)
            default.write_environment(formatter)


@click.group(cls=Commands, table=COMMANDS, context_settings=HELP_OPTION)
@click.version_option(__version__, prog_name="mockserver", message="%(prog)s %(version)s")
def group() -> None:
    """Stand in for the OpenAI Images API."""
