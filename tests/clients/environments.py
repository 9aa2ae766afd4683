"""What the suite has its clients live in, beside what the harness itself can make."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
import tempfile
import threading
from pathlib import Path
from typing import Final

from mockserver.contract.certify.clients import environments
from mockserver.contract.certify.clients.environments import Environment

NODE: Final = Path(__file__).parent / "node"

_SUITE: Final = ("pytest", "pytest-asyncio", "respx", "rich")
"""What the tests of openai-python import."""

_NPM_INSTALL: Final = ("install", "--no-package-lock", "--no-audit", "--no-fund", "--silent")
_npm_turn: Final = threading.Lock()


def python(cache: Path, version: str) -> Path:
    """Return the Python of a virtual environment with a release of the SDK and what its tests import, made once.

    Raises:
        ClientError: it cannot be made, for instance without a network.
    """
    packages = (f"openai[aiohttp]=={version}", *_SUITE)
    return environments.python(
        environments.made(Environment(f"openai-python {version}", "pip", packages), cache, print)
    )


def source_archive(cache: Path, version: str) -> Path:
    """Return the archive of sources that a release of the SDK was published with, fetched once.

    Raises:
        ClientError: it cannot be had, for instance without a network.
    """
    archive = cache / f"openai-{version}.tar.gz"
    if not archive.exists():
        options = ["--no-deps", "--no-binary", ":all:", "--dest", str(cache), f"openai=={version}"]
        environments.run(
            f"pip download {options[-1]}", [sys.executable, *environments.PIP, "download", *options], cache
        )
    return archive


def node() -> str:
    """Return the path of node, once the packages that its journeys import are beside them.

    Raises:
        ClientError: there is no node, no npm, or no network.
    """
    found, npm = environments.program("node"), environments.program("npm")
    with _npm_turn:
        if not _has_packages():
            _install(npm)
    return found


def _install(npm: str) -> None:
    with tempfile.TemporaryDirectory(dir=NODE) as made:
        shutil.copy(NODE / "package.json", made)
        environments.run("npm install", [npm, *_NPM_INSTALL], Path(made))
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
