"""Environments are made from packages, told about, and found again; here from packages that need no network."""

from __future__ import annotations

import json
import subprocess
import zipfile
from typing import TYPE_CHECKING

import pytest

from mockserver.contract.certify.clients import environments
from mockserver.contract.certify.clients.client import ClientError
from mockserver.contract.certify.clients.environments import Environment

if TYPE_CHECKING:
    from pathlib import Path

NOWHERE = "http://127.0.0.1:9"
"""A registry that refuses every connection."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of Python's."""
    path = tmp_path_factory.mktemp("wheels") / "tiny-1.0-py3-none-any.whl"
    info = "tiny-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tiny.py", "VALUE = 42\n")
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: us\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return path


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package of npm's."""
    try:
        environments.program("npm")
    except ClientError as missing:
        pytest.skip(str(missing))
    folder = tmp_path / "tiny"
    folder.mkdir()
    (folder / "package.json").write_text(json.dumps({"name": "tiny", "version": "1.0.0", "type": "module"}))
    (folder / "index.js").write_text("export const VALUE = 42;\n")
    return folder


def said(command: list[str]) -> str:
    """Return what a program prints."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 - fixed


def test_makes_a_virtual_environment_and_tells(wheel: Path, tmp_path: Path) -> None:
    """Its Python has the package, away from where it was made; the second time nothing is told."""
    told: list[str] = []
    environment = Environment("tiny 1.0", "pip", (str(wheel),))
    folder = environments.made(environment, tmp_path, told.append)
    assert said([str(environments.python(folder)), "-c", "import tiny; print(tiny.VALUE)"]) == "42"
    assert told[0] == f"tiny 1.0: pip install {wheel} …"
    assert told[1].startswith("tiny 1.0: installed in ")
    assert environments.made(environment, tmp_path, told.append) == folder
    assert len(told) == 2


def test_installs_from_npm_and_tells(package: Path, tmp_path: Path) -> None:
    """A script that is placed there imports the package."""
    told: list[str] = []
    folder = environments.made(Environment("tiny 1.0.0", "npm", (f"tiny@file:{package}",)), tmp_path, told.append)
    script = tmp_path / "script.mjs"
    script.write_text("import { VALUE } from 'tiny'; console.log(VALUE);")
    placed = environments.placed(folder, [script])
    assert said([environments.program("node"), str(placed / "script.mjs")]) == "42"
    assert [line.partition(" in ")[0] for line in told] == [
        f"tiny 1.0.0: npm install tiny@file:{package} …",
        "tiny 1.0.0: installed",
    ]


@pytest.mark.usefixtures("package")
def test_a_changed_script_is_placed_anew(tmp_path: Path) -> None:
    """Another release of this package may have placed one of the same name."""
    script = tmp_path / "script.mjs"
    script.write_text("1")
    first = environments.placed(tmp_path, [script])
    script.write_text("2")
    second = environments.placed(tmp_path, [script])
    assert [(each / "script.mjs").read_text() for each in (first, second)] == ["1", "2"]


@pytest.mark.usefixtures("package")
@pytest.mark.parametrize(
    ("wanted", "registry", "text"),
    [
        ("tiny@file:/nowhere", NOWHERE, "Could not read package.json"),
        ("tiny@1.0.0", NOWHERE, "the package registry cannot be reached; what was installed once is kept"),
    ],
    ids=["no package", "no network"],
)
def test_says_why_it_cannot_be_made(
    wanted: str, registry: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was run for whom, and the reason; nothing stays behind."""
    monkeypatch.setenv("npm_config_registry", registry)
    monkeypatch.setenv("npm_config_prefer_online", "true")
    with pytest.raises(ClientError) as raised:
        environments.made(Environment("tiny 1", "npm", (wanted,)), tmp_path / "kept", lambda _: None)
    assert str(raised.value).startswith(f"tiny 1: npm install {wanted} failed: {text}")
    assert {each.suffix for each in (tmp_path / "kept").iterdir()} == {".lock"}


def test_says_what_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without npm there are no clients in JavaScript."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ClientError, match=r"^npm is not installed$"):
        environments.made(Environment("tiny 1", "npm", ("tiny@1.0.0",)), tmp_path, lambda _: None)


def test_says_that_the_folder_cannot_be_written(tmp_path: Path) -> None:
    """And how to name another one."""
    (tmp_path / "file").touch()
    with pytest.raises(ClientError, match=r"cannot be written: .*; name another folder with MOCKSERVER_CLIENT_CACHE$"):
        environments.made(Environment("tiny 1", "pip", ("tiny==1",)), tmp_path / "file", lambda _: None)


def test_clients_with_the_same_packages_share_a_place(tmp_path: Path) -> None:
    """Other packages have another one."""
    one, same, other = (
        Environment(name, "pip", packages).folder(tmp_path)
        for name, packages in (("a 1", ("p==1",)), ("b 1", ("p==1",)), ("a 1", ("p==1", "q==1")))
    )
    assert one == same != other
    assert one.name.startswith("p-1-")
