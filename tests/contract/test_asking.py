"""What a case says of its request becomes what is sent."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from mockserver.contract import asking, inputs
from mockserver.contract.case import Part


def request(**fields: Any) -> Any:  # noqa: ANN401 - whatever TOML can hold
    """Return the request of a case with `fields`."""
    return asking.request({"path": "/images/edits", **fields}, "some.toml", "one")


def test_a_file_brings_its_name_and_its_type() -> None:
    """Both can be replaced, and the type left out."""
    png = inputs.read("square.png")
    parts = request(
        form=[
            ["image", {"file": "square.png"}],
            ["image", {"file": "square.png", "filename": "blob", "type": "image/webp"}],
            ["image", {"file": "square.png", "type": "", "size": 9}],
            ["image", {"file": "square.png", "filename": "sound.wav"}],
        ]
    ).form

    assert parts == (
        Part("image", png, "square.png", "image/png"),
        Part("image", png, "blob", "image/webp"),
        Part("image", png, "square.png", None, 9),
        Part("image", png, "sound.wav", "application/octet-stream"),
    )


def test_a_text_may_declare_a_type() -> None:
    """Some clients give every text one."""
    parts = request(form=[["n", "2"], ["model", {"text": "m", "type": "text/plain"}]]).form

    assert parts == (Part("n", b"2"), Part("model", b"m", content_type="text/plain"))


def test_a_prompt_of_a_form_is_repeated() -> None:
    """As one of JSON is."""
    parts = request(form=[["prompt", "ab"], ["model", "m"]], prompt_length=3).form

    assert [part.content for part in parts] == [b"ababab", b"m"]


@pytest.mark.parametrize("field", ["json", "body_json"])
def test_a_picture_stands_in_json_as_base64(field: str) -> None:
    """The file's name stands for it."""
    document = {"image_url": "data:image/png;base64,{base64:square.png}"}
    body = request(**{field: document if field == "json" else json.dumps(document)}).body

    url = json.loads(body)["image_url"]
    assert base64.b64decode(url.removeprefix("data:image/png;base64,")) == inputs.read("square.png")


def test_what_was_kept_is_filled_in() -> None:
    """In path, body and texts; braces of other names and files stay as they are."""
    before = request(
        path="/files/{file}",
        json={"id": "{file}", "other": "{mask}", "n": {}},
        form=[["file_id", "{file}"], ["image", {"file": "text.png", "filename": "{file}"}]],
    )
    after = asking.filled(before, {"file": "file-1"})

    assert after.path == "/files/file-1"
    assert json.loads(after.body) == {"id": "file-1", "other": "{mask}", "n": {}}
    assert [part.content for part in after.form] == [b"file-1", inputs.read("text.png")]
    assert asking.filled(before, {}) is before


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"form": [["image", {"file": "nowhere.png"}]]}, "no file 'nowhere.png' in fixtures/images"),
        ({"json": {"image_url": "{base64:nowhere.png}"}}, "no file 'nowhere.png' in fixtures/images"),
        ({"form": [["image"]]}, "a part is [name, text] or [name, { file = … }], not ['image']"),
        ({"form": [["n", 2]]}, "a part is [name, text]"),
        ({"form": [["image", {"file": "square.png", "colour": "red"}]]}, "a part is [name, text]"),
        ({"body_json": "{"}, "body_json is not JSON"),
    ],
)
def test_a_faulty_request_is_told_with_file_and_id(fields: dict[str, Any], said: str) -> None:
    """Before anything is sent."""
    with pytest.raises(ValueError, match="one: ") as caught:
        request(**fields)

    assert str(caught.value).startswith(f"some.toml: one: {said}")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"path": "/files", "status": 200}, "some.toml: one: unknown key 'status' in a step"),
        ({"method": "DELETE"}, "some.toml: one: a step lacks 'path'"),
    ],
)
def test_a_faulty_step_is_told(row: dict[str, Any], said: str) -> None:
    """A step is a request and what to keep of its reply."""
    with pytest.raises(ValueError, match="step") as caught:
        asking.step(row, "some.toml", "one")

    assert str(caught.value) == said
