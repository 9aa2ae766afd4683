"""The table of commands, each imported only when it is run."""

from __future__ import annotations

from importlib import import_module
from typing import Final

import click

from mockserver import __version__
from mockserver.cli.help import HELP_OPTION, INTRODUCTION, Taught, write_examples

COMMANDS: Final = {
    "serve": ("mockserver.cli.serve:command", "Answer requests until Ctrl-C; what mockserver alone does."),
    "models": ("mockserver.cli.models:command", "Show which models there are, on any day, and what changes next."),
    "scenarios": ("mockserver.cli.scenarios:command", "Show what can be made to go wrong, and how clients take it."),
    "cases": ("mockserver.contract.cases:command", "Compare a server with replies seen from the real API."),
}
"""Name → where the click command is, and the line that the help gives it."""

DEFAULT: Final = "serve"

_OWN_OPTIONS: Final = {"--help", "-h", "--version"}


class LazyGroup(click.Group):
    """Finds commands in `COMMANDS`; a line without a command means `DEFAULT`."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command, or return None for a name that is not in the table."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default command where none is given."""
        if not args or (args[0].startswith("-") and args[0] not in _OWN_OPTIONS):
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Refuse an unknown command with the nearest one, or with all."""
        if args[0] not in COMMANDS:
            from difflib import get_close_matches  # noqa: PLC0415  # only a mistake pays for it

            near = get_close_matches(args[0], COMMANDS, 1)
            advice = f"did you mean {near[0]}?" if near else f"the commands are {', '.join(COMMANDS)}"
            msg = f"no command {args[0]}: {advice}"
            raise click.UsageError(msg, ctx)
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Teach everything that most people need on one page: the default command's options too."""
        formatter.write_text(INTRODUCTION)
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])
        write_examples(formatter)
        default = self.get_command(ctx, DEFAULT)
        if isinstance(default, Taught):
            default.write_sections(formatter)
            default.write_environment(formatter)


@click.group(cls=LazyGroup, context_settings=HELP_OPTION)
@click.version_option(__version__, prog_name="mockserver", message="%(prog)s %(version)s")
def group() -> None:
    """Stand in for the OpenAI Images API."""
