"""What a user installs: the wheel, in an empty environment, away from the checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command that must succeed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(  # noqa: S603 - fixed commands
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", out, ROOT, cwd=out)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment that holds the wheel, what it needs, and exact token counts."""
    home = tmp_path_factory.mktemp("empty")
    venv.create(home, with_pip=True, symlinks=True)
    programs = home / "bin"
    run(
        programs / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        f"{wheel}[tokens]",
        cwd=home,
    )
    return programs


def test_the_wheel_holds_the_package_and_its_data(wheel: Path) -> None:
    """Cases and fonts travel as `_data`; tests do not travel."""
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"mockserver", next(top for top in tops if top.endswith(".dist-info"))}
    assert "mockserver/py.typed" in names
    assert "mockserver/_data/contracts/cases/size.toml" in names
    assert "mockserver/_data/fixtures/fonts/unifont.bin" in names


def test_the_wheel_holds_what_clients_are_certified_with(wheel: Path) -> None:
    """The rows of the ready-made ones, their workers and what is allowed to them."""
    clients = ROOT / "mockserver" / "contract" / "certify" / "clients"
    patterns = ("registry.toml", "allowances/*.toml", "adapters/*.py", "adapters/*.mjs")
    files = {path.relative_to(ROOT).as_posix() for pattern in patterns for path in clients.glob(pattern)}
    assert len(files) > len(patterns)
    assert files <= set(zipfile.ZipFile(wheel).namelist())


@pytest.fixture(scope="module")
def url(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of the installed command."""
    away = tmp_path_factory.mktemp("away")
    command = [str(installed / "mockserver"), "--port", "0"]
    with subprocess.Popen(command, cwd=away, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - a fixed command
        assert process.stdout
        found = next(filter(None, (re.search(r"OPENAI_BASE_URL=(\S+)", line) for line in process.stdout)))
        yield found[1]
        process.terminate()
        process.stdout.read()


def test_the_installed_command_serves_pictures(url: str) -> None:
    """In a script that needs the font data of the wheel."""
    body = {"model": "gpt-image-1", "prompt": "一只猫 Кошка", "quality": "low"}
    reply = httpx.post(f"{url}/images/generations", json=body, headers={"authorization": "Bearer k"}, timeout=30)
    assert reply.status_code == 200, reply.text


def test_the_installed_command_replays_its_cases(installed: Path, url: str, tmp_path: Path) -> None:
    """The data of the wheel, against the server of the wheel."""
    summary = run(installed / "mockserver", "cases", "--base-url", url, cwd=tmp_path).splitlines()[-1]
    assert re.match(r"([1-9]\d\d) cases: \1 agree, 0 differ", summary), summary


def test_the_module_is_the_command(installed: Path, tmp_path: Path) -> None:
    """`python -m mockserver` is `mockserver`."""
    by_name = run(installed / "mockserver", "--version", cwd=tmp_path)
    assert run(installed / "python", "-m", "mockserver", "--version", cwd=tmp_path) == by_name


def test_pytest_finds_the_fixture(installed: Path, tmp_path: Path) -> None:
    """Where both are installed, and nothing else is done."""
    run(installed / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "pytest", cwd=tmp_path)
    suite = """
import os
import urllib.request


def test_it(images_api):
    assert os.environ["OPENAI_BASE_URL"] == images_api.base_url
    with urllib.request.urlopen(images_api.url + "/") as reply:
        assert reply.status == 200
"""
    (tmp_path / "test_it.py").write_text(suite)
    assert "1 passed" in run(installed / "python", "-m", "pytest", "test_it.py", cwd=tmp_path)


def test_the_installed_command_says_what_certifying_needs(installed: Path, tmp_path: Path) -> None:
    """Without the extra, in a line; what was kept is shown all the same."""
    command = [str(installed / "mockserver"), "certify", "--client", "my_pkg.images:generate"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - a fixed command
    assert (done.returncode, done.stderr) == (
        2,
        "mockserver: certify needs an extra: pip install 'images-mockserver[contract]'\n",
    )


CLIENT = """
import json
import urllib.request


def generate(*, base_url, api_key, **parameters):
    headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}
    body = json.dumps(parameters).encode()
    request = urllib.request.Request(f"{base_url}/images/generations", body, headers)
    with urllib.request.urlopen(request, timeout=20) as reply:
        return json.load(reply)
"""


@pytest.fixture(scope="module")
def certifying(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment with the wheel and what certifying needs."""
    home = tmp_path_factory.mktemp("certifying")
    venv.create(home, with_pip=True, symlinks=True)
    pip = (home / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, f"{wheel}[contract]", cwd=home)
    return home / "bin"


def test_the_installed_command_certifies_a_callable(certifying: Path, tmp_path: Path) -> None:
    """Of the folder where it is called, and writes a page that needs nothing else."""
    (tmp_path / "mine.py").write_text(CLIENT)
    asks = ("--client", "mine:generate", "--only", "*.generate", "--examples", "5")
    told = run(certifying / "mockserver", "certify", *asks, "--html", "out.html", cwd=tmp_path)
    assert "mine:generate" in told.splitlines()[-2]
    assert "100 %" in told.splitlines()[-2]
    assert "<!doctype html>" in (tmp_path / "out.html").read_text("utf-8")
