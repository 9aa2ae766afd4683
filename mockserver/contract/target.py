"""The server that a command judges: its address, whether that is this machine, and what to say where nobody answers."""

from __future__ import annotations

import ipaddress
import sys
from typing import NoReturn
from urllib.parse import urlsplit

import click


def refuse(text: str) -> NoReturn:
    """End the command with one line and status 2."""
    progress("")
    raise click.UsageError(text)


def host_of(base_url: str) -> str:
    """Return the host of a base URL, and end the command where it is none."""
    url = urlsplit(base_url)
    if url.scheme not in ("http", "https") or not url.hostname:
        refuse(f"--base-url: {base_url!r} is no http:// or https:// URL")
    if not url.path.strip("/"):
        refuse(f"--base-url: did you mean {base_url.rstrip('/')}/v1?")
    return url.hostname


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def unreachable(base_url: str, error: Exception, *, local: bool) -> NoReturn:
    """End the command because nobody answers."""
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    hint = "; `mockserver` starts one" if local else ""
    refuse(f"cannot reach {base_url} ({reason.lower()}){hint}")


def progress(text: str) -> None:
    """Replace the last line of a terminal by `text`; elsewhere, say nothing."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{text[:79]}", nl=False, err=True, color=True)
