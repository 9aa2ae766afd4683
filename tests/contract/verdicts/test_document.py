"""A matrix survives the way through its JSON document; another document is refused with its fault."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.contract.certify.report.document import SCHEMA, read, write
from mockserver.contract.certify.report.reading import DocumentError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mockserver.contract.certify.verdict import Matrix


def test_nothing_is_lost(matrix: Matrix) -> None:
    """Every value comes back, half characters too, and the text is plain ASCII."""
    text = write(matrix)

    assert text.isascii()
    assert read(text) == matrix


def test_the_document_says_what_it_is_and_sums_up(matrix: Matrix) -> None:
    """For a reader that only wants to know whether anything fails."""
    content = json.loads(write(matrix))

    assert content["schema"] == SCHEMA
    assert content["made"] == "2026-11-25"
    fails = sum(cell["verdict"] == "fail" for cell in content["certificates"][0]["cells"])
    assert content["summary"][0]["failed"] == fails > 0
    assert len(content["behaviours"]) == len(content["certificates"][0]["cells"])


def test_what_a_later_version_adds_is_left_out(matrix: Matrix) -> None:
    """New members are no reason to refuse."""
    content = json.loads(write(matrix))
    content["certificates"][0]["colour"] = "red"

    assert read(json.dumps(content)) == matrix


def spoil(place: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Return what puts a value at a place such as `certificates.0.cells`."""

    def change(content: Any) -> None:  # noqa: ANN401 - any JSON
        *way, last = place.split(".")
        for step in way:
            content = content[int(step) if step.isdigit() else step]
        if value is ...:
            del content[last]
        else:
            content[int(last) if last.isdigit() else last] = value

    return change


FAULTS = {
    "another schema": (spoil("schema", "sarif"), "it says schema 'sarif'"),
    "a list for a text": (spoil("certificates.0.client", []), r"certificates\[0\].client is \[\], where text"),
    "no verdict": (spoil("certificates.0.cells.3.verdict", ...), r"certificates\[0\].cells\[3\].verdict is missing"),
    "a verdict that there is not": (spoil("certificates.0.cells.3.verdict", "ok"), "where one of pass, fail"),
    "a behaviour that is not told": (spoil("certificates.1.cells.0.behaviour", "x"), "where one of `behaviours`"),
    "a number for cells": (spoil("certificates.1.cells", 7), r"certificates\[1\].cells is 7, where an array"),
    "true for a number": (spoil("seed", value=True), "seed is true, where a whole number"),
    "more than a number holds": (spoil("certificates.0.seconds", 10**400), "where a number is expected"),
    "no behaviours": (spoil("behaviours", None), "behaviours is null, where an array"),
    "a client that is none": (spoil("certificates.0", "x"), r"certificates\[0\] is x, where an object"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_is_told_with_its_place(matrix: Matrix, fault: str) -> None:
    """And what was expected there."""
    change, text = FAULTS[fault]
    content = json.loads(write(matrix))
    change(content)

    with pytest.raises(DocumentError, match=text):
        read(json.dumps(content))


def test_a_number_that_json_lacks_becomes_text(matrix: Matrix) -> None:
    """A client may tell one; browsers read the document too."""
    client = matrix.certificates[0]
    failing = next(cell for cell in client.cells if cell.witness)
    told = replace(failing, witness=replace(failing.witness, told={"value": float("nan")}))  # type: ignore[type-var]  # it has one
    text = write(replace(matrix, certificates=(replace(client, cells=(told,)),)))

    assert (
        json.loads(text, parse_constant=pytest.fail)["certificates"][0]["cells"][0]["witness"]["told"]["value"] == "nan"
    )


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "[]", "null", b"\xff\xfe\x00"])
def test_what_is_no_document_is_refused(text: str | bytes) -> None:
    """Without a traceback of the parser."""
    with pytest.raises(DocumentError):
        read(text)
