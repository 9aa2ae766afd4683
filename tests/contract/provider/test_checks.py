"""schemathesis on its own, with our checks: in pytest, and from its command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mockserver import datafiles
from mockserver.contract.provider import checks, draw
from mockserver.server import ServerThread
from mockserver.settings import Settings

from .sketching import sketched

if TYPE_CHECKING:
    from collections.abc import Iterator

PUBLISHED = json.loads(datafiles.path("contracts", "openapi.json").read_text())
KEY = {"Authorization": "Bearer sk-test"}
SECONDS = 240
"""How long anything may take on a machine that has other things to do."""

JUDGED = [checks.images_refusal, checks.images_reply, checks.images_stream]

schema = draw.loaded(PUBLISHED).include(path="/v1/images/generations", method="POST")
schema.config.phases.update(phases=["coverage"])


@schema.parametrize()  # type: ignore[untyped-decorator]  # schemathesis leaves it open
def test_the_published_document(case: Any, server: ServerThread) -> None:  # noqa: ANN401 - schemathesis' own
    """What schemathesis makes of the document that is served, right and wrong, is judged by our checks."""
    with sketched():
        case.call_and_validate(checks=JUDGED, base_url=server.url, headers=KEY, timeout=SECONDS)


@pytest.fixture(scope="module")
def lenient() -> Iterator[ServerThread]:
    """A server that judges as leniently as OpenAI's published document."""
    with ServerThread(Settings(checks="schema")) as running:
        yield running


def run(url: str, asked: str, folder: Path) -> tuple[int, str]:
    """Return status and output of the command line, as a user would have them."""
    done = subprocess.run(  # noqa: S603 - our own arguments
        [
            *(str(Path(sys.executable).parent / "schemathesis"), "run", f"{url}/openapi.json"),
            *("--url", asked, "-H", "Authorization: Bearer sk-test", "--phases", "coverage"),
            *("--include-path", "/v1/images/generations", "--max-failures", "3", "--no-color"),
            *("--request-timeout", str(SECONDS)),
            *("--checks", "images_refusal,images_reply,images_stream"),
        ],
        cwd=folder,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "mockserver.contract.provider.checks"},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_its_command_line_tells_a_lenient_server(server: ServerThread, lenient: ServerThread, tmp_path: Path) -> None:
    """The checks are found by their names, and say what was due."""
    status, out = run(server.url, lenient.url, tmp_path)
    assert status == 1
    assert "Custom check failed: `images_refusal`" in out
    assert "expected  400 invalid_request_error" in out
