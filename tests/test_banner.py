"""What the server prints when it is ready: plain, in colour, and nowhere."""

from __future__ import annotations

import io
import sys

import pytest

from mockserver.banner import banner, show
from mockserver.settings import Settings

URL = "http://127.0.0.1:8080"


class Terminal(io.StringIO):
    """A stdout that a person looks at."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.mark.parametrize(
    ("term", "no_color", "coloured"), [("xterm", "", True), ("xterm", "1", False), ("dumb", "", False)]
)
def test_colour_is_for_terminals_that_want_it(
    term: str,
    no_color: str,
    coloured: bool,  # a case
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """NO_COLOR and dumb terminals get plain text; so does every pipe."""
    monkeypatch.setenv("TERM", term)
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setattr(sys, "stdout", stream := Terminal())
    show(URL, Settings())
    assert ("\033[" in stream.getvalue()) is coloured
    monkeypatch.setattr(sys, "stdout", pipe := io.StringIO())
    show(URL, Settings())
    assert pipe.getvalue() == banner(URL, Settings())


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_the_banner_is_written_in_any_encoding(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that has no middle dot gets another sign."""
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", stream := io.TextIOWrapper(raw, encoding=encoding))
    show(URL, Settings())
    assert b"export OPENAI_BASE_URL=http://127.0.0.1:8080/v1\n" in raw.getvalue()
    monkeypatch.undo()
    stream.close()


def test_a_process_without_stdout_needs_no_banner(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service may be started with its output closed."""
    monkeypatch.setattr(sys, "stdout", None)
    show(URL, Settings())


FACTS = {
    "any key is accepted · answers at once · Ctrl-C ends it": (Settings(), 1),
    "only this key is accepted · answers as slowly as the real API ·": (Settings(("k",), 1.0), 1),
    "2 keys are accepted · answers in 0.1 of the real API's time · 3 workers": (Settings(("k", "l"), 0.1), 3),
}


@pytest.mark.parametrize(("said", "choices"), FACTS.items(), ids=FACTS)
def test_the_banner_says_what_was_chosen(said: str, choices: tuple[Settings, int]) -> None:
    """The last line tells keys, pace and workers."""
    settings, count = choices
    assert f"  {said}" in banner(URL, settings, workers=count)


def test_the_banner_fits_a_terminal() -> None:
    """Nothing is wider than 80 columns."""
    assert max(map(len, banner(URL, Settings()).splitlines())) <= 80
