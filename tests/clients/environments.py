"""Places for clients to live in, made on demand from the package registries and kept for the next run."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Final

NODE: Final = Path(__file__).parent / "node"

_SUITE: Final = ("pytest", "pytest-asyncio", "respx", "rich")
"""What the tests of openai-python import."""

_PIP: Final = ("-m", "pip", "--quiet", "--disable-pip-version-check")
_NPM_INSTALL: Final = ("install", "--no-package-lock", "--no-audit", "--no-fund", "--silent")
_npm_turn: Final = threading.Lock()


class MissingError(Exception):
    """What cannot be had here, and why."""


def program(name: str) -> str:
    """Return the path of a program.

    Raises:
        MissingError: it is not installed.
    """
    found = shutil.which(name)
    if found is None:
        raise MissingError(name)
    return found


def python(cache: Path, version: str) -> Path:
    """Return the Python of a virtual environment with a release of the SDK and what its tests import, made once.

    Raises:
        MissingError: it cannot be made, for instance without a network.
    """
    folder, inside = cache / f"python-{version}", "Scripts/python.exe" if os.name == "nt" else "bin/python"
    if not (folder / inside).exists():
        shutil.rmtree(folder, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=cache, ignore_cleanup_errors=True) as made:
            _fetch([sys.executable, "-m", "venv", made], cache)
            _fetch([f"{made}/{inside}", *_PIP, "install", *_SUITE, f"openai[aiohttp]=={version}"], cache)
            with contextlib.suppress(OSError):  # another run was faster
                Path(made).rename(folder)
    return folder / inside


def source_archive(cache: Path, version: str) -> Path:
    """Return the archive of sources that a release of the SDK was published with, fetched once.

    Raises:
        MissingError: it cannot be had, for instance without a network.
    """
    archive = cache / f"openai-{version}.tar.gz"
    if not archive.exists():
        options = ["--no-deps", "--no-binary", ":all:", "--dest", str(cache), f"openai=={version}"]
        _fetch([sys.executable, *_PIP, "download", *options], cache)
    return archive


def node() -> str:
    """Return the path of node, once the packages that its journeys import are beside them.

    Raises:
        MissingError: there is no node, no npm, or no network.
    """
    found, npm = program("node"), program("npm")
    with _npm_turn:
        if not _has_packages():
            _install(npm)
    return found


def _install(npm: str) -> None:
    with tempfile.TemporaryDirectory(dir=NODE) as made:
        shutil.copy(NODE / "package.json", made)
        _fetch([npm, *_NPM_INSTALL], Path(made))
        shutil.rmtree(NODE / "node_modules", ignore_errors=True)
        with contextlib.suppress(OSError):  # another run was faster
            (Path(made) / "node_modules").rename(NODE / "node_modules")


def _has_packages() -> bool:
    wanted: dict[str, str] = json.loads((NODE / "package.json").read_text())["dependencies"]
    for name, version in wanted.items():
        manifest = NODE / "node_modules" / name / "package.json"
        if not manifest.exists() or json.loads(manifest.read_text())["version"] != version.rpartition("@")[2]:
            return False
    return True


def _fetch(command: list[str], folder: Path) -> None:
    done = subprocess.run(  # noqa: S603 - fixed commands
        command, cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip() or str(done.returncode)
        reason = f"{Path(command[0]).name} ... {command[-1]}: {said.splitlines()[-1]}"
        raise MissingError(reason)
