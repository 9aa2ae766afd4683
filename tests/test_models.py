"""The rule table: every row is whole, and the rows say what the facts say."""

from __future__ import annotations

from datetime import date

import pytest

from mockserver.models import DALL_E_2, GPT_IMAGE_1, GPT_ONLY, MODELS, Model
from mockserver.rules import OneOf, dimensions

IDS = [
    "dall-e-2",
    "dall-e-3",
    "gpt-image-1",
    "gpt-image-1-mini",
    "gpt-image-1.5",
    "gpt-image-1.5-2025-12-16",
    "chatgpt-image-latest",
    "gpt-image-2",
    "gpt-image-2-2026-04-21",
    "gpt-image-2.5-flare",
    "gpt-image-2.5-flare-2026-09-08",
    "gpt-image-2.5-sunburst",
    "gpt-image-2.5-sunburst-2026-09-08",
]
ROWS = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)


def levels(model: Model) -> set[str]:
    """Return the qualities that a model can be asked for."""
    rule = model.generate.get("quality")
    return set(rule.values) if isinstance(rule, OneOf) else {str(model.defaults["quality"])}


def test_every_documented_model_has_a_row() -> None:
    """Base ids and dated snapshots, and nothing else."""
    assert list(MODELS) == IDS


@ROWS
def test_a_default_is_allowed_by_its_own_rule(model: Model) -> None:
    """What an omitted parameter means could have been sent."""
    for param, rule in model.generate.items():
        if param in model.defaults:
            assert rule.check(param, model.defaults[param]) == model.defaults[param]


@ROWS
def test_a_row_knows_time_weight_and_price_of_every_quality(model: Model) -> None:
    """No accepted request meets a hole in the table."""
    for quality in levels(model):
        size = str(model.defaults["size"])
        assert model.seconds_for(quality, size) > 0
        decided = model.auto_quality if quality == "auto" else quality
        assert model.file_weight[decided] > 0
        if model.tokens:
            assert model.tokens.pictures(1, decided, 1024, 1024) > 0
            assert model.price
        else:
            sizes = model.generate["size"]
            assert isinstance(sizes, OneOf)
            assert all(model.each[f"{decided} {each}"] > 0 for each in sizes.values)


@ROWS
def test_auto_turns_into_a_size_the_model_may_choose(model: Model) -> None:
    """A size of our choice has pixels, and is on the list where there is one."""
    rule = model.generate["size"]
    for size in model.auto_sizes:
        assert min(dimensions(size)) > 0
        assert not isinstance(rule, OneOf) or size in rule.values


@ROWS
def test_a_model_retires_after_its_release(model: Model) -> None:
    """Dates are in order."""
    assert date(2022, 1, 1) < model.released < (model.retired or date.max)


def test_a_row_for_a_snapshot_differs_in_name_and_date_only() -> None:
    """A dated id is the same model."""
    for name in ("gpt-image-1.5-2025-12-16", "gpt-image-2-2026-04-21", "gpt-image-2.5-flare-2026-09-08"):
        base = MODELS[name[: -len("-2026-09-08")]]
        assert MODELS[name].generate is base.generate
        assert MODELS[name].tokens is base.tokens


def test_parameters_that_tell_gpt_image_apart_are_known() -> None:
    """They are those of gpt-image that neither DALL-E knows."""
    assert {
        "background",
        "moderation",
        "output_compression",
        "output_format",
        "partial_images",
        "stream",
    } == GPT_ONLY
    assert GPT_ONLY.isdisjoint(DALL_E_2.generate)
    assert set(GPT_IMAGE_1.generate) >= GPT_ONLY
