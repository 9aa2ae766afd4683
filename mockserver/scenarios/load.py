"""Reads scenarios from TOML files, strictly: what is not understood is refused with its file and line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from mockserver.scenarios.origin import Origin, parse
from mockserver.scenarios.scenario import Client, Scenario, ScenarioError, Seen
from mockserver.scenarios.steps import build, read_steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

CLIENTS: Final = "clients.toml"
"""What clients do about each kind of error; the rows that scenarios name."""

IMAGES: Final = ("generations", "edits", "variations")
ENDPOINTS: Final = (*IMAGES, "models", "files", "pictures", "*")
CONFIDENCE: Final = ("verbatim-body", "message-only", "paraphrase", "measured", "assumed")

_KEYS: Final[Mapping[str, type]] = {
    "id": str,
    "about": str,
    "source": list,
    "confidence": str,
    "client": dict,
    "aliases": list,
    "observed": str,
    "endpoints": list,
    "models": list,
    "streams": bool,
    "refuse": dict,
    "steps": list,
}
_NEEDED: Final = ("about", "source", "confidence", "client")
_CLIENT: Final[Mapping[str, tuple[type, ...]]] = {
    "error": (str,),
    "python": (str,),
    "node": (str,),
    "attempts": (int,),
    "node_attempts": (int,),
    "may_retry": (bool,),
    "waits": (int, float),
    "advice": (str,),
}
_NOTHING: Final = "nothing"
"""How a row says that an SDK raises no error."""


def load(folder: Path) -> Iterator[Scenario]:
    """Give the scenarios of every file of a folder, in the order of names.

    Raises:
        ScenarioError: a file is not TOML, or holds something that is not understood.
    """
    clients = read_clients(folder / CLIENTS)
    for file in sorted(folder.glob("*.toml")):
        if file.name != CLIENTS:
            yield from read(file.name, _bytes(file), clients)


def read_clients(file: Path) -> Mapping[str, Mapping[str, Any]]:
    """Return the rows of `clients.toml`, each under the kind of error that it is about."""
    rows, text = parse(file.name, _bytes(file))
    for name, row in rows.items():
        _check_client({"error": name, **row}, Origin(file.name, text).at(name))
    return rows


def read(file: str, content: bytes, clients: Mapping[str, Mapping[str, Any]]) -> Iterator[Scenario]:
    """Give the scenarios that a file of that name and content holds."""
    whole, text = parse(file, content)
    Origin(file, text).known(whole, ("scenario",), "table")
    for number, table in enumerate(whole.get("scenario", [])):
        name, origin = table.get("id"), Origin(file, text).at("scenario", number)
        if not isinstance(name, str):
            origin.refuse("a scenario has no id")
        yield _scenario(table, replace(origin, anchor=name), clients)


def _scenario(table: Mapping[str, Any], origin: Origin, clients: Mapping[str, Mapping[str, Any]]) -> Scenario:
    _check(table, origin)
    return Scenario(
        id=table["id"],
        aliases=tuple(table.get("aliases", ())),
        about=table["about"],
        topic=origin.file.removesuffix(".toml"),
        seen=Seen(tuple(table["source"]), table.get("observed"), table["confidence"]),
        endpoints=tuple(table.get("endpoints", IMAGES)),
        models=tuple(table.get("models", ())),
        streams=table.get("streams"),
        steps=((build("refuse", table["refuse"], origin.at("refuse")),),)
        if "refuse" in table
        else read_steps(table["steps"], origin.at("steps")),
        client=_client(table["client"], origin.at("client"), clients),
    )


def _check(table: Mapping[str, Any], origin: Origin) -> None:
    """Refuse what is unknown, missing or of the wrong kind."""
    origin.known(table, _KEYS)
    for key, value in table.items():
        if not isinstance(value, _KEYS[key]):
            origin.at(key).refuse(f"{key} is {value!r}: it must be a {_WORDS[_KEYS[key]]}")
    missing = [key for key in _NEEDED if key not in table]
    if missing:
        origin.refuse(f"{missing[0]} is missing")
    if ("refuse" in table) == ("steps" in table):
        origin.refuse("one of refuse and steps must say what goes wrong")
    origin.at("endpoints").known(table.get("endpoints", ()), ENDPOINTS, "endpoint")
    origin.at("confidence").known([table["confidence"]], CONFIDENCE, "confidence")


_WORDS: Final = {str: "string", list: "list", dict: "table", bool: "truth value"}


def _client(table: Mapping[str, Any], origin: Origin, clients: Mapping[str, Mapping[str, Any]]) -> Client:
    _check_client(table, origin)
    origin.at("error").known([table["error"]], clients, "error")
    row = {**clients[table["error"]], **table}
    attempts = row["attempts"]
    return Client(
        error=row["error"],
        python=_raised(row["python"]),
        node=_raised(row["node"]),
        attempts=attempts,
        node_attempts=row.get("node_attempts", attempts),
        may_retry=row["may_retry"],
        waits=row.get("waits"),
        advice=row["advice"],
    )


def _raised(name: str) -> str | None:
    return None if name == _NOTHING else name


def _check_client(table: Mapping[str, Any], origin: Origin) -> None:
    origin.known(table, _CLIENT, "key of client")
    if "error" not in table:
        origin.refuse("client.error is missing")
    for key, value in table.items():
        if type(value) not in _CLIENT[key]:
            origin.at(key).refuse(f"client.{key} is {value!r}, which is of the wrong kind")


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        msg = f"{file.name}: cannot be read: {error.strerror}"
        raise ScenarioError(msg) from error
