"""Any Python callable as a client: `python_callable.py module:attribute`, run in the folder that it is imported from.

What it may be, what it is given and what it may return stands in certify/README.md.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import importlib.metadata
import inspect
import os
import pkgutil
import sys
import traceback
import typing
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import loop
import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OPERATIONS = ("generate", "edit", "vary")
FILES = ("image", "mask")
OPTIONS = ("base_url", "api_key", "max_retries", "timeout")
"""What a callable is given too where its signature names it."""

NOWHERE = {"base_url": "http://127.0.0.1:9/v1", "api_key": "sk-nothing"}
"""What a client sees that is made while its module is imported to look at it."""

UNFIT = 78
"""Status of a worker that says why it cannot begin."""

PICTURES = (bytes, str, Path)
_CAN = {"returns", "models", "stream"}
_SAYS = {"retries", "errors", "version"}


class Target:
    """What `module:attribute` names, imported anew for each address, since a module may make its client as it loads."""

    def __init__(self, written: str) -> None:
        self.written = written
        self.module, _, self.attribute = written.partition(":")
        self._address: Mapping[str, str] = {}
        self._found: dict[str, Callable[..., Any]] = {}

    def operations(self, address: Mapping[str, str]) -> dict[str, Callable[..., Any]]:
        """Return its callables by operation, with `address` in the environment."""
        if address != self._address:
            os.environ["OPENAI_BASE_URL"] = os.environ["OPENAI_API_BASE"] = address["base_url"]
            os.environ["OPENAI_API_KEY"] = address["api_key"]
            self._forget()
            self._address, self._found = address, _operations(self.found(), self.written)
        return self._found

    def found(self) -> Any:
        """Return the object."""
        at = _module(self.module, self.written)
        for name in self.attribute.split("."):
            if not hasattr(at, name):
                near = get_close_matches(name, dir(at), 1)
                end(f"{self.written}: {_named(at)} has no {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
            at = getattr(at, name)
        return at

    def said(self) -> dict[str, Any]:
        """Return what its attribute `certify` says of it."""
        said: Any = getattr(self.found(), "certify", None)
        if not isinstance(said, dict):
            return {}
        wrong = set(said) - _CAN - _SAYS
        if wrong:
            end(f"{self.written}: its `certify` says {sorted(wrong)}; known are {sorted(_CAN | _SAYS)}")
        return said

    def version(self) -> str:
        """Return the version of the distribution that its package belongs to; empty where there is none."""
        package = self.module.partition(".")[0]
        try:
            return importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            return str(getattr(sys.modules.get(package), "__version__", ""))

    def _forget(self) -> None:
        """Drop its package, and whatever else was imported from the folder that we run in."""
        package, here = self.module.partition(".")[0], str(Path.cwd()) + os.sep
        for name, module in [*sys.modules.items()]:
            file = getattr(module, "__file__", None) or ""
            own = file.startswith(here) and "site-packages" not in file
            if name != "__main__" and (own or name.partition(".")[0] == package):
                del sys.modules[name]


def _operations(found: Any, written: str) -> dict[str, Callable[..., Any]]:
    if inspect.isclass(found):
        found = found()
    methods = {name: getattr(found, name) for name in OPERATIONS if callable(getattr(found, name, None))}
    if not methods and callable(found):
        return {"generate": found}
    if not methods:
        end(f"{written} is of type {type(found).__name__}: neither callable nor something with {', '.join(OPERATIONS)}")
    return methods


def _module(name: str, written: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            end(f"{written}: {name} cannot be imported:\n{traceback.format_exc(limit=-3)}")
        near = get_close_matches(error.name.rpartition(".")[2], _beside(error.name), 1)
        meant = f"; did you mean {near[0]!r}?" if near else ""
        end(f"{written}: there is no module {error.name!r}{meant} (sys.path: {os.pathsep.join(sys.path)})")
    except Exception:  # noqa: BLE001 - whatever a module raises
        end(f"{written}: {name} cannot be imported:\n{traceback.format_exc(limit=-3)}")


def _beside(name: str) -> list[str]:
    """Return the modules where one of this name would be."""
    package = sys.modules.get(name.rpartition(".")[0])
    return [each.name for each in pkgutil.iter_modules(getattr(package, "__path__", sys.path[:1]))]


def _named(value: Any) -> str:
    return getattr(value, "__name__", None) or type(value).__name__


def end(text: str) -> NoReturn:
    """End the worker with what is wrong, which alone is shown."""
    sys.stderr.write(f"{text}\n")
    sys.exit(UNFIT)


def can(function: Callable[..., Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a caller of a function can say, by its signature."""
    parameters = _parameters(function)
    names = [name for name in parameters if name not in {*OPTIONS, "image"}]
    any_name = any(each.kind is each.VAR_KEYWORD for each in parameters.values())
    by_signature = {
        "params": None if any_name else names,
        "stream": "stream" in names,
        "returns": "pictures" if _gives_pictures(function) else "reply",
    }
    return {**by_signature, **{name: value for name, value in said.items() if name in _CAN}}


