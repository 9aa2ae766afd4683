"""Whoever has the reply finds the entry, with its final status and all that was known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from journal.conftest import Open

ROUNDS = 200
PICTURE = (Path(__file__).parents[2] / "fixtures/images/square.png").read_bytes()


@pytest.mark.parametrize(
    ("parameters", "status", "rule", "events"),
    [
        ({}, 200, "", []),
        ({"model": "dall-e-2", "quality": None}, 200, "", []),
        ({"n": 0}, 400, "integer-below-minimum", []),
        (
            {"stream": True, "partial_images": 1},
            200,
            "",
            ["image_generation.partial_image", "image_generation.completed"],
        ),
    ],
    ids=["whole", "links", "refused", "streamed"],
)
def test_the_entry_is_there_when_the_client_has_its_reply(
    opened: Open, parameters: dict[str, object], status: int, rule: str, events: list[str]
) -> None:
    """Two hundred times, seen from another thread at once."""
    for number in range(1, ROUNDS + 1):
        reply = opened.ask(**parameters)
        entry = opened.last()
        seen = (len(opened.journal), entry.status, entry.rule, list(entry.events), entry.complete, entry.sent)
        assert seen == (number, status, rule, events, True, len(reply.content))
        assert entry.seconds is not None


def test_so_it_is_for_edits_and_for_paths_that_do_not_exist(opened: Open) -> None:
    """A form, and a bare 404."""
    for _ in range(20):
        opened.http.post(
            "/images/edits",
            data={"prompt": "a dot", "quality": "low"},
            files={"image": ("a.png", PICTURE, "image/png")},
        )
        edit = opened.last()
        assert (edit.endpoint, edit.status, edit.complete) == ("edits", 200, True)
        httpx.get(f"{opened.server.url}/nope")
        assert (opened.last().status, opened.last().rule) == (404, "unknown-path")
