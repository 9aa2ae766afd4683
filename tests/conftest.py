"""One server for the whole run, and a way to speak to it in plain HTTP."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

import httpx
import pytest

from mockserver.server import ServerThread
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytest_plugins = ["pytester"]

KEY = {"authorization": "Bearer sk-test"}

TRIED = ("cases of facets", "cases by chance", "seeded bugs caught")
"""What tests of the contract's gate count."""


@pytest.fixture(scope="session")
def server() -> Iterator[ServerThread]:
    """A server with the default settings."""
    with ServerThread(Settings()) as running:
        yield running


@pytest.fixture(scope="session")
def http(server: ServerThread) -> Iterator[httpx.Client]:
    """A client of that server which sends a key."""
    with httpx.Client(base_url=server.base_url, headers=KEY, timeout=60) as client:
        yield client


@pytest.fixture
def wait_until() -> Callable[[Callable[[], bool]], None]:
    """Wait until something is true, at most ten seconds."""

    def wait(true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 10
        while not true():
            assert time.monotonic() < deadline, "it did not happen within ten seconds"
            time.sleep(0.01)

    return wait


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much the contract's gate tried: cases of every kind, and servers with one bug that were caught."""
    tried = Counter[str]()
    for report in terminalreporter.stats.get("passed", ()):
        tried.update({name: number for name, number in report.user_properties if name in TRIED})
    if tried:
        terminalreporter.write_line("contract: " + ", ".join(f"{count:,} {name}" for name, count in tried.items()))
