"""A server that draws one picture of each shape, where what is on a picture does not matter: a hundred times faster."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import pytest

from mockserver.pictures import files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.pictures import Picture

_draw = lru_cache(maxsize=None)(files.render)


@contextmanager
def sketched() -> Iterator[None]:
    """Let every picture of one size, format and background be the same, while the block lasts."""

    def render(picture: Picture) -> bytes:
        return _draw(replace(picture, digest="0" * 64, prompt="", caption="", inputs=(), mask=None, compression=50))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "render", render)
        yield
