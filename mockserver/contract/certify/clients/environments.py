"""Places for clients to live in: a virtual environment or a folder of npm packages, made on demand and kept."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from mockserver.contract.certify.clients import store
from mockserver.contract.certify.clients.client import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Told = Callable[[str], None]
    """Hears of progress, in short lines."""

Kind = Literal["pip", "npm"]

PIP: Final = ("-m", "pip", "--quiet", "--disable-pip-version-check", "--retries", "2")
"""Arguments of a Python before what pip is to do."""

_NPM_INSTALL: Final = (
    *("install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error", "--logs-max=0"),
    *("--ignore-scripts", "--install-links", "--fetch-retries=1"),
)
_LONGEST: Final = 900
"""Seconds that one command may take."""

_UNREACHED: Final = re.compile(
    "NewConnectionError|ConnectTimeoutError|ProxyError|name resolution|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT"
    "|ENOTCACHED|cache mode is 'only-if-cached'|Connection refused|Network is unreachable"
)

_NPM_ERROR: Final = re.compile("^npm error (?!(?:code|syscall|path|errno|type) )(?:[a-z]+ )?(.+)", re.MULTILINE)
_PIP_ERROR: Final = re.compile("^ERROR: (.+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Environment:
    """Packages that live together."""

    name: str
    """Of the client that needs them, for progress and errors: `openai-python 3.57.0`."""

    kind: Kind
    packages: tuple[str, ...]
    """As their installer takes them: `openai==3.57.0`, `ai@7.0.173`."""

    def folder(self, home: Path) -> Path:
        """Return where it is kept below `home`; another Python or other packages have another place."""
        what = [self.kind, *self.packages, *(_python_tag() if self.kind == "pip" else ())]
        digest = hashlib.sha256(json.dumps(what).encode()).hexdigest()[:10]
        return home / f"{re.sub('[^A-Za-z0-9.]+', '-', self.packages[0]).strip('-')}-{digest}"


def made(environment: Environment, home: Path, told: Told) -> Path:
    """Return the folder of an environment, made where it is not there.

    Raises:
        ClientError: it cannot be made, for instance without a network.
    """
    folder = environment.folder(home)
    make, whole = {"pip": (_make_pip, _has_python), "npm": (_make_npm, Path.is_dir)}[environment.kind]
    try:
        store.kept(
            folder,
            partial(make, environment, told),
            whole=whole,
            wait=lambda: told(f"{environment.name}: another process is installing it, waiting …"),
        )
    except OSError as error:
        advice = f"name another folder with {store.VARIABLE}"
        message = f"{environment.name}: {folder.parent} cannot be written: {error.strerror}; {advice}"
        raise ClientError(message) from error
    return folder


def python(folder: Path) -> Path:
    """Return the Python of an environment of pip's."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def placed(folder: Path, files: Sequence[Path]) -> Path:
    """Return a folder below an environment of npm's that holds copies of `files`, which import its packages."""
    digest = hashlib.sha256(b"".join(file.name.encode() + file.read_bytes() for file in files)).hexdigest()[:10]
    there = folder / f"adapters-{digest}"

    def copy(making: Path) -> None:
        for file in files:
            shutil.copy(file, making)

    store.kept(there, copy, whole=Path.is_dir, wait=lambda: None)
    return there


def program(name: str) -> str:
    """Return the path of a program.

    Raises:
        ClientError: it is not installed.
    """
    found = shutil.which(name)
    if found is None:
        message = f"{name} is not installed"
        raise ClientError(message)
    return found


def run(what: str, command: Sequence[str], folder: Path, env: Mapping[str, str] | None = None) -> None:
    """Run an installer and keep it quiet; `what` says in an error what was run.

    Raises:
        ClientError: it fails; the sentence ends with what it said.
    """
    try:
        done = subprocess.run(  # noqa: S603 - fixed commands
            command,
            cwd=folder,
            env=env,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        message = f"{what} took longer than {_LONGEST} s"
        raise ClientError(message) from error
    if done.returncode != 0:
        message = f"{what} failed: {_reason(done.stderr + done.stdout) or f'status {done.returncode}'}"
        raise ClientError(message)


def _has_python(folder: Path) -> bool:
    return python(folder).exists()  # no longer where the Python that it was made from is gone


def _make_pip(environment: Environment, told: Told, folder: Path) -> None:
    what = f"{environment.name}: pip install {' '.join(environment.packages)}"
    with _Progress(environment.name, what, told):
        run(f"{environment.name}: python -m venv", [sys.executable, "-m", "venv", str(folder)], folder)
        install = [str(python(folder)), *PIP, "install", *environment.packages]
        run(what, install, folder, {**os.environ, "PYTHONPATH": ""})


def _make_npm(environment: Environment, told: Told, folder: Path) -> None:
    npm = program("npm")
    (folder / "package.json").write_text('{"private": true}')
    what = f"{environment.name}: npm install {' '.join(environment.packages)}"
    with _Progress(environment.name, what, told):
        run(what, [npm, *_NPM_INSTALL, *environment.packages], folder)


class _Progress:
    """Tells when an installation begins and how long it took."""

    def __init__(self, name: str, what: str, told: Told) -> None:
        self._name, self._what, self._told = name, what, told

    def __enter__(self) -> None:
        self._begun = time.monotonic()
        self._told(f"{self._what} …")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._told(f"{self._name}: installed in {time.monotonic() - self._begun:.0f} s")


def _python_tag() -> tuple[str, ...]:
    return platform.python_implementation(), f"{sys.version_info.major}.{sys.version_info.minor}", platform.machine()


def _reason(said: str) -> str:
    """Return the line that tells why an installer failed."""
    if _UNREACHED.search(said):
        return "the package registry cannot be reached; what was installed once is kept for later runs"
    npm, pip = _NPM_ERROR.findall(said), _PIP_ERROR.findall(said)
    return npm[0] if npm else pip[-1] if pip else said.strip().rpartition("\n")[2]
