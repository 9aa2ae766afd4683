"""Servers with one bug each: the rule table with one thing changed, made from the table row by row.

A bug that no client could tell is not made; a comment or a table says why.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from mockserver import checks, models, params
from mockserver.app import create_app
from mockserver.clashes import CLASHES
from mockserver.legacy import VARIATION
from mockserver.models import GPT_IMAGE_1, MODELS
from mockserver.rules import Anything, OneOf, Whole
from mockserver.settings import Settings

from .broken_rules import broken, mislabelled
from .other_budgets import other_budgets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from starlette.types import ASGIApp

    from mockserver.clashes import Clash
    from mockserver.models import Model
    from mockserver.rules import Rule


@dataclass(frozen=True)
class Mutant:
    """One bug: a name in a module that means something else."""

    id: str
    place: object
    name: str
    value: object
    operations: tuple[str, ...] = ("generations", "edits")
    """The endpoints that have it."""

    model: str | None = None
    """The model whose row has it; None where it is every model's."""

    params: frozenset[str] = frozenset()
    """The parameters that it is about; empty where it is none in particular."""

    @contextmanager
    def app(self) -> Iterator[ASGIApp]:
        """Give the server that has the bug, while the block lasts."""
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(self.place, self.name, self.value)
                models.models_of.cache_clear()
                yield create_app(Settings())
        finally:
            models.models_of.cache_clear()


ENDPOINTS: Final[Mapping[str, str]] = {"generate": "generations", "edit": "edits"}
"""Field of a row to the endpoint whose rules it holds."""

INVISIBLE: Final[Mapping[str, str]] = {
    "moderation": "no reply tells how strictly a picture was moderated",
    "style": "no reply tells the style of a picture",
}
"""Defaults that could be anything, and why nobody would notice."""


def mutants() -> Iterator[Mutant]:
    """Yield every bug."""
    for row in MODELS.values():
        for field, operation in ENDPOINTS.items():
            yield from _rule_mutants(row, field, operation)
        yield from _default_mutants(row)
        yield from _row_mutants(row)
    yield from _picture_mutants()
    yield from _clash_mutants()
    yield from _variation_mutants()
    yield from _no_model_mutants()


def _of_row(row: Model, what: str, operations: tuple[str, ...], about: set[str], **changed: Any) -> Mutant:  # noqa: ANN401 - any field of a row
    value = {**MODELS, row.id: replace(row, **changed)}
    return Mutant(f"{row.id}: {what}", models, "MODELS", value, operations, row.id, frozenset(about))


def _rule_mutants(row: Model, field: str, operation: str) -> Iterator[Mutant]:
    rules: Mapping[str, Rule] = getattr(row, field)
    if not rules:
        return

    def mutant(what: str, param: str, changed: Mapping[str, Rule]) -> Mutant:
        return _of_row(row, f"{operation}: {param} {what}", (operation,), {param}, **{field: changed})

    for param, rule in rules.items():
        for what, bug in broken(rule, texts=bool(row.files) and field == "edit"):
            yield mutant(what, param, {**rules, param: bug})
        if (param, field) != ("prompt", "edit"):  # an edit cannot be read without it
            yield mutant("is unknown", param, {name: rule for name, rule in rules.items() if name != param})
    for param, rule in _foreign(rules, operation).items():
        yield mutant("is taken", param, {**rules, param: rule})


def _foreign(rules: Mapping[str, Rule], operation: str) -> dict[str, Rule]:
    """Return rules of parameters that a row does not know: those of other rows, and one that nobody knows."""
    others: dict[str, Rule] = {"steps": Anything()}
    for row in MODELS.values():
        others |= {**row.generate, **row.edit}
    if operation == "generations":
        others["mask"] = Anything()
    return {param: rule for param, rule in others.items() if param not in rules}


_ALIKE: Final = {("auto", "medium"), ("auto", "opaque"), *(("auto", size) for size in GPT_IMAGE_1.auto_sizes)}
"""What `auto` may turn into, which is then the same."""


