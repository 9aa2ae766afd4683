"""How the help looks: what the program is, examples first, options in sections."""

from __future__ import annotations

from typing import Any, Final

import click

HELP_OPTION: Final = {"help_option_names": ["-h", "--help"]}

INTRODUCTION: Final = (
    "mockserver stands in for the OpenAI Images API: offline, for free, the same every time."
    " Point a client at it and change nothing else."
)

_COLUMN: Final = 23  # characters of the longest option and its value: all sections align

_EXAMPLES: Final = (
    ("mockserver", "answer on http://127.0.0.1:8080/v1"),
    ("mockserver --port 0", "take any free port and print it"),
    ("mockserver --api-key sk-ci", "refuse every other key"),
    ("mockserver --latency 0.1", "take a tenth of the real API's time"),
    ("MOCKSERVER_PORT=9000 mockserver", "choose through the environment"),
)


class Sectioned(click.Option):
    """An option that knows under which heading of the help it stands."""

    def __init__(self, *args: Any, section: str, **kwargs: Any) -> None:  # noqa: ANN401  # click's own
        super().__init__(*args, **kwargs)
        self.section = section


class Taught(click.Command):
    """A command whose help has sections."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write usage, examples, sections and environment."""
        formatter.write_usage(ctx.command_path, "[OPTIONS]")
        formatter.write_paragraph()
        formatter.write_text(self.help or "")
        write_examples(formatter)
        self.write_sections(formatter)
        self.write_environment(formatter)

    def write_sections(self, formatter: click.HelpFormatter) -> None:
        """Write the options under their headings, in the order in which they were declared."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for option in self._options():
            default = "" if option.default in (None, ()) or option.multiple else f"  [{option.default}]"
            name = f"{option.opts[0]} {option.type.name}"
            sections.setdefault(option.section, []).append((f"{name:<{_COLUMN}}", f"{option.help}{default}"))
        for heading, rows in sections.items():
            with formatter.section(heading):
                formatter.write_dl(rows)

    def write_environment(self, formatter: click.HelpFormatter) -> None:
        """Write the variables that stand for options."""
        with formatter.section("Environment"):
            formatter.write_text("A variable stands for each option, which overrides it:")
            formatter.write_text(" ".join(str(option.envvar) for option in self._options()))

    def _options(self) -> list[Sectioned]:
        return [parameter for parameter in self.params if isinstance(parameter, Sectioned)]


def write_examples(formatter: click.HelpFormatter) -> None:
    """Write the examples as they can be typed."""
    with formatter.section("Examples"):
        formatter.write_dl(_EXAMPLES, col_max=40)
