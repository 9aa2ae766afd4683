"""Tokens and prices, against measured and published numbers."""

from __future__ import annotations

import pytest

from mockserver import usage
from mockserver.models import MODELS
from mockserver.rules import dimensions
from mockserver.usage import Usage, estimated_tokens, prompt_tokens

PATCHES = {  # size: gpt-image-2 low/medium/high, gpt-image-2.5 low/medium/high/xhigh/max
    "1024x1024": ((196, 1756, 7024), (196, 439, 1756, 3122, 7024)),
    "1536x1024": ((158, 1372, 5488), (158, 343, 1372, 2459, 5488)),
    "1024x1536": ((158, 1372, 5488), (158, 343, 1372, 2459, 5488)),
    "1122x1402": ((186, 1630, 6603), (186, 408, 1630, 2916, 6603)),
    "1254x1254": ((229, 2058, 8232), (229, 515, 2058, 3659, 8232)),
    "1672x941": ((129, 1158, 4632), (129, 301, 1158, 2059, 4632)),
    "1536x864": ((120, 1078, 4312), (120, 280, 1078, 1917, 4312)),
    "2048x2048": ((397, 3568, 14272), (397, 892, 3568, 6343, 14272)),
    "2560x1440": ((205, 1843, 7370), (205, 478, 1843, 3276, 7370)),
    "2880x2880": ((659, 5930, 23719), (659, 1483, 5930, 10542, 23719)),
    "3840x2160": ((371, 3336, 13342), (371, 865, 3336, 5930, 13342)),
}
LEVELS = ("low", "medium", "high", "xhigh", "max")
MEASURED = [
    (model, size, quality, tokens)
    for size, columns in PATCHES.items()
    for model, column in zip(("gpt-image-2", "gpt-image-2.5-flare"), columns, strict=True)
    for quality, tokens in zip(LEVELS, column, strict=False)
] + [
    ("gpt-image-1", size, quality, tokens)
    for quality, row in {"low": (272, 408, 400), "medium": (1056, 1584, 1568), "high": (4160, 6240, 6208)}.items()
    for size, tokens in zip(("1024x1024", "1024x1536", "1536x1024"), row, strict=True)
]


@pytest.mark.parametrize(("model", "size", "quality", "tokens"), MEASURED)
def test_a_picture_costs_the_published_tokens(model: str, size: str, quality: str, tokens: int) -> None:
    """Every cell of the token tables."""
    rule = MODELS[model].tokens
    assert rule
    assert rule.pictures(1, quality, *dimensions(size)) == tokens


def test_two_pictures_are_rounded_up_once() -> None:
    """Two low squares of gpt-image-2 were billed 391, not 392."""
    rule = MODELS["gpt-image-2"].tokens
    assert rule
    assert rule.pictures(2, "low", 1024, 1024) == 391


@pytest.mark.parametrize(
    ("model", "count", "tokens"),
    [("gpt-image-1", 1, 100), ("gpt-image-1", 2, 200), ("gpt-image-2", 1, 77), ("gpt-image-2", 2, 153)],
)
def test_a_partial_image_costs_the_measured_surcharge(model: str, count: int, tokens: int) -> None:
    """Seen 2026-03 (gpt-image-1) and 2026-07 (gpt-image-2), at 1024x1024."""
    rule = MODELS[model].tokens
    assert rule
    assert rule.partials(count, 1024, 1024) == tokens


@pytest.mark.parametrize(
    ("model", "tokens_in", "tokens_out", "dollars"),
    [
        ("gpt-image-2.5-flare", 29, 171, 0.005275),
        ("gpt-image-2.5-flare", 29, 1756, 0.052825),
        ("gpt-image-1", 0, 1056, 0.04224),
    ],
)
def test_a_request_costs_what_a_ledger_showed(model: str, tokens_in: int, tokens_out: int, dollars: float) -> None:
    """Two ledger entries of 2026-10, and the price page's 0.042."""
    price = MODELS[model].price
    assert price
    used = Usage(text_in=tokens_in, image_in=0, text_out=0, image_out=tokens_out)
    assert used.dollars(price) == pytest.approx(dollars)


PROMPTS = {
    "a cat": 2,
    "a red circle": 3,
    "a siamese cat": 4,
    "An isolated stop sign.": 5,
    "a ceramic coffee mug on a wooden desk by a window, morning light, the mug reads DARKROOM in bold letters": 23,
}


@pytest.mark.parametrize(("prompt", "tokens"), PROMPTS.items())
def test_prompt_tokens_are_exact_with_the_extra(prompt: str, tokens: int) -> None:
    """Billed prompts of 2025 and 2026, less the six tokens that every generation adds."""
    assert prompt_tokens(prompt) == tokens


@pytest.mark.parametrize(("prompt", "tokens"), PROMPTS.items())
def test_the_estimate_is_near(prompt: str, tokens: int) -> None:
    """Within 15 per cent, or one token."""
    assert abs(estimated_tokens(prompt) - tokens) <= max(1, 0.15 * tokens)


def test_the_estimate_serves_where_the_extra_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the vocabulary, usage is still there."""
    monkeypatch.setattr(usage, "find_spec", lambda _: None)
    usage._encoder.cache_clear()  # noqa: SLF001 - found anew, as in a process without the extra
    try:
        assert prompt_tokens("a siamese cat") == estimated_tokens("a siamese cat")
    finally:
        usage._encoder.cache_clear()  # noqa: SLF001 - as above


@pytest.mark.parametrize(
    "prompt",
    ["", "\ud800", "\x00" * 9, "🐱" * 32_000, "a" * 32_000, "<|endoftext|>"],
    ids=["empty", "surrogate", "nul", "emoji", "one-word", "special-token"],
)
def test_any_prompt_can_be_counted(prompt: str) -> None:
    """No text makes the counter fail, with the vocabulary or without."""
    assert prompt_tokens(prompt) >= 0
    assert estimated_tokens(prompt) >= 0
