"""Errors that are planted into a contract are found, and named."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.document.beyond import beyond

THEIRS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "model": {"anyOf": [{"type": "string", "enum": ["gpt-image-1", "gpt-image-2"]}, {"type": "null"}]},
        "prompt": {"type": "string", "minLength": 1, "maxLength": 100},
        "n": {"type": ["integer", "null"], "minimum": 1, "maximum": 10},
        "quality": {"type": ["string", "null"], "enum": ["low", "high", None]},
        "images": {
            "type": "array",
            "maxItems": 16,
            "items": {
                "type": "object",
                "properties": {"image_url": {"type": "string"}, "file_id": {"type": "string"}},
                "anyOf": [{"required": ["image_url"]}, {"required": ["file_id"]}],
                "not": {"required": ["image_url", "file_id"]},
                "additionalProperties": False,
            },
        },
    },
    "required": ["prompt"],
    "additionalProperties": False,
}
PLANTED: list[tuple[str, dict[str, Any], tuple[str, str]]] = [
    ("n", {"type": "integer", "minimum": 1, "maximum": 11}, ("n", "numbers above 10")),
    ("n", {"type": "integer", "minimum": 0, "maximum": 9}, ("n", "numbers below 1")),
    ("n", {"type": "string", "enum": ["1"]}, ("n", '"1"')),
    ("n", {"type": "number", "minimum": 1, "maximum": 2}, ("n", "any number")),
    ("quality", {"type": "string", "enum": ["low", "ultra"]}, ("quality", '"ultra"')),
    ("quality", {"type": "string"}, ("quality", "any text")),
    ("model", {"type": "string", "enum": ["gpt-image-1", "gtp-image-2"]}, ("model", '"gtp-image-2"')),
    ("prompt", {"type": ["string", "null"], "minLength": 1, "maxLength": 9}, ("prompt", "null")),
    ("prompt", {"type": "string", "minLength": 1, "maxLength": 101}, ("prompt", "text of more than 100 characters")),
    ("watermark", {"type": "boolean"}, ("watermark", "the field")),
    ("images", {"type": "array", "maxItems": 17, "items": {"type": "null"}}, ("images", "arrays of more than 16")),
    ("images", {"type": "array", "maxItems": 1, "items": {"type": "null"}}, ("images[]", "null")),
    ("prompt", {"type": "string", "maxLength": 9}, ("prompt", "empty text")),
    ("images", {"type": "object"}, ("images", "any object")),
]


def one_file(**properties: dict[str, Any]) -> dict[str, Any]:
    """Return a list of objects of these fields, of which the first is required."""
    closed = {"properties": properties, "required": [next(iter(properties))], "additionalProperties": False}
    return {"type": "array", "maxItems": 16, "items": {"type": "object", **closed}}


def ours(**properties: dict[str, Any]) -> dict[str, Any]:
    """Return an object of a prompt and of these properties."""
    known = {"prompt": {"type": "string", "enum": ["a dot"]}, **properties}
    return {"type": "object", "properties": known, "required": ["prompt"], "additionalProperties": False}


@pytest.mark.parametrize(("param", "schema", "named"), PLANTED, ids=str)
def test_a_planted_error_is_named(param: str, schema: dict[str, Any], named: tuple[str, str]) -> None:
    """Its place, and what is too much."""
    assert named in [(one.place, one.words) for one in beyond(ours(**{param: schema}), THEIRS)]


@pytest.mark.parametrize(
    "narrower",
    [
        ours(),
        ours(n={"type": ["integer", "null"], "minimum": 2, "maximum": 3}),
        ours(quality={"enum": ["low", None]}, model={"type": "string", "enum": ["gpt-image-2"]}),
        ours(images=one_file(file_id={"type": "string"})),
        ours(images=one_file(image_url={"type": "string", "pattern": "^https?://"})),
    ],
    ids=str,
)
def test_what_is_narrower_differs_in_nothing(narrower: dict[str, Any]) -> None:
    """That is proved, and nothing is said."""
    assert beyond(narrower, THEIRS) == []


def test_a_picture_that_names_two_sources_is_too_much() -> None:
    """The idiom of exactly one field is understood."""
    both = one_file(image_url={"type": "string"}, file_id={"type": ["null"]})
    assert [(one.place, one.words) for one in beyond(ours(images=both), THEIRS)] == [("images[].file_id", "null")]


def test_a_field_that_may_be_left_out_is_too_little() -> None:
    """Where the other side requires it."""
    careless = {**ours(), "required": []}
    assert [(one.place, one.words) for one in beyond(careless, THEIRS)] == [("prompt", "its absence")]
