"""The tests that openai-python is published with, run as they are, against a server that checks the document alone."""

from __future__ import annotations

import os
import subprocess
import tarfile
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import openai
import pytest

from clients import environments
from mockserver.server import ServerThread
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

VERSIONS = (openai.__version__, "2.54.0", "1.109.1")
FILES = ("tests/api_resources/test_images.py", "tests/api_resources/test_models.py")


@pytest.fixture(scope="module")
def lenient() -> Iterator[ServerThread]:
    """A server that checks what the published document says, and no more."""
    with ServerThread(Settings(checks="schema")) as server:
        yield server


@pytest.fixture(scope="module", params=VERSIONS)
def suite(
    request: pytest.FixtureRequest,
    cache: Path,
    had: Callable[[Callable[[], Any]], Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, Path]:
    """An interpreter with the SDK, and a folder with its tests and their settings, from its archive of sources."""
    version: str = request.param
    archive = had(partial(environments.source_archive, cache, version))
    folder = tmp_path_factory.mktemp("suite")
    with tarfile.open(archive) as sources:
        wanted = [member for member in sources if _is_wanted(PurePosixPath(member.name))]
        sources.extractall(folder, wanted, filter="data")
    return had(partial(environments.python, cache, version)), folder / f"openai-{version}"


def _is_wanted(path: PurePosixPath) -> bool:
    return path.parts[1:2] == ("tests",) or path.parts[1:] == ("pyproject.toml",)


@pytest.mark.parametrize("base", ["with /v1", "without /v1"])
def test_the_suite_of_openai_python_passes(lenient: ServerThread, suite: tuple[Path, Path], base: str) -> None:
    """All of its tests of images and models, whatever base they are given."""
    python, folder = suite
    report = folder / "report.xml"
    done = subprocess.run(  # noqa: S603 - a fixed command
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts=", f"--junit-xml={report}", *FILES],
        cwd=folder,
        env={**os.environ, "TEST_API_BASE_URL": lenient.base_url if base == "with /v1" else lenient.url},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    told = ET.parse(report).getroot()[0].attrib  # noqa: S314 - our own report
    assert (told["failures"], told["errors"], told["skipped"]) == ("0", "0", "0")
    assert int(told["tests"]) >= 150
