"""The README's own JavaScript, run as it stands: as a script, and by node's own test runner."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from clients import environments

if TYPE_CHECKING:
    from collections.abc import Callable

    from mockserver.server import ServerThread

README = (Path(__file__).parent.parent.parent / "README.md").read_text()
SNIPPETS = re.findall(r"^```js\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("number", range(len(SNIPPETS)))
def test_a_snippet_runs(number: int, server: ServerThread, had: Callable[[Callable[[], Any]], Any]) -> None:
    """With the command of this environment; each of its tests passes."""
    node, code = had(environments.node), SNIPPETS[number]
    script = environments.NODE / f".readme-{number}-{os.getpid()}.mjs"  # beside the packages that it imports
    script.write_text(code)
    environment = {
        **os.environ,
        "OPENAI_BASE_URL": server.base_url,
        "OPENAI_API_KEY": "sk-mock",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    try:
        done = subprocess.run(  # noqa: S603 - the README's own code
            [node, str(script)], env=environment, capture_output=True, text=True, timeout=60, check=False
        )
    finally:
        script.unlink()
    assert done.returncode == 0, done.stdout + done.stderr
    tests = len(re.findall(r"^test\(", code, re.MULTILINE))
    assert f"pass {tests}" in done.stdout if tests else done.stdout.strip()


def test_one_of_them_is_a_suite() -> None:
    """That of another language has one process for it."""
    assert any("node:test" in code for code in SNIPPETS)
