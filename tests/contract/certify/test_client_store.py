"""What clients need is kept whole, made once, by whoever comes first."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from mockserver.contract.certify.clients import store


def never() -> None:
    """Fail: nobody else is at it."""
    pytest.fail("it waited")


def fill(folder: Path) -> None:
    """Make what is wanted."""
    (folder / "made").touch()


def test_makes_a_folder_once(tmp_path: Path) -> None:
    """The second time it is there."""
    store.kept(tmp_path / "a" / "it", fill, whole=Path.is_dir, wait=never)
    store.kept(tmp_path / "a" / "it", lambda _: pytest.fail("again"), whole=Path.is_dir, wait=never)
    assert (tmp_path / "a" / "it" / "made").exists()


def test_makes_it_again_where_it_is_not_whole(tmp_path: Path) -> None:
    """Whatever was there is gone."""
    folder = tmp_path / "it"
    folder.mkdir()
    (folder / "old").touch()
    store.kept(folder, fill, whole=lambda it: (it / "made").exists(), wait=never)
    assert [each.name for each in folder.iterdir()] == ["made"]


def test_leaves_nothing_half_made(tmp_path: Path) -> None:
    """A failure on the way is as if nobody had begun."""

    def break_off(folder: Path) -> None:
        fill(folder)
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - the one above
        store.kept(tmp_path / "it", break_off, whole=Path.is_dir, wait=never)
    assert [each.name for each in tmp_path.iterdir()] == ["it.lock"]


def test_throws_away_what_a_killed_process_left(tmp_path: Path) -> None:
    """It is not taken for the thing."""
    (tmp_path / "it.making").mkdir()
    (tmp_path / "it.making" / "half").touch()
    store.kept(tmp_path / "it", fill, whole=Path.is_dir, wait=never)
    assert [each.name for each in (tmp_path / "it").iterdir()] == ["made"]


def test_takes_turns(tmp_path: Path) -> None:
    """Who comes second waits, says so, and finds it made."""
    begun, waiting, made = threading.Event(), threading.Event(), []

    def make(folder: Path) -> None:
        begun.set()
        assert waiting.wait(20)
        made.append(folder)

    first = threading.Thread(
        target=store.kept, args=(tmp_path / "it", make), kwargs={"whole": Path.is_dir, "wait": never}
    )
    first.start()
    assert begun.wait(20)
    store.kept(tmp_path / "it", made.append, whole=Path.is_dir, wait=waiting.set)
    first.join()
    assert len(made) == 1


def test_takes_the_turn_of_a_process_that_was_killed(tmp_path: Path) -> None:
    """Its lock ends with it."""
    code = """
import pathlib, sys, threading
from mockserver.contract.certify.clients import store
def make(folder):
    print("begun", flush=True)
    threading.Event().wait()
store.kept(pathlib.Path(sys.argv[1]), make, whole=pathlib.Path.is_dir, wait=print)
"""
    command = [sys.executable, "-c", code, str(tmp_path / "it")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as other:  # noqa: S603 - our own code
        assert other.stdout
        assert other.stdout.readline() == b"begun\n"
        store.kept(tmp_path / "it", fill, whole=Path.is_dir, wait=other.kill)
    assert (tmp_path / "it" / "made").exists()


def test_the_environment_names_the_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Else it is where the platform keeps such things."""
    monkeypatch.setenv(store.VARIABLE, str(tmp_path))
    assert store.home() == tmp_path
    monkeypatch.delenv(store.VARIABLE)
    assert store.home().parts[-2:] == ("images-mockserver", "clients")
