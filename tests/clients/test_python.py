"""openai-python in this process, which fails on a reply that its own strict types do not allow."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import openai
import pytest

from clients.judging import PNG

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mockserver.server import ServerThread


@pytest.fixture
def strict(guarded: ServerThread, monkeypatch: pytest.MonkeyPatch) -> Iterator[openai.OpenAI]:
    """The client as an application makes it, but strict."""
    monkeypatch.setenv("OPENAI_BASE_URL", guarded.base_url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    with openai.OpenAI(max_retries=0, _strict_response_validation=True) as made:
        yield made


@pytest.mark.parametrize("model", ["gpt-image-1", "gpt-image-1.5", "gpt-image-2", "gpt-image-2.5-flare"])
def test_generates(strict: openai.OpenAI, model: str) -> None:
    """A picture of each model, with what it says of itself."""
    made = strict.images.generate(model=model, prompt="a dot", quality="low", size="1024x1024")
    assert made.data
    assert made.usage
    assert base64.b64decode(str(made.data[0].b64_json)).startswith(b"\x89PNG")
    assert (made.size, made.quality, made.background, made.output_format) == ("1024x1024", "low", "opaque", "png")
    assert made.usage.total_tokens == made.usage.input_tokens + made.usage.output_tokens


def test_generates_without_a_model(strict: openai.OpenAI) -> None:
    """dall-e-2, by URL, on the API's own origin."""
    made = strict.images.generate(prompt="a dot", size="256x256")
    assert made.data
    assert str(made.data[0].url).startswith(str(strict.base_url).removesuffix("/v1/"))


def test_streams_a_generation(strict: openai.OpenAI) -> None:
    """Partial pictures, then the picture with its usage."""
    stream = strict.images.generate(
        model="gpt-image-1", prompt="a dot", quality="low", size="1024x1024", stream=True, partial_images=3
    )
    events = list(stream)
    assert [event.type for event in events] == ["image_generation.partial_image"] * 3 + ["image_generation.completed"]
    assert all(event.b64_json.startswith(PNG) for event in events)
    last = events[-1]
    assert last.type == "image_generation.completed"
    assert last.usage.output_tokens == 572


@pytest.mark.parametrize("model", ["gpt-image-1", "gpt-image-1.5", "gpt-image-2", "dall-e-2"])
def test_edits(strict: openai.OpenAI, pictures: Path, model: str) -> None:
    """A picture of each model that edits; dall-e-2 paints into what a mask leaves open."""
    made = strict.images.edit(image=pictures / "mask.png", model=model, prompt="a hat")
    assert made.data
    assert made.data[0].url if model == "dall-e-2" else made.data[0].b64_json


def test_streams_an_edit(strict: openai.OpenAI, pictures: Path) -> None:
    """Events of a type of their own."""
    stream = strict.images.edit(
        image=pictures / "a.png", model="gpt-image-1", prompt="a hat", stream=True, partial_images=1
    )
    assert [event.type for event in stream] == ["image_edit.partial_image", "image_edit.completed"]


def test_varies(strict: openai.OpenAI, pictures: Path) -> None:
    """By a method that the client calls deprecated."""
    with pytest.warns(DeprecationWarning, match="deprecated"):
        made = strict.images.create_variation(image=pictures / "a.png", response_format="b64_json", size="256x256")
    assert made.data
    assert str(made.data[0].b64_json).startswith(PNG)


def test_reads_models_and_files(strict: openai.OpenAI, pictures: Path) -> None:
    """Every field of their types is there."""
    assert strict.models.retrieve("gpt-image-2").object == "model"
    assert strict.models.list().data
    file = strict.files.create(file=pictures / "a.png", purpose="vision")
    assert strict.files.retrieve(file.id) == file
    assert strict.files.content(file.id).content == (pictures / "a.png").read_bytes()
    assert strict.files.delete(file.id).deleted


@pytest.mark.parametrize(
    ("parameters", "code", "param"),
    [
        ({"n": 11}, "integer_above_max_value", "n"),
        ({"response_format": "url"}, "unknown_parameter", "response_format"),
        ({"style": "vivid"}, "unknown_parameter", "style"),
    ],
    ids=str,
)
def test_raises_what_the_types_allow_and_the_model_does_not(
    strict: openai.OpenAI, parameters: dict[str, Any], code: str, param: str
) -> None:
    """BadRequestError, with the name of the parameter."""
    with pytest.raises(openai.BadRequestError) as refusal:
        strict.images.generate(model="gpt-image-1", prompt="a dot", **parameters)
    assert (refusal.value.code, refusal.value.param, refusal.value.type) == (code, param, "invalid_request_error")
