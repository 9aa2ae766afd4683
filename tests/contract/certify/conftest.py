"""Workers for tests: a few lines of Python each, in a process of their own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from mockserver.contract.certify.lines import Asked
from mockserver.contract.certify.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def asked() -> Asked:
    """One call."""
    return Asked(7, "generate", "http://127.0.0.1:1/v1", "sk-test", {"prompt": "a fox"})


@pytest.fixture
def work() -> Iterator[Callable[..., Worker]]:
    """Make a worker of a program; every one is ended with the test."""
    made: list[Worker] = []

    def worker(program: str, *, start_deadline: float = 30) -> Worker:
        made.append(Worker([sys.executable, "-c", program], start_deadline=start_deadline))
        return made[-1]

    yield worker
    for one in made:
        one.close()
