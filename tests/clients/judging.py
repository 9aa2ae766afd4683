"""What journeys tell, and how the tests judge it."""

from __future__ import annotations

from typing import Any, Final

Told = dict[str, Any]

PNG: Final = "iVBORw0K"
"""How the base64 of a PNG begins."""

PICTURE_TOKENS: Final = 272
"""Output tokens of a low square of gpt-image-1."""


def judge_picture(told: Told, *, inputs: int = 0) -> None:
    """Check that a PNG came, and that its usage adds up; `inputs` is how many pictures went in."""
    assert "error" not in told, told
    assert (told["count"], told["magic"]) == (1, PNG)
    usage = told["usage"]
    details = usage["input_tokens_details"]
    assert usage["output_tokens"] == PICTURE_TOKENS
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]
    assert usage["input_tokens"] == details["text_tokens"] + details["image_tokens"]
    assert details["image_tokens"] == 194 * inputs
    assert told["request"].startswith("req_")


def judge_events(told: Any, family: str) -> None:  # noqa: ANN401 - a list, or what was raised
    """Check that two partial pictures came, then the picture."""
    assert isinstance(told, list), told
    assert [(event["type"], event["index"]) for event in told] == [
        (f"{family}.partial_image", 0),
        (f"{family}.partial_image", 1),
        (f"{family}.completed", None),
    ]
    assert {event["magic"] for event in told} == {PNG}
