"""Where contracts/ and fixtures/ lie: inside an installed wheel, or beside the package in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def root() -> Path:
    """Return the folder that holds the data: `_data` of an installed wheel if it exists, else the checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "_data"
    return installed if installed.is_dir() else package.parent


def path(*parts: str) -> Path:
    """Return where a data file lies, for instance `path("fixtures", "fonts", "unifont.bin")`; it may not exist."""
    return root().joinpath(*parts)
