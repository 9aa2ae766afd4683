"""The workers that README.md shows in other languages are whole: they generate, and tell a refusal."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mockserver.contract.certify.clients import choice
from mockserver.contract.certify.lines import Asked, Told
from mockserver.contract.certify.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.server import ServerThread

README = (Path(choice.__file__).parent.parent / "README.md").read_text()
COMMANDS = {"js": ("node", ".mjs"), "sh": ("sh", ".sh")}
NEEDED = {"js": ("node",), "sh": ("sh", "curl", "jq")}


@pytest.fixture(scope="module", params=COMMANDS)
def example(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    """Each example, started as `--client-cmd` starts it."""
    language: str = request.param
    missing = [name for name in NEEDED[language] if shutil.which(name) is None]
    if missing:
        pytest.skip(f"{missing[0]} is not installed")
    (code,) = re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    program, suffix = COMMANDS[language]
    path = tmp_path_factory.mktemp("example") / f"my_client{suffix}"
    path.write_text(code)
    client = choice.from_command(f"{program} {path}")
    with Worker(client.command) as worker:
        yield worker


def test_an_example_generates(example: Worker, server: ServerThread) -> None:
    """Again and again, and with any text."""
    for number, prompt in enumerate(("a dot", 'a "quoted"\\n 点\u2028 dot')):
        params = {"model": "gpt-image-1", "prompt": prompt, "quality": "low"}
        told = example.ask(Asked(number, "generate", server.base_url, "sk-1", params, timeout=60.0), 90)
        assert isinstance(told, Told), told
        assert told.value, told.line
        assert told.value["data"][0]["b64_json"]


def test_an_example_tells_a_refusal(example: Worker, server: ServerThread) -> None:
    """With its status."""
    params = {"model": "gpt-image-1", "prompt": "a", "size": "9x9"}
    told = example.ask(Asked(1, "generate", server.base_url, "sk-1", params, timeout=60.0), 90)
    assert isinstance(told, Told), told
    assert told.error, told.line
    assert told.error.status == 400
    assert "Invalid value: '9x9'" in told.error.message
