"""The README's own snippets, run as they stand against a server of their own; its JavaScript by `clients`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mockserver import ImagesApi, MockServer

if TYPE_CHECKING:
    from mockserver.server import ServerThread

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
SNIPPETS = re.findall(r"^```(bash|python)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def command(language: str, code: str, folder: Path) -> list[str]:
    """Return what runs a snippet, as a reader would."""
    if language == "bash":
        return ["bash", "-euo", "pipefail", "-c", code]
    script = folder / ("test_readme_snippet.py" if "def test_" in code else "snippet.py")
    script.write_text(code)
    if "import unittest" in code:
        return [sys.executable, "-m", "unittest", "--verbose", script.stem]
    if "def test_" in code:
        return [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={folder}", str(script)]
    return [sys.executable, str(script)]


@pytest.mark.parametrize(("language", "code"), SNIPPETS, ids=[f"{n}-{pair[0]}" for n, pair in enumerate(SNIPPETS)])
def test_a_snippet_runs(language: str, code: str, server: ServerThread, tmp_path: Path) -> None:
    """And says something."""
    if language == "bash" and shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    environment = {
        **os.environ,
        "OPENAI_BASE_URL": server.base_url,
        "OPENAI_API_KEY": "sk-mock",
        "FIXTURES": str(ROOT / "fixtures" / "images"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    own = code.replace("http://127.0.0.1:8080", server.url)
    done = subprocess.run(  # noqa: S603 - the README's own code
        command(language, own, tmp_path),
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (done.stdout + done.stderr).strip()


def test_the_script_of_the_readme_is_the_one_that_the_command_writes() -> None:
    """Word for word; `test_script` plays it."""
    shown = re.search(r"^```toml\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    assert shown
    assert shown[1] == (ROOT / "fixtures" / "script.toml").read_text()


def test_every_option_of_the_server_is_in_the_readme() -> None:
    """With its variable."""
    from mockserver.cli.serve import command as serve  # noqa: PLC0415 - only here

    for parameter in serve.params:
        for option in parameter.opts:
            assert f"`{option}`" in README
            variable = f"MOCKSERVER_{option.removeprefix('--').replace('-', '_').upper()}"
            assert variable in README or option in {"--help", "--version"}


@pytest.mark.parametrize("name", [name for name in vars(MockServer) | vars(ImagesApi) if not name.startswith("_")])
def test_every_sentence_of_the_fixture_is_in_the_readme(name: str) -> None:
    """And of the server for other frameworks."""
    assert re.search(rf"(`|\.){name}\b", README)


def test_every_option_of_the_certification_is_in_the_readme() -> None:
    """In its long form."""
    from mockserver.contract.certify.command import command as certify  # noqa: PLC0415 - only here

    missing = {parameter.opts[-1] for parameter in certify.params} - set(re.findall(r"`(--[\w-]+)", README))
    assert not missing


def matrix() -> list[list[str]]:
    """Return the cells of the matrix of the ready-made clients, its head first."""
    text = README.partition("<!-- matrix: ")[2].partition("<!-- matrix ends -->")[0]
    table = text.partition("\n| |")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in table.splitlines()]


def test_the_matrix_says_when_and_with_what_it_was_made() -> None:
    """So that a reader can tell how old it is."""
    made = re.search(r"Made on (\d{4}-\d\d-\d\d) with mockserver (\d+\.\d+\.\d+) and seed \d+\.", README)
    assert made
    assert date.fromisoformat(made[1]) >= date(2026, 11, 25)


def test_the_matrix_is_of_the_ready_made_clients() -> None:
    """Each in the version that a bare name means."""
    from mockserver.contract.certify.clients.registry import ready_made  # noqa: PLC0415 - only here

    assert matrix()[0] == [f"{row.name} {row.versions[0]}" for row in ready_made().values()]


def test_the_matrix_has_a_sum_in_each_cell() -> None:
    """And the share of each client in its last rows: what conforms, and what does where nothing is allowed."""
    _, _, *rows, shares, strict = matrix()
    assert len(rows) > 10
    assert all(re.fullmatch(r"(\d+/\d+|-)( ❌)?", cell) for row in rows for cell in row[1:])
    assert all(re.fullmatch(r"\*\*\d+ %\*\*", cell) for cell in shares[1:])
    assert all(re.fullmatch(r"\d+ %", cell) for cell in strict[1:])
    assert all(int(less[:-2]) <= int(more.strip("* %")) for less, more in zip(strict[1:], shares[1:], strict=True))


def test_the_changelog_begins_with_this_version() -> None:
    """A release says what changed."""
    from mockserver import __version__  # noqa: PLC0415 - only here

    first = re.search(r"^## (\S+) - \d{4}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert first
    assert first[1] == __version__
