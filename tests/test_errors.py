"""The sentences, and the form of a refusal on the wire."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from mockserver import errors
from mockserver.sources import RULES


@pytest.mark.parametrize(
    ("error", "length"),
    [
        (errors.model_does_not_exist("bad model"), 169),
        (errors.incorrect_api_key("fake_key"), 237),
        (errors.incorrect_api_key("<not-a-real-key>"), 245),
    ],
    ids=lambda value: getattr(value, "rule", str(value)),
)
def test_a_body_is_as_long_as_the_recorded_one(error: errors.ApiError, length: int) -> None:
    """Content-Lengths of recordings: maruel/genai 2026-04, openai-dotnet 2026-06, dd-trace-py 2025-05."""
    assert len(error.body) == length


def test_the_envelope_is_laid_out_as_recorded() -> None:
    """Two spaces, four keys in order, nulls kept, no final newline."""
    assert errors.transparent_jpeg().body.decode() == (
        '{\n  "error": {\n'
        '    "message": "Transparent background is not supported for JPEG output format",\n'
        '    "type": "image_generation_user_error",\n'
        '    "param": null,\n'
        '    "code": "invalid_transparent_background_output_format"\n'
        "  }\n}"
    )


@pytest.mark.parametrize("value", ['"', "\\", "\n", "é", "🐱", "\ud800", "\x00", "</script>"])
def test_an_echoed_value_survives_the_envelope(value: str) -> None:
    """Whatever was sent, the body is ASCII and JSON, and says it back."""
    body = errors.value_not_supported("quality", value, ("low", "high")).body
    assert json.loads(body.decode("ascii"))["error"]["message"].startswith(f"Invalid value: '{value}'.")


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("fake_key", "fake_key"),
        ("test-api-key", "test-api-key"),
        ("<not-a-real-key>", "<not-a-r****key>"),
        ("bad-key-0123456789test", "bad-key-**********test"),
    ],
)
def test_a_key_is_masked_from_13_characters_on(key: str, shown: str) -> None:
    """The rule fits every recorded sample."""
    assert errors.mask(key) == shown


def test_every_sentence_has_a_source_and_every_source_a_sentence() -> None:
    """The ids that the functions give and the ids of the table are the same."""
    files = Path(str(errors.__file__)).parent.glob("*.py")
    calls = [node for file in files for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
    literals = {
        node.value for call in calls for node in call.args if isinstance(node, ast.Constant) and node.value in RULES
    }
    assert literals == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_a_source_says_when_or_admits_that_it_was_not_seen(rule: str) -> None:
    """Observed has a date; assumed and ours have none."""
    source = RULES[rule]
    assert bool(source.seen) == (source.kind == "observed")
    assert source.where
