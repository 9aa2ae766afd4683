"""The families say of every request what the server says of it."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from mockserver import params
from mockserver.apis import NEWEST, Api
from mockserver.checks import CHECKS
from mockserver.contract.document.families import Family, families
from mockserver.contract.document.sizes import pattern
from mockserver.errors import ApiError
from mockserver.models import FORM_RULES, MODELS, models_of
from mockserver.rules import PixelBudget
from mockserver.uploads import Upload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mockserver.contract.document.families import Media, Operation
    from mockserver.params import Accepted

ENDPOINTS: tuple[tuple[Operation, Media], ...] = (
    ("generations", "json"),
    ("edits", "json"),
    ("edits", "form"),
    ("variations", "form"),
)
APIS = [NEWEST, Api(date(2025, 5, 1)), Api(date(2026, 11, 23)), Api(date(2026, 12, 24)), Api(azure=True)]
PICTURE = Upload("image/png", 1, "dot.png", BytesIO(b"x"))
URL = {"image_url": "https://example.com/dot.png"}

WORDS = sorted(
    {word for row in MODELS.values() for rule in row.edit.values() for word in getattr(rule, "values", ())}
    | {word for row in MODELS.values() for rule in row.generate.values() for word in getattr(rule, "values", ())}
)
ODD: list[Any] = [
    "",
    "x" * 1001,
    "x" * 4001,
    "16x16",
    "3840x2160",
    "1920x1088",
    "1024x",
    0,
    1,
    2,
    3,
    4,
    10,
    11,
    99,
    100,
]
VALUES: list[Any] = [None, True, False, *ODD, 101, -1, 2.0, 1.5, [], {}, [URL], URL, {**URL, "file_id": None}, *WORDS]
FILES: list[Any] = [PICTURE, [PICTURE], [PICTURE] * 16, [PICTURE] * 17]
TEXTS = [*(value for value in VALUES if isinstance(value, str)), *map(str, ODD), "true", "false", "+1", "1.0"]
EVERY = sorted({param for row in MODELS.values() for param in (*row.generate, *row.edit)} | {"images", "image", "mask"})


def accepted(operation: Operation, media: Media, api: Api, parameters: Mapping[str, object]) -> bool:
    """Ask the server."""
    judges: dict[str, Callable[[], Accepted]] = {
        "generations": lambda: params.accept_generation(parameters, api),
        "edits": lambda: params.accept_edit(parameters, form=media == "form", api=api),
        "variations": lambda: CHECKS["full"].variation(as_form(parameters), api),
    }
    try:
        judges[operation]()
    except ApiError:
        return False
    return True


def as_form(parameters: Mapping[str, object]) -> dict[str, object]:
    """Return what a form holds for values that are not text."""
    return {param: str(value).lower() if isinstance(value, int) else value for param, value in parameters.items()}


def meant(parameters: Mapping[str, object]) -> dict[str, object]:
    """Return what the server reads of a form; what it cannot read stays text, which no other rule allows."""
    read: dict[str, object] = {}
    for param, value in as_form(parameters).items():
        try:
            read |= params.from_form(FORM_RULES, {param: value})
        except ApiError:
            read[param] = value
    return read


def said(operation: Operation, media: Media, api: Api) -> Callable[[Mapping[str, object]], int]:
    """Return how many families take a request."""
    validators = [jsonschema_rs.validator_for(family.schema()) for family in families(operation, media, api)]

    def count(parameters: Mapping[str, object]) -> int:
        told = {param: _told(value) for param, value in parameters.items()}
        return sum(validator.is_valid(told) for validator in validators)

    return count


def _told(value: object) -> object:
    """Return what stands for a value in a schema, where a file is text."""
    return [_told(one) for one in value] if isinstance(value, list) else "file" if value is PICTURE else value


def bases(family: Family) -> Iterator[dict[str, object]]:
    """Yield the least that each model of a family takes, and the same without a model."""
    least: dict[str, object] = {"prompt": "a dot", "images": [URL], "image": PICTURE}
    required = {param: least[param] for param in family.required}
    yield required
    yield from ({"model": model, **required} for model in family.models)


def representatives(family: Family, param: str) -> list[object]:
    """Return a few values of a parameter that are fine alone, and null where it is."""
    if param in {"image", "images", "mask", "prompt", "model"}:
        return []
    told = family.parameters[param]
    null = [None] if "null" in told.get("type", []) else []
    integers = [told["minimum"], told["minimum"] + 1, 99, told["maximum"]] if "minimum" in told else []
    flags = [True, False] if "boolean" in told.get("type", []) else []
    return [*null, *told.get("enum", []), *(i for i in integers if i <= told["maximum"]), *flags]


def values(family: Family, param: str) -> list[Any]:
    """Return what is tried of a parameter; that a text is no file, and a file no text, JSON Schema cannot say."""
    if family.media == "json":
        return VALUES
    return FILES if param in {"image", "mask"} else TEXTS


def requests(family: Family) -> Iterator[dict[str, object]]:
    """Yield requests with one parameter of any value, and with two of values that are fine alone."""
    for base in bases(family):
        for param in [*EVERY, "model", "unheard"]:
            yield from ({**base, param: value} for value in values(family, param))
    for one, other in combinations(family.parameters, 2):
        pairs = product(representatives(family, one), representatives(family, other))
        yield from ({**base, one: first, other: second} for base in bases(family) for first, second in pairs)


def sent(family: Family) -> Iterator[dict[str, object]]:
    """Yield requests as the server reads them."""
    yield from map(meant, requests(family)) if family.media == "form" else requests(family)


@pytest.mark.parametrize("api", APIS, ids=str)
@pytest.mark.parametrize(("operation", "media"), ENDPOINTS)
def test_the_families_and_the_server_judge_alike(operation: Operation, media: Media, api: Api) -> None:
    """What the server accepts, exactly one family takes; what it refuses, none does."""
    takers, count = said(operation, media, api), 0
    for family in families(operation, media, api):
        for request in sent(family):
            count += 1
            assert takers(request) == accepted(operation, media, api, request), request
    assert count > 100 or not families(operation, media, api)


@pytest.mark.parametrize(("operation", "media"), ENDPOINTS)
def test_a_family_is_refused_without_what_it_requires(operation: Operation, media: Media) -> None:
    """Each required parameter, taken away."""
    for family in families(operation, media):
        for base, missing in product(bases(family), family.required):
            less = {param: value for param, value in base.items() if param != missing}
            assert (said(operation, media, NEWEST)(less), accepted(operation, media, NEWEST, less)) == (0, False)


@pytest.mark.parametrize("api", APIS, ids=str)
@pytest.mark.parametrize("operation", ["generations", "edits"])
def test_each_model_has_one_family(operation: Operation, api: Api) -> None:
    """Of those that the endpoint serves."""
    named = [
        model
        for family in families(operation, "json" if operation == "generations" else "form", api)
        for model in family.models
    ]
    served = [row.id for row in models_of(api).values() if (row.generate if operation == "generations" else row.edit)]
    assert sorted(named) == sorted(served)


def test_models_that_are_judged_alike_are_one_family() -> None:
    """As a person would group them."""
    assert [family.name for family in families("generations")] == [
        "dall-e-2",
        "dall-e-3",
        "gpt-image-1",
        "gpt-image-2",
        "gpt-image-2.5-flare",
    ]


def test_a_dependent_rule_names_what_the_refusal_does() -> None:
    """What a request gets that breaks it: rule, param and code."""
    family = families("edits")[2]
    assert {rule.id: (rule.param, rule.code) for rule in family.dependent} == {
        "transparent-jpeg": (None, "invalid_transparent_background_output_format"),
        "transparency-not-supported": ("background", "invalid_value"),
        "compressed-png": (None, "invalid_png_output_compression"),
        "stream-of-many": ("input", "unsupported_parameter"),
        "partial-images-without-stream": ("input", "unsupported_parameter"),
        "fidelity-not-supported": ("input_fidelity", "invalid_input_fidelity_model"),
    }


BUDGETS = sorted({row.pixels for row in MODELS.values() if row.pixels}, key=str)


@pytest.mark.parametrize(
    "budget", [*BUDGETS, PixelBudget(multiple=8, ratio=2, edge=400, least=9_000, most=90_000)], ids=str
)
def test_the_expression_of_sizes_is_exact(budget: PixelBudget) -> None:
    """Of every multiple up to beyond the edge, it takes those that the check takes."""
    expression = re.compile(pattern(budget, "auto"))
    sides = range(budget.multiple, budget.edge + 3 * budget.multiple, budget.multiple)
    for width, height in product(sides, sides):
        size = f"{width}x{height}"
        try:
            budget.check(size)
        except ApiError:
            assert not expression.match(size), size
        else:
            assert expression.match(size), size
    assert expression.match("auto")


@pytest.mark.parametrize("size", ["", "1024", "1024x1024 ", "1024x1032", " auto", "autoauto", "1024x1024auto"])
def test_the_expression_of_sizes_takes_nothing_else(size: str) -> None:
    """It holds for the whole text."""
    assert not re.search(pattern(BUDGETS[0], "auto"), size)
