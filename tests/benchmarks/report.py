"""The report: the machine in a line and the rows in a table of at most 100 columns."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rows import Row

WIDTHS = (28, 10, 26, 9, 8, 11)
"""Columns of the table."""

RIGHT = {1, 3, 4}
"""Columns that hold figures."""


def machine(load: str) -> str:
    """Describe what was measured with, and by which `load`, in one line."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("pillow", "starlette", "uvicorn", "uvloop"))
    python = platform.python_version()
    return f"Python {python}, {packages}; {os.cpu_count()} cores; load by {load}"


def line(cells: Sequence[str]) -> str:
    """Lay out one line of the table."""
    placed = (
        cell.rjust(width) if index in RIGHT else cell.ljust(width)
        for index, (cell, width) in enumerate(zip(cells, WIDTHS, strict=True))
    )
    return "  ".join(placed).rstrip()


def heading() -> str:
    """Return the first lines of the table."""
    names = ("work", "mock", "against", "ratio", "goal", "verdict")
    return f"{line(names)}\n{line(['-' * width for width in WIDTHS])}"


def row(measured: Row) -> str:
    """Return the line of one row."""
    value = f"{measured.value:.1f}{measured.unit}" if measured.unit or measured.value >= 10 else f"{measured.value:.2f}"
    goal = f"{'>=' if measured.bound == 'at least' else '<='} {measured.goal:g}"
    return line((measured.work, measured.mock, measured.against, value, goal, measured.verdict))
