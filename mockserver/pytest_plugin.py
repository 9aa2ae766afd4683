"""For pytest: a running server, started once, and a space of its own for each test."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

import pytest

from mockserver.pytest_tally import OPTION, Tally

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from mockserver.images_api import ImagesApi
    from mockserver.mock_server import MockServer

_TALLY: Final = pytest.StashKey[Tally]()
_API: Final = pytest.StashKey["ImagesApi"]()
_TOLD: Final = pytest.StashKey[str]()
"""What a test asked, once its space is forgotten."""

MARKER: Final = "images_scenario"

pytest_plugins = ("mockserver.pytest_certify",)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare what a run may be asked for."""
    text = "fail the run where it met less than PERCENT of the refusals and scenarios of the Images API"
    parser.getgroup("Images API").addoption(OPTION, type=float, default=0.0, metavar="PERCENT", help=text)


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of the marker, and begin to count."""
    config.stash[_TALLY] = Tally(config.getoption(OPTION))
    config.pluginmanager.register(config.stash[_TALLY])
    config.addinivalue_line("markers", f"{MARKER}(name, **options): a scenario that fails the requests of this test")


@pytest.fixture(scope="session")
def images_server() -> Iterator[MockServer]:
    """The server behind `images_api`, one for each process of the test run."""
    from mockserver.mock_server import MockServer  # noqa: PLC0415 - only a run that uses it pays for it

    with MockServer() as server:
        yield server


@pytest.fixture
def images_api(
    images_server: MockServer, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ImagesApi]:
    """The Images API for this test alone; `OPENAI_BASE_URL` and `OPENAI_API_KEY` name it."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", request.node.name)[:40].strip("-._") or "test"
    digest = hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:8]
    with images_server.space(f"t-{name}-{digest}") as api:
        for variable, value in api.env.items():
            monkeypatch.setenv(variable, value)
        for mark in reversed(list(request.node.iter_markers(MARKER))):
            api.fail(*mark.args, **mark.kwargs)
        request.node.stash[_API] = api
        yield api
        request.config.stash[_TALLY].add(request.node.nodeid, api.journal)
        request.node.stash[_TOLD] = api.told()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what a test asked and got where it failed."""
    report = yield
    if report.failed and _API in item.stash:
        told = item.stash[_TOLD] if _TOLD in item.stash else item.stash[_API].told()
        report.sections.append(("requests to the Images API", told or "there were none"))
    return report
