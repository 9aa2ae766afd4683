"""Which form of a matrix goes into which file."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from mockserver.contract.certify.verdict import Matrix

_ROOM: Final = __name__.rpartition(".")[0]

FORMS: Final = {
    "json": "document:write",
    "markdown": "markdown:render",
    "junit": "junit:render",
    "sarif": "sarif:render",
    "html": "page:render",
    "badge": "badge:render",
}
"""Form → the function of this room that makes it; imported when it is used."""


def text(form: str, file: str, matrix: Matrix) -> str:
    """Return what a file of a form holds; a badge whose name ends in `.json` is for shields.io."""
    module, _, function = FORMS[form].partition(":")
    if form == "badge" and file.endswith(".json"):
        function = "endpoint"
    render: Callable[[Matrix], str] = getattr(import_module(f"{_ROOM}.{module}"), function)
    return render(matrix)


def trouble(file: str) -> str | None:
    """Return why a file cannot be written, which is better known before anything long begins; None where it can."""
    path = Path(file)
    if path.is_dir():
        return f"{file} is a folder"
    if not path.absolute().parent.is_dir():
        return f"{file}: there is no folder {path.parent}"
    return None


def write(form: str, file: str, matrix: Matrix) -> None:
    """Write a file as UTF-8.

    Raises:
        OSError: it cannot be written.
    """
    Path(file).write_text(text(form, file, matrix), "utf-8")