def _parameters(function: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(function).parameters


def _gives_pictures(function: Callable[..., Any]) -> bool:
    try:
        hint = typing.get_type_hints(function).get("return")
    except Exception:  # noqa: BLE001 - hints may name what exists for type checkers alone
        return False
    return hint in PICTURES or any(inner in PICTURES for inner in typing.get_args(hint))


def call(function: Callable[..., Any], asked: dict[str, Any], returns: str) -> dict[str, Any]:
    """Return what a function gives for a call, as the protocol writes it."""
    given = _arguments(function, asked)
    value = function(*given.args, **given.kwargs)
    if inspect.isawaitable(value):
        value = LOOP.run_until_complete(_awaited(value))
    if asked["params"].get("stream"):
        events = LOOP.run_until_complete(_listed(value)) if hasattr(value, "__aiter__") else value
        return {"events": [plain.value(event) for event in events]}
    if isinstance(value, (*PICTURES, list, tuple)):
        if returns != "pictures":
            kind = type(value).__name__
            text = f"it returns a {kind}: annotate it, as in `-> {kind}`, and its pictures alone are compared"
            raise loop.CannotError(text)
        return {"data": [_picture(one) for one in (value if isinstance(value, (list, tuple)) else [value])]}
    return typing.cast("dict[str, Any]", plain.value(value))


def _arguments(function: Callable[..., Any], asked: dict[str, Any]) -> inspect.BoundArguments:
    parameters = _parameters(function)
    files = {name: _paths(file) for name, file in asked["files"].items()}
    options = {name: asked[name] for name in OPTIONS if name in parameters}
    given = {**asked["params"], **files, **options}
    first = [
        given.pop(name) for name, each in parameters.items() if each.kind is each.POSITIONAL_ONLY and name in given
    ]
    try:
        return inspect.signature(function).bind(*first, **given)
    except TypeError as error:
        raise loop.CannotError(str(error)) from error


def _paths(file: Any) -> Path | list[Path]:
    return [Path(one["path"]) for one in file] if isinstance(file, list) else Path(file["path"])


def _picture(value: Any) -> Any:
    if isinstance(value, Path):
        value = value.read_bytes()
    if isinstance(value, bytes):
        return {"bytes_sha256": hashlib.sha256(value).hexdigest()}
    if isinstance(value, str):
        return {"url" if value.startswith(("http://", "https://")) else "b64_json": value}
    return plain.value(value)


async def _awaited(value: typing.Awaitable[Any]) -> Any:
    return await value


async def _listed(events: typing.AsyncIterable[Any]) -> list[Any]:
    return [event async for event in events]


def main(written: str) -> None:
    """Answer lines."""
    lines = loop.stdout()
    sys.path[0] = str(Path.cwd())
    del sys.modules["loop"], sys.modules["plain"]  # these names are the user's from here on
    target = Target(written)
    operations = target.operations(NOWHERE)
    said = target.said()
    abilities = {name: can(function, said) for name, function in operations.items()}
    hello = {"client": written, "version": target.version(), "can": abilities}

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        address = {name: asked[name] for name in NOWHERE}
        return call(target.operations(address)[asked["op"]], asked, abilities[asked["op"]]["returns"])

    more = {name: value for name, value in said.items() if name in _SAYS}
    loop.serve({**hello, **more}, dict.fromkeys(operations, answer), lines)


LOOP = asyncio.new_event_loop()
"""One for all calls: a client that is kept may hold connections of its loop."""

main(*sys.argv[1:])
