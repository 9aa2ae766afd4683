"""An offline stand-in for the OpenAI Images API.

>>> from mockserver import MockServer
>>> with MockServer() as api:  # doctest: +SKIP
...     OpenAI(base_url=api.base_url, api_key=api.api_key).images.generate(prompt="a red circle")
...     api.assert_all_legal()
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockserver.app import create_app
    from mockserver.clock import FrozenClock
    from mockserver.images_api import ImagesApi
    from mockserver.mock_server import MockServer
    from mockserver.pictures import read_digest
    from mockserver.server import ServerThread
    from mockserver.settings import Settings

__version__ = "0.1.0"

_HOMES = {
    "FrozenClock": "mockserver.clock",
    "ImagesApi": "mockserver.images_api",
    "MockServer": "mockserver.mock_server",
    "ServerThread": "mockserver.server",
    "Settings": "mockserver.settings",
    "create_app": "mockserver.app",
    "read_digest": "mockserver.pictures",
}

__all__ = [
    "FrozenClock",
    "ImagesApi",
    "MockServer",
    "ServerThread",
    "Settings",
    "__version__",
    "create_app",
    "read_digest",
]


def __getattr__(name: str) -> object:
    """Return a public name; only then is its module loaded, so that the command starts fast."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
