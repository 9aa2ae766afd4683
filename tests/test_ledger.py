"""What was saved, and what would have been paid for twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import httpx
import pytest

from mockserver.app import create_app
from mockserver.journal import Entry
from mockserver.journal.kept import Journal
from mockserver.ledger import billed_before, billed_twice, ledger, summary
from mockserver.request_head import RequestHead
from mockserver.server import ServerThread
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mockserver.journal.recorder import Recorder
    from mockserver.worlds import Worlds

ASKED = 'gpt-image-1 1024x1024 low png "a dot"'


def bill(journal: Journal, arrived: float, prompt: str = "a dot", retry: int = 0, **fields: object) -> Entry:
    """Add a request that was accepted, took a second and cost a cent, unless fields say otherwise."""
    headers = [(b"authorization", b"Bearer k"), (b"x-stainless-retry-count", b"%d" % retry)]
    entry = Entry(RequestHead("POST", "/v1/images/generations", headers), 0.0, arrived)
    entry.body = json.dumps({"model": "gpt-image-1", "prompt": prompt}).encode()
    told = {"status": 200, "complete": True, "seconds": 1.0, "dollars": 0.01, "asked": ASKED, **fields}
    for name, value in told.items():
        setattr(entry, name, value)
    journal.open(entry)
    journal.close(entry)
    return entry


GONE = {"complete": False, "gone": 0.5}
CUT = {"complete": False, "cut": "reset", "played": [{"scenario": "body-truncated"}]}
UNBILLED = {"complete": False, "gone": 0.5, "dollars": 0.0, "status": 0}


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (GONE, {}, "its client went away"),
        (GONE, {"retry": 1}, "its client went away"),
        (UNBILLED, {"retry": 1}, "its client went away"),
        (CUT, {}, "its reply was spoilt by body-truncated"),
        ({"complete": False}, {}, "its reply was cut"),
        ({"played": [{"scenario": "502-after"}], "status": 502}, {}, "its reply was spoilt by 502-after"),
        ({}, {"retry": 2}, "the client asked again, as its retry 2"),
        ({}, {}, None),
        ({"dollars": 0.0, "status": 429}, {"retry": 1}, None),
        ({"dollars": 0.0, "gone": 0.5, "rule": "wrong-type"}, {}, None),
        (GONE, {"prompt": "another"}, None),
        (GONE, {"arrived": 700.0}, None),
        (GONE, {"arrived": 600.0}, "its client went away"),
        ({"seconds": None, "complete": False}, {}, None),
    ],
    ids=str,
)
def test_the_same_request_billed_again(first: dict[str, object], second: dict[str, object], reason: str | None) -> None:
    """Only where the earlier reply was lost, and within ten minutes."""
    journal = Journal()
    bill(journal, 0.0, **first)  # type: ignore[arg-type]  # fields of an entry
    bill(journal, **{"arrived": 2.0, **second})  # type: ignore[arg-type]  # as above
    pairs = billed_twice(journal)
    assert [pair.reason for pair in pairs] == ([] if reason is None else [reason])
    if reason is not None:
        assert (pairs[0].first, pairs[0].second, pairs[0].dollars) == (1, 2, 0.01)


def test_each_billing_is_paired_with_the_one_before() -> None:
    """Three attempts are two pairs."""
    journal = Journal()
    bill(journal, 0.0, **GONE)  # type: ignore[arg-type]  # fields of an entry
    bill(journal, 1.0, prompt="between")
    bill(journal, 2.0, retry=1, complete=False, gone=3.0)
    last = bill(journal, 4.5, retry=2)
    assert [(pair.first, pair.second, pair.seconds) for pair in billed_twice(journal)] == [(1, 3, 1.5), (3, 4, 1.5)]
    found = billed_before(journal, last)
    assert found is not None
    assert found.told() == {"first": 3, "second": 4, "reason": "its client went away", "dollars": 0.01, "seconds": 1.5}
    assert billed_before(journal, journal.entries()[0]) is None
    assert billed_twice(journal, window=1.0) == []


def test_sums_are_told_by_model() -> None:
    """In alphabetical order."""
    journal = Journal()
    for number in range(3):
        bill(journal, float(number), prompt=str(number))
    bill(journal, 3.0, dollars=0.04, asked='dall-e-2 256x256 standard png "x"')
    bill(journal, 4.0, dollars=0.0, status=400)
    assert ledger(journal).told() == {
        "saved": 0.07,
        "requests": 4,
        "models": {
            "dall-e-2": {"requests": 1, "dollars": 0.04},
            "gpt-image-1": {"requests": 3, "dollars": 0.03},
        },
    }


def test_a_summary_is_for_a_terminal() -> None:
    """Printable, and empty where nothing was charged."""
    journal = Journal()
    assert summary(journal) == ""
    played = [{"scenario": "\x1b[2Jcut"}]
    bill(journal, 0.0, played=played, complete=False, model="zoo\x1b[2J")
    bill(journal, 2.0)
    assert summary(journal) == (
        "$0.020 saved on 2 requests\n"
        "  gpt-image-1                   1 x $     0.010\n"
        "  zoo\\u001b[2J                  1 x $     0.010\n"
        "billed twice: $0.010\n"
        "  #1 and #2: its reply was spoilt by \\u001b[2Jcut"
    )


@pytest.fixture(scope="module")
def opened() -> Iterator[tuple[httpx.Client, Journal]]:
    """A client of a server whose journal lies open."""
    app = cast("Worlds", create_app(Settings(journal=10_000)))
    with (
        ServerThread(app=app) as server,
        httpx.Client(base_url=server.base_url, headers={"authorization": "Bearer k"}) as client,
    ):
        yield client, cast("Recorder", app.default.app).journal


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("scenario", ["reset-body", "cut-body"])
def test_a_reply_that_a_fault_cuts_is_billed_twice(
    opened: tuple[httpx.Client, Journal], wait_until: Callable[..., None], scenario: str, *, stream: bool
) -> None:
    """On a real socket: the picture was drawn, lost, and drawn again."""
    client, journal = opened
    journal.clear()
    body = {"model": "gpt-image-1", "prompt": scenario, "quality": "low", "stream": stream}
    with pytest.raises(httpx.TransportError):
        client.post("/images/generations", json=body, headers={"x-mock-scenario": scenario})
    assert client.post("/images/generations", json=body).status_code == 200
    wait_until(lambda: all(entry.closed for entry in journal.entries()))
    (pair,) = billed_twice(journal)
    assert [pair.first, pair.second] == [entry.number for entry in journal.entries()]
    assert pair.reason.startswith("its reply was spoilt by ")
    assert pair.dollars > 0
