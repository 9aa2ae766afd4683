"""The legacy stack's words about values that a form should not hold."""

from __future__ import annotations

import io
import json

import pytest

from mockserver.errors import ApiError
from mockserver.legacy import VARIATION
from mockserver.uploads import Upload

FILE = Upload("image/png", 3, "cat.png", io.BytesIO(b"cat"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"n": FILE}, "'cat.png' is not of type 'integer' - 'n'"),
        ({"n": ["1"]}, "['1'] is not of type 'integer' - 'n'"),
        ({"n": [FILE]}, "['cat.png'] is not of type 'integer' - 'n'"),
        ({"n": "one"}, "'one' is not of type 'integer' - 'n'"),
        ({"size": FILE}, "'cat.png' is not one of ['256x256', '512x512', '1024x1024'] - 'size'"),
        ({"size": ["1024x1024"]}, "['1024x1024'] is not one of ['256x256', '512x512', '1024x1024'] - 'size'"),
    ],
)
def test_what_is_no_text_is_printed_as_what_it_is(fields: dict[str, object], said: str) -> None:
    """A file by its name and a list as Python prints it: no object of ours, and the same every time."""
    with pytest.raises(ApiError) as refused:
        VARIATION.read({"image": FILE, **fields})
    assert json.loads(refused.value.body)["error"]["message"] == said