def _default_mutants(row: Model) -> Iterator[Mutant]:
    operations = ("generations", *(["edits"] if row.edit else []))
    for param, value in row.defaults.items():
        rule = row.generate.get(param)
        if param in INVISIBLE or rule is None:  # dall-e-2 does not know `quality`, and tells nobody which it had
            continue
        for other in _others(rule, value):
            if param != "quality" or row.tokens:
                yield _of_row(
                    row, f"{param} is {other} by default", operations, {param}, defaults={**row.defaults, param: other}
                )


def _others(rule: Rule, value: object) -> Iterator[object]:
    """Yield other values that a parameter could have by default."""
    if isinstance(rule, OneOf):
        yield from (one for one in rule.values if one != value and (value, one) not in _ALIKE)
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1 if value < getattr(rule, "high", value) else value - 1
    elif value == "auto":
        yield "1040x1040"


def _row_mutants(row: Model) -> Iterator[Mutant]:
    everywhere = ("generations", *(["edits"] if row.edit else []))

    def mutant(what: str, about: set[str], **changed: Any) -> Mutant:  # noqa: ANN401 - any field of a row
        return _of_row(row, what, everywhere, about, **changed)

    gone = {name: other for name, other in MODELS.items() if name != row.id}
    yield Mutant(f"{row.id}: is gone", models, "MODELS", gone, everywhere, row.id, frozenset({"model"}))
    yield mutant("generation ids", set(), generation_ids=not row.generation_ids)
    yield mutant("revised prompts", set(), revises_prompt=not row.revises_prompt)
    if row.tokens:  # the others have no background, fidelity or auto
        yield mutant("no usage", set(), tokens=None, price=None, each=_EVERY_PRICE)
        yield mutant("transparency", {"background"}, transparent=not row.transparent)
        yield mutant("fidelity", {"input_fidelity"}, fidelity=not row.fidelity)
        yield mutant("auto is another quality", {"quality"}, auto_quality="low")
        yield mutant("auto is another size", {"size"}, auto_sizes=("512x512",))
    if row.pixels:
        yield mutant("no pixel budget", {"size"}, pixels=None)
        yield from (mutant(f"budget {what}", {"size"}, pixels=other) for what, other in other_budgets(row.pixels))
    if row.files:
        yield from _file_mutants(row)


class _AnyPrice(dict[str, float]):
    def __missing__(self, _: str) -> float:
        return 0.0


_EVERY_PRICE: Final = _AnyPrice()


def _file_mutants(row: Model) -> Iterator[Mutant]:
    """Yield bugs in how the legacy stack looks at pictures: on edits, and on variations."""
    files = row.files
    assert files is not None
    changes: dict[str, dict[str, Any]] = {
        "reads RGB": {"edit_modes": (*files.edit_modes, "RGB")},
        "reads no RGBA": {"edit_modes": files.edit_modes[1:]},
        "reads no grey": {"edit_modes": ("RGBA", "LA")},
        "takes 4 MB": {"most_bytes": files.most_bytes + 1},
    }
    for what, changed in changes.items():
        yield _of_row(row, f"edits: {what}", ("edits",), {"image"}, files=replace(files, **changed))
    varied: dict[str, dict[str, Any]] = {
        "reads grey": {"variation_modes": (*files.variation_modes, "L")},
        "reads no RGB": {"variation_modes": files.variation_modes[1:]},
        "reads no RGBA": {"variation_modes": files.variation_modes[:1]},
        "takes 4 MB": {"most_bytes": files.most_bytes + 1},
    }
    for what, changed in varied.items():
        value = replace(row, files=replace(files, **changed))
        yield Mutant(f"variations: {what}", checks, "DALL_E_2", value, ("variations",), None, frozenset({"image"}))


