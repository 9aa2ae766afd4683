"""`mockserver serve`: the server in the foreground."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import click

from mockserver.cli import values
from mockserver.cli.help import HELP_OPTION, Sectioned, Taught
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable


def _option(section: str, name: str, kind: values.Value, text: str, **more: Any) -> Callable[..., Any]:  # noqa: ANN401  # click's own
    """Declare `--name`, with its environment variable."""
    variable = f"MOCKSERVER_{name.upper().replace('-', '_')}"
    return click.option(f"--{name}", cls=Sectioned, section=section, type=kind, help=text, envvar=variable, **more)


_SWITCH: Final[dict[str, Any]] = {"is_flag": False, "flag_value": "yes", "default": "no"}
"""What makes the bare name of an option mean yes."""

_LISTENS = "Where it listens"
_ANSWERS = "How it answers"
_RUNS = "How it runs"


@click.command("serve", cls=Taught, context_settings=HELP_OPTION)
@_option(_LISTENS, "host", values.HOST, "Name or address of this machine.", default="127.0.0.1")
@_option(_LISTENS, "port", values.PORT, "Port; 0 takes any free one and prints it.", default="8080")
@_option(_ANSWERS, "api-key", values.API_KEY, "Accept this key only; repeatable.  [any]", multiple=True)
@_option(
    _ANSWERS,
    "latency",
    values.LATENCY,
    "none, real, or a share of it such as 0.1.",
    default="none",
)
@_option(
    _ANSWERS,
    "picture-bytes",
    values.PICTURE_BYTES,
    "light, or real: as heavy as real files.",
    default="light",
)
@_option(_ANSWERS, "as-of", values.DAY, "Serve the API of that day.  [all of it]", default=None)
@_option(_ANSWERS, "checks", values.CHECKS, "full, or schema: only what OpenAI publishes.", default="full")
@_option(_ANSWERS, "tier", values.TIER, "Enforce images per minute of tier 1 to 5.  [none]", default=None)
@_option(_ANSWERS, "script", values.SCRIPT, "What is to go wrong; see scenarios script.", default=None)
@_option(_ANSWERS, "watch", values.SWITCH, "Read the script again when it changes.", **_SWITCH)
@_option(_ANSWERS, "deployment", values.DEPLOYMENT, "Azure deployment of a model; repeatable.", multiple=True)
@_option(_ANSWERS, "seed", values.SEED, "Changes every picture and identifier.", default="0")
@_option(_RUNS, "require-space", values.SWITCH, "Refuse requests that name no space.", **_SWITCH)
@_option(_RUNS, "control-token", values.API_KEY, "Open /_mock/ to other machines, for this key.", default=None)
@_option(_RUNS, "journal", values.JOURNAL, "Exchanges to keep for /_mock/journal.", default="0")
@_option(_RUNS, "log-level", values.LOG_LEVEL, "debug, info, warning or error; on stderr.", default="info")
@_option(_RUNS, "workers", values.WORKERS, "Processes that answer, 1 to 64.", default="1")
def command(  # noqa: PLR0913  # one parameter per option
    *,
    host: str,
    port: int,
    api_key: tuple[str, ...],
    latency: float,
    picture_bytes: str,
    as_of: date | None,
    checks: Literal["full", "schema"],
    tier: int | None,
    script: str | None,
    watch: bool,
    require_space: bool,
    control_token: str | None,
    journal: int,
    deployment: tuple[tuple[str, str], ...],
    seed: int,
    log_level: str,
    workers: int,
) -> None:
    """Answer requests until Ctrl-C, which lets those in flight finish; a second one ends at once."""
    from mockserver import banner  # noqa: PLC0415  # the help needs no server
    from mockserver.server import BindError, serve  # noqa: PLC0415  # nor this

    settings = Settings(
        api_keys=api_key,
        latency=latency,
        real_weight=picture_bytes == "real",
        as_of=as_of or date.max,
        checks=checks,
        tier=tier,
        script=script,
        watch=watch,
        require_space=require_space,
        control_token=control_token,
        journal=journal,
        deployments=deployment,
        seed=seed,
    )
    _check_script(script, watch=watch)
    try:
        serve(
            settings,
            host=host,
            port=port,
            workers=workers,
            log_level=log_level,
            on_ready=lambda url: banner.show(url, settings, workers),
        )
    except BindError as error:
        raise click.UsageError(str(error)) from error


def _check_script(script: str | None, *, watch: bool) -> None:
    """Refuse a script that cannot be read before anything is started."""
    if script is None:
        if watch:
            msg = "--watch reads a script again: name the file with --script FILE"
            raise click.UsageError(msg)
        return
    from mockserver.lines import read_script  # noqa: PLC0415 - most servers have none
    from mockserver.scenarios.scenario import ScenarioError  # noqa: PLC0415 - as above

    try:
        read_script(Path(script))
    except (ScenarioError, OSError) as error:
        text = f"{script}: {error.strerror}" if isinstance(error, OSError) else str(error)
        raise click.UsageError(text) from None
