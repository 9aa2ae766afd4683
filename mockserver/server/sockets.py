"""The listening socket, and the address that a client on this machine can use."""

from __future__ import annotations

import errno
import os
import socket
from typing import Final

BACKLOG: Final = 2048
"""Connections that may wait to be accepted."""

_ANYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # named here to be replaced
_REASONS: Final = {
    errno.EADDRINUSE: "port {port} on {host} is in use: stop what listens there,"
    " or give another with --port (0 picks a free one)",
    errno.EADDRNOTAVAIL: "{host} is not an address of this machine: give another with --host",
    errno.EACCES: "port {port} on {host} is not permitted: give one of 1024 or more with --port",
}


class BindError(Exception):
    """The address cannot be listened on; the text is one sentence for the person who chose it."""


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens on `host` (a name or an IPv4 or IPv6 address) and `port` (0 = any free).

    Raises:
        BindError: The port is taken or not permitted, or the host is unknown or not of this machine.
    """
    family, address = _resolve(host, port)
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere the option would let two servers share the port
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(address[0] != "::"))
        sock.bind(address)
        sock.listen(BACKLOG)
    except OSError as error:
        sock.close()
        reason = _REASONS.get(error.errno or 0, "cannot listen on port {port} of {host}: {error}")
        raise BindError(reason.format(host=host, port=port, error=error.strerror)) from error
    return sock


def _resolve(host: str, port: int) -> tuple[socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int]]:
    """Return the family and address of `host`, IPv4 first, as clients try it for localhost."""
    name = host.removeprefix("[").removesuffix("]")
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        sentence = f"host {host!r} cannot be resolved: give a name or an address of this machine with --host"
        raise BindError(sentence) from error
    family, _, _, _, address = min(found, key=lambda info: info[0] != socket.AF_INET)
    return family, address  # type: ignore[return-value]  # the third form is for sockets without IPv6


def local_url(sock: socket.socket) -> str:
    """Return the `http://host:port` at which a client on this machine reaches `sock`."""
    host, port = sock.getsockname()[:2]
    host = _ANYWHERE.get(host, host)
    return f"http://[{host.replace('%', '%25')}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_loopback(sock: socket.socket) -> bool:
    """Return whether only this machine can reach `sock`."""
    host: str = sock.getsockname()[0]
    return host.startswith("127.") or host == "::1"
