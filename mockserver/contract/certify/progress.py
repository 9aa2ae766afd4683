"""How far a certification is, on one line of a terminal; elsewhere, nothing is said."""

from __future__ import annotations

import shutil
import sys
import threading
from typing import TYPE_CHECKING, Final, Self

import click

from mockserver.journal.plain import shown_text

if TYPE_CHECKING:
    from mockserver.contract.certify.verdict import Cell

_NAME: Final = 32


class Progress:
    """The line of one client; may be told from any thread."""

    def __init__(self, client: str, total: int) -> None:
        """Begin to count to `total` cells."""
        self.client = shown_text(client, _NAME)
        self.total = total
        self._done = self._failing = 0
        self._lock = threading.Lock()

    def told(self, cell: Cell) -> None:
        """Count a cell and show where it stands."""
        with self._lock:
            self._done += 1
            self._failing += cell.verdict == "fail"
            self._show(cell.behaviour.id)

    def note(self, text: str) -> None:
        """Say what takes long before the first cell is there, such as an installation."""
        click.echo(shown_text(text, 500), err=True)

    def __enter__(self) -> Self:
        self._show("starting")
        return self

    def __exit__(self, *_: object) -> None:
        self._line("")

    def _show(self, what: str) -> None:
        failing = click.style(f"{self._failing} fail", fg="red") if self._failing else "0 fail"
        head = f"{self.client}  {self._done}/{self.total}  "
        room = shutil.get_terminal_size().columns - len(click.unstyle(head + failing)) - 3
        self._line(f"{head}{failing}  {click.style(what[: max(room, 0)], dim=True)}")

    def _line(self, text: str) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r\x1b[K{text}", nl=False, err=True, color=True)
