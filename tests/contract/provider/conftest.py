"""A server of this process, asked without a socket."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from mockserver.app import create_app
from mockserver.contract.provider.targets import InProcess
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def target() -> Iterator[InProcess]:
    """Ask the server with the default settings."""
    with asyncio.Runner() as runner:
        yield InProcess(create_app(Settings()), runner.get_loop())
