"""Finds the client that a user means: `openai-python@2.54.0`, `my_pkg.images:generate`, `node my_client.js`."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from mockserver.contract.certify.clients import environments, registry, store
from mockserver.contract.certify.clients.client import Client, ClientError

if TYPE_CHECKING:
    from mockserver.contract.certify.clients.environments import Told
    from mockserver.contract.certify.clients.registry import ReadyMade

ADAPTERS = registry.HERE / "adapters"


def named(text: str, *, told: Told, python: str | None = None, home: Path | None = None) -> Client:
    """Return the client of `--client`: `module:attribute` is a callable, anything else the name of a ready-made one.

    Raises:
        ClientError: there is none of that name, or it cannot be had here.
    """
    return from_callable(text, python) if ":" in text else from_registry(text, told=told, home=home)


def from_registry(text: str, *, told: Told, home: Path | None = None) -> Client:
    """Return a ready-made client, `NAME` or `NAME@VERSION`; installs it below `home` where it is not there.

    Raises:
        ClientError: there is none of that name, or it cannot be installed.
    """
    row, version = _row(text)
    folder = environments.made(row.environment(version), home or store.home(), told)
    file, *arguments = row.adapter
    if row.kind == "pip":
        start = [str(environments.python(folder)), "-E", str(ADAPTERS / file)]
    else:
        start = [environments.program("node"), str(environments.placed(folder, sorted(ADAPTERS.glob("*.mjs"))) / file)]
    return Client(
        name=row.name,
        command=(*start, *arguments),
        cwd=folder,  # no `.env` of the user's is found there
        env={"NODE_OPTIONS": "", "NODE_PATH": "", "LANGCHAIN_TRACING_V2": "false", "LANGSMITH_TRACING": "false"},
        allowances=row.allowances,
        kinds=row.kinds,
    )


def _row(text: str) -> tuple[ReadyMade, str | None]:
    name, _, version = text.partition("@")
    rows = registry.ready_made()
    if name not in rows:
        near = get_close_matches(name, rows, 1)
        meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(rows)}."
        message = f"no ready-made client {name!r}: {meant} A callable is written `module:attribute`"
        raise ClientError(message)
    if "@" in text and not re.fullmatch(r"\d[\w.+!-]*", version):
        message = f"{version!r} is no version: write {name}@{rows[name].versions[0]}"
        raise ClientError(message)
    return rows[name], version or None


def from_callable(target: str, python: str | None = None) -> Client:
    """Return a Python callable `module:attribute`, run by the interpreter `python`, this one where none is named.

    Raises:
        ClientError: it is not written so, or there is no such interpreter.
    """
    if not re.fullmatch(r"[\w.]+:[\w.]+", target):
        message = f"{target!r} is no callable: write `module:attribute`, as in my_pkg.images:generate"
        raise ClientError(message)
    interpreter = _program(python) if python else sys.executable
    return Client(target, (interpreter, str(ADAPTERS / "python_callable.py"), target))


def from_command(text: str) -> Client:
    """Return the client of `--client-cmd`, a command that speaks the line protocol.

    Raises:
        ClientError: it is empty, has an open quote, or names a program that is not there.
    """
    try:
        words = shlex.split(text, posix=os.name == "posix")
    except ValueError as error:
        message = f"{text!r} is no command: {str(error).lower()}"
        raise ClientError(message) from error
    if not words:
        message = "an empty command: write what starts a worker, as in `node my_client.js`"
        raise ClientError(message)
    return Client(text, (_program(words[0]), *words[1:]))


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        message = f"{name}: there is no such program" + ("" if Path(name).name != name else " on the PATH")
        raise ClientError(message)
    return found
