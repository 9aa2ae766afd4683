"""The server in the foreground of a process: from a bound socket to a quiet end."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final, cast

import uvicorn

from mockserver.server.log import set_up_logging
from mockserver.server.protocol import Protocol
from mockserver.server.sockets import BACKLOG, bind, is_loopback, local_url

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from types import FrameType

    from starlette.types import ASGIApp

    from mockserver.settings import Settings
    from mockserver.worlds import Worlds

KEEP_ALIVE_SECONDS: Final = 75
"""How long an idle connection is kept, as long as a common proxy does: clients reuse theirs after a pause."""

_log = logging.getLogger("mockserver")


def serve(  # noqa: PLR0913  # one parameter per choice of the command line
    settings: Settings,
    *,
    host: str = "127.0.0.1",
    port: int = 8080,
    workers: int = 1,
    log_level: str = "info",
    on_ready: Callable[[str], None] = lambda _url: None,
) -> None:
    """Serve until Ctrl-C or SIGTERM, finish the requests in flight, and return; a second Ctrl-C cuts them.

    Args:
        settings: What the server is told to be.
        host: Name or address to listen on.
        port: Port to listen on; 0 takes any free one.
        workers: Processes that answer; more than one share pictures in a temporary directory.
        log_level: Least level of the log on stderr: debug, info, warning or error.
        on_ready: Called with the server's local URL once it answers.

    Raises:
        BindError: The address cannot be listened on.
    """
    with bind(host, port) as sock:
        set_up_logging(log_level)
        if not is_loopback(sock):
            _log.warning("listening on %s: anyone who can reach this machine can use the server", host)
        url = local_url(sock)
        if workers == 1:
            app = build(settings)
            run(app, sock, on_ready=lambda: on_ready(url))
            if settings.journal:
                tell_sums(cast("Worlds", app))
            return
        from mockserver.server.workers import run_workers  # noqa: PLC0415  # one process needs none of it

        run_workers(settings, sock, workers, log_level=log_level, on_ready=lambda: on_ready(url))


def tell_sums(worlds: Worlds, who: str = "") -> None:
    """Tell what each space would have cost; `who` begins the line."""
    from mockserver.ledger import summary  # noqa: PLC0415 - most servers keep no journal

    for world in map(worlds.world, worlds.names()):
        told = summary(world.journal) if world.journal else ""
        if told:
            _log.info("%sspace %s: %s", who, world.space.name, told)


def run(app: ASGIApp, sock: socket.socket, *, on_ready: Callable[[], None] = lambda: None) -> None:
    """Serve the ASGI `app` on the listening `sock` until a signal ends it."""
    Server(app, on_ready).run(sockets=[sock])


def build(settings: Settings) -> ASGIApp:
    """Return the app; the one place that imports it."""
    from mockserver.app import create_app  # noqa: PLC0415  # a test's own app needs none of it

    return create_app(settings)


class Server(uvicorn.Server):
    """uvicorn's server, that tells when it is ready and for which a signal is a wish, not a failure."""

    def __init__(self, app: ASGIApp, on_ready: Callable[[], None]) -> None:
        super().__init__(configuration(app))
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept connections and say so."""
        await super().startup(sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what is in flight, unless told to hurry."""
        hurry = asyncio.create_task(self._hurry())
        await super().shutdown(sockets)
        hurry.cancel()

    async def _hurry(self) -> None:
        """Cut the open connections once a hurried end is asked for; the server would wait for them."""
        while not self.force_exit:  # noqa: ASYNC110  # set by a signal handler, which can set no event
            await asyncio.sleep(0.05)
        for connection in list(self.server_state.connections):
            connection.transport.abort()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End in peace: without the signal that uvicorn raises again, which would end the process badly."""
        super().handle_exit(sig, frame)
        self._captured_signals.clear()


def configuration(app: ASGIApp) -> uvicorn.Config:
    """Return uvicorn's options: nothing between the protocol and the app."""
    return uvicorn.Config(
        lambda: app,
        factory=True,  # else uvicorn calls the app to find out whether it is one
        http=Protocol,
        ws="none",
        interface="asgi3",
        lifespan="on" if getattr(app, "lifespan", None) else "off",
        log_config=None,
        workers=1,  # else uvicorn reads it from the environment
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
