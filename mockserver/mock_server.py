"""The server for tests of any framework: a `with` block, sync or async, that speaks the sentences of `ImagesApi`."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Final, Self, cast

import anyio

from mockserver.app import create_app
from mockserver.images_api import ImagesApi
from mockserver.request_head import SPACE_NAME
from mockserver.server import ServerThread
from mockserver.settings import Settings
from mockserver.spaces import DEFAULT

if TYPE_CHECKING:
    from types import TracebackType

    from mockserver.worlds import Worlds

KEPT: Final = 1000
"""Exchanges that the journal of each space keeps where the settings name no number."""


class MockServer(ImagesApi):
    """A server in a thread of this process, on a real socket and a free port.

    It is itself the `ImagesApi` of all requests that name no space; `space` gives others, for tests that share it.

    >>> with MockServer() as api:  # doctest: +SKIP
    ...     api.fail_next("rate_limit")
    ...     OpenAI(base_url=api.base_url, api_key=api.api_key).images.generate(prompt="a fox")
    ...     api.verify({"status": 200}, exactly=1)
    """

    def __init__(
        self, settings: Settings | None = None, *, host: str = "127.0.0.1", port: int = 0, set_env: bool = False
    ) -> None:
        """Prepare a server.

        Args:
            settings: what it should be; None for the defaults. It keeps a journal in any case.
            host: name or address to listen on.
            port: port to listen on; 0 takes any free one.
            set_env: whether `OPENAI_BASE_URL` and `OPENAI_API_KEY` name it from `start` to `stop`.
        """
        chosen = settings or Settings()
        worlds = cast("Worlds", create_app(replace(chosen, journal=chosen.journal or KEPT)))
        super().__init__(ServerThread(app=worlds, host=host, port=port), worlds, DEFAULT, set_env=set_env)
        self._numbers = count(1)

    def __repr__(self) -> str:
        return f"<MockServer at {self._server.url or 'no address yet'}>"

    def start(self) -> None:
        """Start, and return when connections are accepted. What `stop` ended starts again, at another port perhaps.

        Raises:
            BindError: the address cannot be listened on.
            RuntimeError: it is running.
        """
        self._server.start()
        self._begin()

    def stop(self) -> None:
        """Stop; requests still in flight after a moment are cut. What was asked can still be told."""
        self._ends.close()
        self._server.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        self.start()  # some milliseconds, and nothing can cancel it half way
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with anyio.CancelScope(shield=True):  # a cancelled test must not leave its server behind
            await anyio.to_thread.run_sync(self.stop)

    def space(self, name: str | None = None, *, set_env: bool = False) -> ImagesApi:
        """Return the API of another space of this server; as a `with` block, it is forgotten at the end.

        Args:
            name: what it is called; None for a new one, that nobody else has.
            set_env: whether the environment names it while the `with` block lasts.

        Raises:
            ValueError: no space can have that name.
        """
        chosen = f"space-{next(self._numbers)}" if name is None else name
        if not SPACE_NAME.fullmatch(chosen):
            message = f"{chosen!r} cannot name a space: 1 to 64 of A-Z a-z 0-9 . _ -, a letter or digit first"
            raise ValueError(message)
        self._worlds.world(chosen)  # made here, before a request and a test may both want to
        return ImagesApi(self._server, self._worlds, chosen, set_env=set_env)
