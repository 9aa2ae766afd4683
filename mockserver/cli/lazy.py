"""A group of commands that are imported only when they are run."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

EXTRA: Final = "pip install 'images-mockserver[contract]'"


class LazyGroup(click.Group):
    """Finds commands in a table: name → where the click command is, and the line that the help gives it."""

    def __init__(self, *args: Any, table: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:  # noqa: ANN401  # click's
        super().__init__(*args, **kwargs)
        self.table = table

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(self.table)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command, or return None for a name that is not in the table.

        Raises:
            UsageError: it needs what an extra brings, and that is not installed.
        """
        if cmd_name not in self.table:
            return None
        module, _, attribute = self.table[cmd_name][0].partition(":")
        try:
            command: click.Command = getattr(import_module(module), attribute)
        except ModuleNotFoundError as error:
            if str(error.name).startswith("mockserver"):
                raise
            msg = f"{cmd_name} needs {error.name}, which an extra brings: {EXTRA}"
            raise click.UsageError(msg) from error
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Refuse an unknown command with the nearest one, or with all."""
        if args[0] not in self.table:
            from difflib import get_close_matches  # noqa: PLC0415  # only a mistake pays for it

            near = get_close_matches(args[0], self.table, 1)
            advice = f"did you mean {near[0]}?" if near else f"the commands are {', '.join(self.table)}"
            msg = f"no command {args[0]}: {advice}"
            raise click.UsageError(msg, ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self.table.items()])
