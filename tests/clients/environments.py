"""Places for clients to live in, made on demand from the package registries and kept for the next run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

NODE: Final = Path(__file__).parent / "node"

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


def interpreter(folder: Path, *requirements: str) -> Path:
    """Return the Python of a virtual environment in `folder` which has the requirements, and make it once.

    Raises:
        MissingError: it cannot be made, for instance without a network.
    """
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    note = folder / "requirements.txt"
    wanted = "\n".join(requirements)
    if not (python.exists() and note.exists() and note.read_text() == wanted):
        _fetch([sys.executable, "-m", "venv", "--clear", str(folder)], folder.parent)
        _fetch([str(python), *_PIP, "install", *requirements], folder.parent)
        note.write_text(wanted)
    return python


def source_archive(folder: Path, name: str, version: str) -> Path:
    """Return the archive of sources that a Python package was published with, and fetch it once.

    Raises:
        MissingError: it cannot be had, for instance without a network.
    """
    archive = folder / f"{name}-{version}.tar.gz"
    if not archive.exists():
        options = ["--no-deps", "--no-binary", ":all:", "--dest", str(folder), f"{name}=={version}"]
        _fetch([sys.executable, *_PIP, "download", *options], folder)
    return archive


def node() -> str:
    """Return the path of node, once the packages that its journeys import are beside them.

    Raises:
        MissingError: there is no node, no npm, or no network.
    """
    found, npm = program("node"), program("npm")
    with _npm_turn:
        if not _has_packages():
            _fetch([npm, *_NPM_INSTALL], NODE)
    return found


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
        said = (done.stderr or done.stdout).strip()
        reason = f"{Path(command[0]).name} {' '.join(command[1:4])} failed: {said[-400:]}"
        raise MissingError(reason)
