"""`mockserver models`: the rule table, as a person wants to see it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import click

from mockserver.apis import Api
from mockserver.cli import values
from mockserver.cli.help import HELP_OPTION
from mockserver.models import MODELS, Model, models_of
from mockserver.rules import OneOf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@click.command("models", context_settings=HELP_OPTION)
@click.option("--as-of", type=values.DAY, envvar="MOCKSERVER_AS_OF", help="The day to look at; without it, all models.")
def command(as_of: date | None) -> None:
    """Show the models that the server knows: sizes, qualities, price, dates, and what changes next."""
    for model in models_of(Api(as_of or date.max)).values():
        base = _base(model)
        until = model.retired.isoformat() if model.retired else "today"
        price = _prices(model) if base is None else f"as {base}"
        click.echo(f"{model.id:<34} {model.released.isoformat()} to {until:<10}  {price}")
        if base is None:
            click.echo(f"    {_listed(model, 'quality') or 'standard'}")
            click.echo(f"    {_listed(model, 'size') or 'any WIDTHxHEIGHT in multiples of 16, up to 3840x2160'}")
            click.echo(f"    {', '.join(_serves(model))}")
    click.echo()
    for line in _changes(as_of):
        click.echo(line)


def _base(model: Model) -> str | None:
    """Return the id that a dated snapshot is one of; None for others."""
    return next((name for name in MODELS if re.fullmatch(rf"{re.escape(name)}-\d{{4}}-\d\d-\d\d", model.id)), None)


def _serves(model: Model) -> list[str]:
    serves = ["generations"]
    serves += ["edits"] if model.edit else []
    serves += ["variations"] if model.files else []
    serves += ["streams"] if "stream" in model.generate else []
    return serves + (["transparent backgrounds"] if model.transparent else [])


def _listed(model: Model, param: str) -> str:
    rule = model.generate.get(param)
    return " ".join(rule.values) if isinstance(rule, OneOf) else ""


def _prices(model: Model) -> str:
    """Return what a 1024x1024 picture costs at low, medium and high (or standard and hd), without its prompt."""
    if model.tokens is None or model.price is None:
        return " ".join(f"${price:.3f}" for size, price in model.each.items() if size.endswith("1024x1024"))
    levels = ("low", "medium", "high")
    costs = [model.tokens.pictures(1, level, 1024, 1024) * model.price.image_out / 1_000_000 for level in levels]
    return " ".join(f"${cost:.3f}" for cost in costs)


def _changes(as_of: date | None) -> Iterator[str]:
    """Tell what comes and goes after a day."""
    if as_of is None:
        yield "All models are served at once; --as-of DATE serves, and shows, one day's."
        return
    coming = sorted(_events(), key=lambda event: event[0])
    later = [f"{day.isoformat()}  {what}" for day, what in coming if day > as_of]
    yield f"After {as_of.isoformat()}:" if later else f"Nothing is known to change after {as_of.isoformat()}."
    yield from (f"  {line}" for line in later)


def _events() -> Iterable[tuple[date, str]]:
    for model in MODELS.values():
        yield model.released, f"{model.id} comes"
        if model.retired:
            yield model.retired, f"{model.id} goes"
