"""From parameters to a request: which model is meant, what is absent, what is refused first."""

from __future__ import annotations

from itertools import combinations

import pytest

from mockserver.decisions import ImageRequest, decide, picture_digest
from mockserver.errors import ApiError
from mockserver.models import MODELS, Model
from mockserver.params import accept_generation

GPT = "gpt-image-2"
KNOWN = {param for model in MODELS.values() for param in model.generate}


def read_generation(parameters: dict[str, object], seed: int = 0) -> ImageRequest:
    """Read a request wholly."""
    return decide(accept_generation(parameters), seed)


def read(**parameters: object) -> ImageRequest:
    """Read a request whose prompt is understood."""
    return read_generation({"prompt": "a dot", **parameters})


def refused(parameters: dict[str, object]) -> ApiError:
    """Return the refusal of a request."""
    with pytest.raises(ApiError) as refusal:
        read_generation(parameters)
    return refusal.value


@pytest.mark.parametrize(
    ("parameters", "model"),
    [
        ({}, "dall-e-2"),
        ({"n": 2, "user": "me", "response_format": "b64_json"}, "dall-e-2"),
        ({"background": "opaque"}, "gpt-image-1.5"),
        ({"output_format": "webp"}, "gpt-image-1.5"),
        ({"stream": None}, "gpt-image-1.5"),
        ({"model": "gpt-image-2.5-flare-2026-09-08"}, "gpt-image-2.5-flare-2026-09-08"),
    ],
)
def test_an_omitted_model_is_told_by_the_parameters(parameters: dict[str, object], model: str) -> None:
    """dall-e-2, or gpt-image beside a parameter that only it knows."""
    assert read(**parameters).model.id == model


@pytest.mark.parametrize("param", ["n", "quality", "output_compression", "partial_images", "stream", "size", "user"])
def test_null_means_omitted(param: str) -> None:
    """Measured on gpt-image-2 for these, and for user assumed."""
    assert read(model=GPT, **{param: None}) == read(model=GPT)


@pytest.mark.parametrize("param", ["model", "prompt"])
def test_null_is_a_type_error_where_a_string_is_needed(param: str) -> None:
    """Measured 2026-08."""
    assert refused({"model": GPT, "prompt": "a dot", param: None}).rule == "wrong-type"


def test_whitespace_is_a_prompt() -> None:
    """The real API generates from it."""
    assert read_generation({"model": GPT, "prompt": "  "}).prompt == "  "


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_a_parameter_of_another_model_is_unknown(model: Model) -> None:
    """Whatever its value, null included."""
    for param in KNOWN - set(model.generate):
        for value in (None, "x", 1):
            refusal = refused({"model": model.id, "prompt": "a dot", param: value})
            assert (refusal.rule, param in str(refusal)) == ("unknown-parameter", True)


def test_unknown_parameters_are_told_in_body_order() -> None:
    """One per answer, the first."""
    assert "'zeta'" in str(refused({"zeta": 1, "model": GPT, "alpha": 1, "prompt": "a dot"}))


FAULTS: list[tuple[str, object, str]] = [  # in the order in which they are told
    ("model", "bad model", "model-does-not-exist"),
    ("bogus", 1, "unknown-parameter"),
    ("prompt", "", "empty-string"),
    ("n", 0, "integer-below-minimum"),
    ("quality", "ultra", "value-not-supported"),
    ("output_compression", 101, "integer-above-maximum"),
    ("size", 7, "wrong-type"),
]


@pytest.mark.parametrize(
    ("first", "second"), list(combinations(FAULTS, 2)), ids=lambda fault: f"{fault[0]}={fault[1]}" if fault[0] else ""
)
def test_of_two_faults_the_earlier_one_is_told(first: tuple[str, object, str], second: tuple[str, object, str]) -> None:
    """Order measured with two faults per body, 2026-08."""
    body = {"model": GPT, "prompt": "a dot", second[0]: second[1], first[0]: first[1]}
    assert refused(body).rule == first[2]


def test_the_schema_is_checked_before_the_second_stage() -> None:
    """A bad user of a good size is told after any schema fault."""
    assert refused({"model": GPT, "prompt": "a dot", "size": "9x9", "moderation": "x"}).rule == "value-not-supported"


