"""The server in a thread of this process, for tests."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final, Self

from mockserver.server.foreground import Server, build
from mockserver.server.sockets import bind, local_url
from mockserver.settings import Settings

if TYPE_CHECKING:
    from types import TracebackType

    from starlette.types import ASGIApp

_GRACE_SECONDS: Final = 0.8  # for requests in flight when a test ends; then they are cut


class ServerThread:
    """A server on a free local port while the `with` block lasts.

    >>> with ServerThread(Settings(seed=7)) as server:  # doctest: +SKIP
    ...     server.base_url
    'http://127.0.0.1:49152/v1'
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        app: ASGIApp | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        """Prepare a server of `settings`, or of any ASGI `app` instead."""
        self.app = build(settings or Settings()) if app is None else app
        """What answers."""
        self._host, self._port = host, port
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None
        self.url = ""
        """Where it answers, as `http://127.0.0.1:PORT`; empty before it is started."""

    @property
    def base_url(self) -> str:
        """What an OpenAI client takes as its `base_url`."""
        return f"{self.url}/v1"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start, and return when connections are accepted. What was stopped starts again, on another port perhaps.

        Raises:
            BindError: The address cannot be listened on.
            RuntimeError: It is running.
        """
        if self._thread is not None:
            message = f"the server is running already, at {self.url}"
            raise RuntimeError(message)
        self._sock = bind(self._host, self._port)
        self.url = local_url(self._sock)
        self._server = Server(self.app, self._ready.set)
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="mockserver", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self.stop()
            raise self._failure

    def stop(self) -> None:
        """Stop; requests still in flight after a moment are cut. Nothing happens where it is not running."""
        if self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(_GRACE_SECONDS)
        self._server.force_exit = True
        self._thread.join()
        self._thread = None
        self._ready.clear()
        self._sock.close()

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._sock])
        except BaseException as failure:  # noqa: BLE001  # start() raises it where the user sees it
            self._failure = failure
        finally:
            self._ready.set()