def _picture_mutants() -> Iterator[Mutant]:
    for name in ("FORM_PICTURES", "JSON_PICTURES", "LEGACY_PICTURES"):
        rules: Mapping[str, Rule] = getattr(params, name)
        for param, rule in rules.items():
            for what, bug in broken(rule, texts=name != "JSON_PICTURES"):
                value = {**rules, param: bug}
                yield Mutant(f"{name}: {param} {what}", params, name, value, ("edits",), None, frozenset({param}))


def _clash_mutants() -> Iterator[Mutant]:
    for place, clash in enumerate(CLASHES):
        about = frozenset(clash.values)
        name = "-".join(clash.values)
        for what, changed in _bent_clashes(clash):
            value = (*CLASHES[:place], *changed, *CLASHES[place + 1 :])
            yield Mutant(f"{name} {place}: {what}", params, "CLASHES", value, params=about)


def _bent_clashes(clash: Clash) -> Iterator[tuple[str, tuple[Clash, ...]]]:
    """Yield a rule across parameters with one bug: gone, wider or narrower by one value, or told wrongly."""
    yield "is gone", ()
    for field in ("param", "code", "type"):
        yield f"mislabels {field}", (replace(clash, refusal=_mislabelling(clash, field)),)
    for param, values in clash.values.items():
        for what, other in _other_values(param, values):
            yield f"{param} {what}", (replace(clash, values={**clash.values, param: other}),)


def _mislabelling(clash: Clash, field: str) -> Any:  # noqa: ANN401 - what a refusal is made by
    return lambda model: mislabelled(clash.refusal(model), field)


def _other_values(param: str, values: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - a range or a tuple
    if isinstance(values, range):
        low = min(rule.low for row in MODELS.values() if isinstance(rule := row.generate.get(param), Whole))
        more = range(values.start - 1, values.stop) if values.start > low else range(values.start, values.stop + 1)
        yield "refuses one more", more
        yield "refuses one less", range(values.start + 1, values.stop)
        yield "is not refused at the end", range(values.start, values.stop - 1)
    else:
        yield from ((f"{value} goes", tuple(one for one in values if one != value)) for value in values)


def _variation_mutants() -> Iterator[Mutant]:
    def mutant(what: str, param: str, **changed: Any) -> Mutant:  # noqa: ANN401 - any field of a form
        value = replace(VARIATION, **changed)
        return Mutant(
            f"variations: {param} {what}", checks, "VARIATION", value, ("variations",), None, frozenset({param})
        )

    for param, (low, high) in VARIATION.whole.items():
        for what, bounds in {
            "one below": (low - 1, high),
            "one above": (low, high + 1),
            "refuses the lowest": (low + 1, high),
            "refuses the highest": (low, high - 1),
        }.items():
            yield mutant(what, param, whole={**VARIATION.whole, param: bounds})
        yield mutant("is unknown", param, whole={})
    for param, values in VARIATION.lists.items():
        for value in values:
            left = tuple(one for one in values if one != value)
            yield mutant(f"refuses {value}", param, lists={**VARIATION.lists, param: left})
        yield mutant("takes empty text", param, lists={**VARIATION.lists, param: (*values, "")})
        others = {name: members for name, members in VARIATION.lists.items() if name != param}
        yield mutant("is unknown", param, lists=others)
    for param in VARIATION.ignored:
        yield mutant("is unknown", param, ignored=tuple(one for one in VARIATION.ignored if one != param))
    for param in ("prompt", "quality", "steps", "mask"):
        yield mutant("is taken", param, ignored=(*VARIATION.ignored, param))


def _no_model_mutants() -> Iterator[Mutant]:
    """Yield bugs in what an omitted model means; a row of the same family is the same to everyone."""
    for name, others in {
        "DEFAULT_MODEL": ("dall-e-3", "gpt-image-1"),
        "DEFAULT_GPT_MODEL": ("dall-e-2", "gpt-image-2"),
        "DEFAULT_EDIT_MODEL": ("dall-e-2", "gpt-image-2"),
    }.items():
        for other in others:
            yield Mutant(f"{name} is {other}", params, name, MODELS[other], params=frozenset({"model"}))
