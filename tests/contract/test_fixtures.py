"""The committed pictures are the ones that their maker makes."""

from __future__ import annotations

import io
import runpy
from pathlib import Path

import pytest
from PIL import Image, UnidentifiedImageError

from mockserver import datafiles
from mockserver.contract import inputs

MADE: dict[str, bytes] = runpy.run_path(str(Path(__file__).parent.parent / "make_fixtures.py"))["fixtures"]()
BROKEN = {"truncated.png", "text.png", "drawing.svg", "empty.png"}


def shown(data: bytes) -> tuple[str | None, int, str, bytes]:
    """Return what a file shows: format, frames, mode and the pixels of its first frame."""
    picture = Image.open(io.BytesIO(data))
    return picture.format, getattr(picture, "n_frames", 1), picture.mode, picture.tobytes()


@pytest.mark.parametrize("name", sorted(MADE))
def test_a_committed_picture_shows_what_its_maker_draws(name: str) -> None:
    """Pixels are compared; encoders may differ in bytes."""
    if name not in BROKEN:
        assert shown(inputs.read(name)) == shown(MADE[name])


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_what_is_no_picture_cannot_be_opened(name: str) -> None:
    """They are there to be refused."""
    with pytest.raises((UnidentifiedImageError, OSError)):
        shown(inputs.read(name))


def test_the_folder_holds_nothing_else() -> None:
    """A picture that nobody makes cannot be changed."""
    assert {file.name for file in datafiles.path("fixtures", "images").iterdir()} == set(MADE)


def test_fixtures_are_small() -> None:
    """They travel in every wheel; larger ones are padded while they are sent."""
    assert sum(len(inputs.read(name)) for name in MADE) < 100_000