@pytest.mark.parametrize(
    ("parameters", "rule"),
    [
        ({"model": GPT, "size": "9x9", "background": "transparent"}, "size-not-divisible"),
        ({"model": GPT, "background": "transparent"}, "transparency-not-supported"),
        ({"model": "gpt-image-1", "background": "transparent", "output_format": "jpeg"}, "transparent-jpeg"),
        ({"model": GPT, "output_compression": 50}, "compressed-png"),
        ({"model": GPT, "output_compression": 99, "output_format": "png"}, "compressed-png"),
        ({"model": GPT, "stream": True, "n": 2}, "stream-of-many"),
        ({"model": GPT, "partial_images": 1}, "partial-images-without-stream"),
        ({"model": GPT, "partial_images": 3, "stream": False}, "partial-images-without-stream"),
        ({"model": "gpt-image-1.5", "size": "512x512"}, "value-not-supported"),
        ({"model": "dall-e-3", "n": 2}, "integer-above-maximum"),
        ({"model": "dall-e-3", "size": "512x512"}, "value-not-supported"),
        ({"model": "dall-e-3", "style": "loud"}, "value-not-supported"),
        ({"model": "dall-e-2", "response_format": "xml"}, "value-not-supported"),
        ({"model": GPT, "quality": "xhigh"}, "value-not-supported"),
    ],
)
def test_parameters_that_do_not_go_together_are_refused(parameters: dict[str, object], rule: str) -> None:
    """Each rule across parameters, and each model's own lists."""
    assert refused({"prompt": "a dot", **parameters}).rule == rule


@pytest.mark.parametrize(
    "parameters",
    [
        {"model": GPT, "output_compression": 100},
        {"model": GPT, "output_compression": 0, "output_format": "webp"},
        {"model": GPT, "partial_images": 0},
        {"model": GPT, "partial_images": 3, "stream": True},
        {"model": GPT, "size": "3840x2160"},
        {"model": "gpt-image-2.5-sunburst", "quality": "max", "background": "transparent"},
        {"model": "gpt-image-1", "background": "transparent", "output_format": "webp"},
        {"model": "gpt-image-1", "n": 2.0},
        {"model": "dall-e-2", "n": 10, "size": "256x256"},
        {"model": "dall-e-3", "quality": "hd", "style": "natural", "size": "1792x1024"},
    ],
)
def test_what_the_models_know_is_taken(parameters: dict[str, object]) -> None:
    """Every kind of value within the rules is accepted."""
    assert read(**parameters).model.id == parameters["model"]


def test_auto_is_decided_and_stays_decided() -> None:
    """The same request gets the same size and level; the level is never the word auto."""
    first, second = read(model=GPT), read(model=GPT, size="auto", quality="auto")
    assert first == second
    assert (first.quality, first.asked_quality) == ("medium", "auto")
    assert first.size in MODELS[GPT].auto_sizes


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"n": 3}, True),
        ({"user": "me"}, True),
        ({"stream": True, "partial_images": 2}, True),
        ({"quality": "high"}, False),
        ({"size": "1536x1024"}, False),
        ({"prompt": "a  dot"}, False),
        ({"model": "gpt-image-1-mini"}, False),
    ],
    ids=str,
)
def test_the_digest_tells_what_decides_a_picture(change: dict[str, object], same: bool) -> None:
    """Delivery does not change a picture; anything that the artist would see does."""
    one = read(model="gpt-image-1", size="1024x1024")
    other = read(**{"model": "gpt-image-1", "size": "1024x1024", **change})
    assert (one.digest == other.digest) is same


def test_a_seed_changes_every_picture() -> None:
    """The same seed gives the same ones."""
    body: dict[str, object] = {"model": GPT, "prompt": "a dot"}
    assert read_generation(body, 1).digest == read_generation(body, 1).digest != read_generation(body, 2).digest


def test_pictures_of_one_request_have_digests_of_their_own() -> None:
    """n pictures differ."""
    digest = read(model=GPT).digest
    assert len({picture_digest(digest, index) for index in range(10)}) == 10
