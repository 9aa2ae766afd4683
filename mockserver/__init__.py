"""An offline stand-in for the OpenAI Images API.

>>> from mockserver import ServerThread, Settings
>>> with ServerThread(Settings(seed=7)) as server:  # doctest: +SKIP
...     OpenAI(base_url=server.base_url, api_key="sk-mock").images.generate(prompt="a red circle")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockserver.app import create_app
    from mockserver.clock import FrozenClock
    from mockserver.pictures import read_digest
    from mockserver.server import ServerThread
    from mockserver.settings import Settings

__version__ = "0.1.0"

_HOMES = {
    "FrozenClock": "mockserver.clock",
    "ServerThread": "mockserver.server",
    "Settings": "mockserver.settings",
    "create_app": "mockserver.app",
    "read_digest": "mockserver.pictures",
}

__all__ = ["FrozenClock", "ServerThread", "Settings", "__version__", "create_app", "read_digest"]


def __getattr__(name: str) -> object:
    """Return a public name; only then is its module loaded, so that the command starts fast."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
