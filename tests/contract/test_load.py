"""What is wrong in a file of cases is said with the file, the id and the field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mockserver.contract.load import load

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """
[sources]
somebody = "somebody/somewhere#1"

[every]
path = "/images/generations"
status = 400
keys = { "" = ["error"] }

[shapes.small]
data = ["url"]

[errors.broken]
code = "broken"
null = ["param"]
"""
CASE = """
[[case]]
id = "one"
about = "something"
source = ["somebody", "a forum"]
observed = "2026-08"
confidence = "verbatim-body"
"""
TOKENS = """
[[tokens]]
model = "gpt-image-2"
prompt = "a cat"
source = ["somebody"]
observed = "2026-09"
measured = [196]
"""


def written(tmp_path: Path, text: str) -> Path:
    """Write a file of cases."""
    file = tmp_path / "some.toml"
    file.write_text(text, "utf-8")
    return file


def test_sources_defaults_and_shapes_are_filled_in(tmp_path: Path) -> None:
    """A case says only what is its own."""
    [case] = load(written(tmp_path, HEAD + CASE + 'shape = "small"\njson = { n = 1 }\nerror = "broken"\n'))

    assert case.source == ("somebody/somewhere#1", "a forum")
    assert (case.request.method, case.request.path, case.expect.status) == (
        "POST",
        "/images/generations",
        400,
    )
    assert case.expect.keys == {"": ("error",), "data": ("url",)}
    assert case.expect.error == {"code": "broken", "param": None}
    assert case.request.body == b'{"n": 1}'
    assert case.standing == "played"


def test_a_table_of_tokens_becomes_a_case_each(tmp_path: Path) -> None:
    """What was measured says when; the rest is assumed."""
    text = HEAD + TOKENS + '[tokens.output]\n"1024x1024" = { low = 196, high = 7024 }\n'
    low, high = load(written(tmp_path, text))

    assert (low.id, low.confidence, low.observed) == (
        "tokens-gpt-image-2-1024x1024-low",
        "paraphrase",
        "2026-09",
    )
    assert (high.confidence, high.observed, high.spends) == ("assumed", "", True)


def test_a_prompt_can_be_of_any_length(tmp_path: Path) -> None:
    """A long prompt is made, not stored."""
    text = HEAD + CASE + 'json = { model = "m", prompt = "é" }\nprompt_length = 3\n'

    assert load(written(tmp_path, text))[0].request.body == b'{"model": "m", "prompt": "\\u00e9\\u00e9\\u00e9"}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = [", "some.toml: is not TOML: "),
        ("[[cases]]", "some.toml: unknown table 'cases'; known are case, "),
        (HEAD + CASE.replace('about = "something"', ""), "some.toml: one: lacks 'about'"),
        (HEAD + CASE.replace('id = "one"', ""), "some.toml: something: lacks 'id'"),
        (HEAD + CASE + "zip = 1", "some.toml: one: unknown key 'zip'"),
        (HEAD + CASE + 'status = "400"', "some.toml: one: 'status' holds '400'"),
        (HEAD + CASE + 'layout = "wild"', "some.toml: one: layout is 'wild'; known are pretty, "),
        (HEAD + CASE + 'needs = "luck"', "some.toml: one: needs is 'luck'; known are keys, "),
        (HEAD + CASE.replace("verbatim-body", "sure"), "some.toml: one: confidence is 'sure'"),
        (HEAD + CASE.replace("verbatim-body", "assumed"), "some.toml: one: observed is '2026-08', but it is assumed"),
        (HEAD + CASE + 'error = "no key"', "some.toml: one: no 'no key' in [errors]; known are broken"),
        (HEAD + CASE.replace("2026-08", "lately"), "some.toml: one: observed is 'lately'"),
        (HEAD + CASE.replace('"somebody", "a forum"', ""), "some.toml: one: 'source' names nobody"),
        (HEAD + CASE + 'error = { text = "x" }', "some.toml: one: unknown key 'text' in error"),
        (HEAD + CASE + 'picture = { colour = "x" }', "some.toml: one: unknown key 'colour' in picture"),
        (HEAD + CASE + 'json = {}\nbody = ""', "some.toml: one: one body at most, not body and json"),
        (HEAD + CASE + 'json = {}\nform = [["n", "2"]]', "some.toml: one: one body at most, not form and json"),
        (HEAD + CASE + 'auth = "basic"', "some.toml: one: auth is 'basic'; known are bearer, api-key"),
        (HEAD + CASE + 'as_of = "2026-08"', "some.toml: one: as_of is '2026-08', which is no day"),
        (HEAD + CASE + "before = [{}]", "some.toml: one: a step lacks 'path'"),
        (HEAD + CASE + "body_json = '{'", "some.toml: one: body_json is not JSON"),
        (HEAD + CASE + 'shape = "large"', "some.toml: one: no 'large' in [shapes]; known are small"),
        (HEAD + CASE + CASE, "some.toml: one: the id is taken by a case of some.toml"),
        (HEAD + CASE + 'conflicts = "two"', "some.toml: one: it conflicts with 'two', which is not there"),
        (HEAD + TOKENS + "price = 1", "some.toml: tokens-gpt-image-2: unknown key 'price' in [[tokens]]"),
        (HEAD + TOKENS, "some.toml: tokens-gpt-image-2: [[tokens]] lacks 'output'"),
    ],
)
def test_a_fault_is_told_with_file_and_id(text: str, said: str, tmp_path: Path) -> None:
    """One sentence leads to the line that has to be changed."""
    with pytest.raises(ValueError, match="some") as caught:
        load(written(tmp_path, text))

    assert str(caught.value).startswith(said)


def test_a_missing_file_and_an_empty_folder_are_told(tmp_path: Path) -> None:
    """Neither passes for a run in which nothing differs."""
    with pytest.raises(ValueError, match="cannot be read: No such file or directory"):
        load(tmp_path / "none.toml")
    with pytest.raises(ValueError, match="the directory holds no"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("field", "standing"),
    [
        ('superseded = "two"', "superseded"),
        ('as_of = "2026-08-15"', "another day"),
        ('conflicts = "one"', "contradicted"),
        ('needs = "time"', "needs time"),
    ],
)
def test_a_case_says_why_it_is_not_played(field: str, standing: str, tmp_path: Path) -> None:
    """It stays on the list all the same."""
    [case] = load(written(tmp_path, HEAD + CASE + field))

    assert case.standing == standing
