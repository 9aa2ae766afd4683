"""What the server says once it answers: what to paste, and nothing more."""

from __future__ import annotations

import os
import shlex
import sys
from typing import TYPE_CHECKING, Final

from mockserver import __version__
from mockserver.server.log import discard

if TYPE_CHECKING:
    from typing import TextIO

    from mockserver.settings import Settings

_ANY_KEY: Final = "sk-mock"
_BOLD: Final = "1"
_CYAN: Final = "36"
_DIM: Final = "2"


def show(url: str, settings: Settings, workers: int = 1) -> None:
    """Print the banner of the server at `url` on stdout, now; a closed stdout is no reason to fail."""
    stream = sys.stdout
    if stream is None:  # a process may be started without one
        return
    text = banner(url, settings, workers=workers, colour=_wants_colour(stream))
    try:
        encoding = stream.encoding or "utf-8"
        stream.write(text.encode(encoding, "replace").decode(encoding))
        stream.flush()
    except OSError:
        discard(stream)


def banner(url: str, settings: Settings, *, workers: int = 1, colour: bool = False) -> str:
    """Return the text; the first line with OPENAI_BASE_URL ends in the address, for scripts to find."""
    key = settings.api_keys[0] if settings.api_keys else _ANY_KEY

    def painted(style: str, text: str) -> str:
        return f"\033[{style}m{text}\033[0m" if colour else text

    return f"""\
{painted(_BOLD, f"mockserver {__version__}")} · the OpenAI Images API, offline

  export OPENAI_BASE_URL={painted(_CYAN, f"{url}/v1")}
  export OPENAI_API_KEY={painted(_CYAN, shlex.quote(key))}

{curl(url, key)}

  {painted(_DIM, " · ".join(_facts(settings, workers)))}

"""


def curl(url: str, key: str) -> str:
    """Return a command that leaves a picture in the current directory, with tools that are everywhere."""
    return f"""\
  curl -s {shlex.quote(f"{url}/v1/images/generations")} \\
    -H {shlex.quote(f"Authorization: Bearer {key}")} -H 'Content-Type: application/json' \\
    -d '{{"model": "gpt-image-1", "prompt": "a red circle"}}' |
    sed -n 's/.*"b64_json": *"\\([^"]*\\)".*/\\1/p' | base64 -d > red-circle.png"""


def _facts(settings: Settings, workers: int) -> list[str]:
    count = len(settings.api_keys)
    keys = ("any key is accepted", "only this key is accepted", f"{count} keys are accepted")[min(count, 2)]
    if settings.latency == 0:
        pace = "answers at once"
    elif settings.latency == 1:
        pace = "answers as slowly as the real API"
    else:
        pace = f"answers in {settings.latency:g} of the real API's time"
    return [keys, pace, *([f"{workers} workers"] if workers > 1 else []), "Ctrl-C ends it"]


def _wants_colour(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
