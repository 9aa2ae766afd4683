"""`mockserver certify` with what was kept: its forms, its exit status, and what it says of mistakes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mockserver.cli import main
from mockserver.contract.certify.command import command
from mockserver.contract.certify.report.document import write
from mockserver.contract.certify.report.files import FORMS
from mockserver.contract.certify.verdict import Matrix

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def kept(matrix: Matrix, tmp_path: Path) -> Path:
    """Five clients, as `--json` keeps them."""
    path = tmp_path / "kept.json"
    path.write_text(write(matrix))
    return path


@pytest.fixture
def good(matrix: Matrix, tmp_path: Path) -> Path:
    """The one client of which nothing fails."""
    path = tmp_path / "good.json"
    path.write_text(write(Matrix(matrix.certificates[-1:], matrix.made, matrix.mockserver, matrix.seed)))
    return path


def certify(*arguments: str | Path) -> int:
    """Run the command as a shell would."""
    return main(["certify", *map(str, arguments)])


def test_what_was_kept_is_shown_without_another_run(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And its status is that of the run."""
    assert certify("--from", kept) == 1

    assert "litellm 1.106.3" in capsys.readouterr().out


def test_nothing_that_fails_is_status_0(good: Path) -> None:
    """What is allowed counts as holding."""
    assert certify("--from", good) == 0


def test_several_runs_are_shown_as_one(kept: Path, good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a client that is in both, the later counts."""
    certify("--from", good, "--from", kept, "--json", "-")

    assert len(json.loads(capsys.readouterr().out)["certificates"]) == 5


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_written_into_its_file(good: Path, tmp_path: Path, form: str) -> None:
    """As UTF-8."""
    assert certify("--from", good, f"--{form}", tmp_path / "out") == 0

    assert "Images API" in (tmp_path / "out").read_text("utf-8") or form in {"json", "sarif"}


def test_a_badge_for_shields_io_ends_in_json(good: Path, tmp_path: Path) -> None:
    """The other one is SVG."""
    certify("--from", good, "--badge", tmp_path / "badge.json")

    assert json.loads((tmp_path / "badge.json").read_text())["message"] == "100 % conform"


def test_a_form_on_stdout_stands_there_alone(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """So that it can be piped."""
    certify("--from", kept, "--json", "-")

    assert json.loads(capsys.readouterr().out)["seed"] == 42


@pytest.mark.parametrize(
    ("least", "status", "told"),
    [
        (("65",), 0, ""),
        (("65%",), 0, ""),
        (("66",), 1, "litellm 1.106.3: 219 of 336 hold, 65.1 %, where 66 % are needed"),
        (("65", "sends=50"), 0, ""),
        (("65", "sends=51"), 1, "litellm 1.106.3: 4 of 8 of sends hold, 50 %, where 51 % are needed"),
        (("sends=0", "returns=0", "fails=0"), 0, ""),
        (("sends=0",), 1, "where 100 % are needed"),
        (("0",), 0, ""),
    ],
)
def test_less_can_be_enough(
    kept: Path, least: tuple[str, ...], status: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """For everything, or for one group; what no threshold names has to hold in full."""
    assert certify("--from", kept, *(f"--fail-under={each}" for each in least)) == status

    assert told in capsys.readouterr().err


MISTAKES = {
    "no client": ((), "say which client: --client NAME"),
    "a file that is not there": (("--from", "nope.json"), "--from: nope.json: no such file or directory"),
    "a file that is none": (("--from", __file__), "it is no JSON document"),
    "a group that there is not": (("--fail-under", "sned=9"), "no group 'sned': did you mean sends?"),
    "a share that is none": (("--fail-under", "much"), "'much' is no percentage from 0 to 100"),
    "more than everything": (("--fail-under", "101"), "'101' is no percentage"),
    "not a number": (("--fail-under", "nan"), "'nan' is no percentage"),
    "a folder that there is not": (("--html", "/nope/out.html"), "--html: /nope/out.html: there is no folder /nope"),
    "a folder": (("--html", "/"), "--html: / is a folder"),
    "two on stdout": (("--json", "-", "--html", "-"), "only one form can go to stdout"),
    "an option that there is not": (("--clinet", "x"), "no option --clinet: did you mean --client?"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_in_a_line(mistake: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With status 2 and what to do."""
    arguments, told = MISTAKES[mistake]

    assert certify(*arguments) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert told in said.err
    assert said.err.count("\n") == 1


def test_nothing_judged_is_nothing_tried(matrix: Matrix, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A client of which nothing can be asked does not pass."""
    (tmp_path / "empty.json").write_text(write(Matrix((), matrix.made, matrix.mockserver, matrix.seed)))

    assert certify("--from", tmp_path / "empty.json") == 2

    assert "nothing could be judged" in capsys.readouterr().err


def test_the_help_teaches_by_examples(capsys: pytest.CaptureFixture[str]) -> None:
    """Each of them a line that can be typed."""
    certify("--help")

    lines = capsys.readouterr().out.splitlines()
    assert sum(line.strip().startswith("mockserver certify --") for line in lines) >= 5
    assert all(parameter.opts[0] in "\n".join(lines) for parameter in command.params)
