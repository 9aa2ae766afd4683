"""Imports point one way: a module only imports from lower floors, and the wing talks to a URL like any client."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "mockserver"

FLOORS = (
    {"settings", "sources", "sse", "clock", "datafiles", "cache", "identity", "files", "whole", "request_head"},
    {"headers"},
    {"errors", "pictures", "journal", "revision", "usage"},
    {"rules", "uploads", "links", "shelf", "wire", "ledger", "coverage"},
    {"bodies", "apis", "bill"},
    {"models", "forms", "legacy", "studio", "authentication", "faults"},
    {"clashes", "limits", "scenarios", "buffering"},
    {"match"},
    {"lines"},
    {"script", "script_file"},
    {"spaces"},
    {"params", "azure", "worlds", "tagged"},
    {"playing"},
    {"player"},
    {"decisions"},
    {"replies", "intake", "checks"},
    {"contract/document"},
    {"endpoints"},
    {"control", "pytest_tally"},
    {"app"},
    {"server"},
    {"banner", "images_api"},
    {"contract", "mock_server"},
    {"pytest_certify"},
    {"cli", "pytest_plugin"},
    {"__init__", "__main__"},
)
FLOOR = {name: floor for floor, names in enumerate(FLOORS) for name in names}
WITNESS = {"datafiles", "contract"}
"""What the harness of observed cases may import: it judges any base URL, and must not know what the server thinks."""


def room(path: Path) -> str:
    """Return the top-level module of a file, or the folder in it that has a floor of its own."""
    parts = path.relative_to(PACKAGE).parts
    return _roomy("/".join(parts[:2]), parts[0].removesuffix(".py"))


def _roomy(folder: str, module: str) -> str:
    return folder if folder in FLOOR else module


def imported(path: Path) -> set[str]:
    """Return the top-level modules of the package that a file imports, for types too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    parts = [name.split(".")[1:3] for name in names if name.startswith("mockserver.")]
    ours = {_roomy("/".join(part), part[0]) for part in parts}
    return ours & FLOOR.keys()


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_imports_from_lower_floors_only(path: Path) -> None:
    """Every module has a floor, and its imports lie below it (or in its own room)."""
    here = room(path)
    assert here in FLOOR, f"{here} has no floor in {Path(__file__).name}"
    above = {name for name in imported(path) if FLOOR[name] >= FLOOR[here] and name != here}
    assert not above, f"{here} (floor {FLOOR[here]}) imports {sorted(above)}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "contract").glob("*.py")), ids=lambda path: path.name)
def test_the_second_witness_stands_alone(path: Path) -> None:
    """The harness of observed cases imports nothing of the server that it judges."""
    assert imported(path) <= WITNESS


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_stays_readable(path: Path) -> None:
    """No file is longer than 300 lines, but for the one that is a single list: the models."""
    assert len(path.read_text().splitlines()) <= (450 if path.name == "models.py" else 300)
