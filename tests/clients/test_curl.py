"""The lines that a shell user sends."""

from __future__ import annotations

import json
import subprocess
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.contract.certify.clients.environments import program

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

PICTURES = {
    "edit": ('-F model=gpt-image-1 -F image=@a.png -F prompt="a hat"', 1),
    "edit, array spelling": ('-F model=gpt-image-1 -F "image[]=@a.png" -F prompt="a hat"', 1),
    "edit of two": ('-F model=gpt-image-1 -F "image[]=@a.png" -F "image[]=@b.png" -F prompt="a hat"', 2),
    "edit with a mask": ('-F model=gpt-image-1 -F image=@a.png -F mask=@mask.png -F prompt="a hat"', 1),
    "edit, type given": ('-F prompt="a hat" -F "image=@a.png;type=image/png" -F model=gpt-image-1', 1),
    "edit, prompt from a file": ('-F model=gpt-image-1 -F image=@a.png -F "prompt=<note.txt"', 1),
    "edit from standard input": (
        '-F model=gpt-image-1 -F "image=@-;filename=a.png;type=image/png" -F prompt=x <a.png',
        1,
    ),
}
"""What follows the address and the key, and how many pictures go in."""

REFUSALS = {
    "a text": ("edits", "-F model=gpt-image-1 -F prompt=x -F image=@note.txt", "unsupported_file_mimetype", "image"),
    "a nameless pipe": (
        "edits",
        "-F model=gpt-image-1 -F prompt=x -F image=@- <a.png",
        "missing_file_mimetype",
        "image",
    ),
    "no prompt": ("edits", "-F model=gpt-image-1 -F image=@a.png", "missing_required_parameter", "prompt"),
    "no picture": ("edits", "-F model=gpt-image-1 -F prompt=x", "missing_required_parameter", "image"),
    "a name without @": ("edits", "-F model=gpt-image-1 -F prompt=x -F image=a.png", "invalid_type", "image"),
    "two of one name": (
        "edits",
        "-F model=gpt-image-1 -F prompt=x -F image=@a.png -F image=@b.png",
        "duplicate_parameter",
        "image",
    ),
    "variation of an oblong": ("variations", "-F image=@b.png", None, None),
}
"""Endpoint, what follows, code, param."""


@pytest.fixture
def shell(
    environment_of: Mapping[str, Mapping[str, str]], pictures: Path, had: Callable[[Callable[[], Any]], Any]
) -> Callable[[str], str]:
    """Run a line as a shell user does, beside the pictures, and return what it prints."""
    for name in ("bash", "curl"):
        had(partial(program, name))
    environment = {**environment_of["azure"], **environment_of["openai"]}

    def run(line: str) -> str:
        done = subprocess.run(  # noqa: S603 - a line of this file
            ["bash", "-euo", "pipefail", "-c", line],  # noqa: S607 - the user's own
            cwd=pictures,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def sent(endpoint: str, rest: str) -> str:
    """Return a line that asks OpenAI's own door."""
    return f'curl -sS "$OPENAI_BASE_URL/{endpoint}" -H "Authorization: Bearer $OPENAI_API_KEY" {rest}'


@pytest.mark.parametrize(("rest", "inputs"), PICTURES.values(), ids=PICTURES)
def test_curl_edits(shell: Callable[[str], str], rest: str, inputs: int) -> None:
    """A picture comes, and each that went in is counted."""
    told = json.loads(shell(sent("images/edits", f"-F quality=low -F size=1024x1024 {rest}")))
    assert told.get("data"), told
    assert told["usage"]["input_tokens_details"]["image_tokens"] == 194 * inputs


@pytest.mark.parametrize("rest", ["-F image=@a.png", "-F model=dall-e-2 -F image=@a.png -F n=1 -F size=256x256"])
def test_curl_varies(shell: Callable[[str], str], rest: str) -> None:
    """And the picture can be loaded without a key."""
    told = json.loads(shell(sent("images/variations", rest)))
    assert told.get("data"), told
    kind = shell(f"curl -sS -o made.png -w '%{{content_type}}' '{told['data'][0]['url']}'")
    assert kind == "image/png"


def test_curl_streams_an_edit(shell: Callable[[str], str]) -> None:
    """Frames as they are on the wire."""
    rest = "-N -F model=gpt-image-1 -F quality=low -F image=@a.png -F prompt=x -F stream=true -F partial_images=1"
    frames = [frame.splitlines()[0] for frame in shell(sent("images/edits", rest)).split("\n\n") if frame]
    assert frames == ["event: image_edit.partial_image", "event: image_edit.completed"]


def test_curl_edits_as_json(shell: Callable[[str], str]) -> None:
    """With the picture inside, as a data URL."""
    line = (
        """printf '{"model":"gpt-image-1","quality":"low","size":"1024x1024","prompt":"a hat",'"""
        """'"images":[{"image_url":"data:image/png;base64,%s"}]}' "$(base64 <a.png | tr -d '\\n')" | """
        + sent("images/edits", "-H 'Content-Type: application/json' -d @-")
    )
    told = json.loads(shell(line))
    assert told.get("data"), told
    assert told["usage"]["input_tokens_details"]["image_tokens"] == 194


def test_curl_uploads_a_file_and_takes_it_away(shell: Callable[[str], str]) -> None:
    """`-F purpose=vision`, then `-X DELETE`."""
    made = json.loads(shell(sent("files", "-F purpose=vision -F file=@a.png")))
    assert (made["object"], made["purpose"]) == ("file", "vision")
    gone = json.loads(shell(sent(f"files/{made['id']}", "-X DELETE")))
    assert gone == {"object": "file", "id": made["id"], "deleted": True}


@pytest.mark.parametrize(
    "path", ["deployments/my-images/images/edits?api-version=2025-04-01-preview", "v1/images/edits"]
)
def test_curl_edits_through_azure(shell: Callable[[str], str], path: str) -> None:
    """With `api-key`; by v1 the form names the deployment."""
    model = "-F model=my-images" if path.startswith("v1/") else ""
    line = f'curl -sS "$AZURE_OPENAI_ENDPOINT/openai/{path}" -H "api-key: $AZURE_OPENAI_API_KEY" {model}'
    told = json.loads(shell(f"{line} -F quality=low -F image=@a.png -F prompt=x"))
    assert told.get("data"), told


@pytest.mark.parametrize(("endpoint", "rest", "code", "param"), REFUSALS.values(), ids=REFUSALS)
def test_curl_is_refused(shell: Callable[[str], str], endpoint: str, rest: str, code: str | None, param: str) -> None:
    """Where the line is not what the API reads."""
    error = json.loads(shell(sent(f"images/{endpoint}", rest)))["error"]
    assert (error["code"], error["param"]) == (code, param)
