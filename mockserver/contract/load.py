"""Reads the cases from TOML files; whatever is wrong in one is said with its file and its id."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from mockserver.contract import build, tokens
from mockserver.contract.fault import fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from mockserver.contract.case import Case

_TOP = {"sources", "every", "shapes", "errors", "case", "tokens"}


def load(path: Path) -> list[Case]:
    """Return the cases of one file, or of every `*.toml` of a directory, in the order of names.

    Raises:
        ValueError: a file is missing, is not TOML or holds a faulty case.
    """
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not files:
        raise fault(str(path), "", "the directory holds no *.toml file")
    cases = [case for file in files for case in _of_file(file)]
    _refuse_twins(cases)
    return cases


def _of_file(file: Path) -> Iterator[Case]:
    table = _read(file)
    unknown = sorted(set(table) - _TOP)
    if unknown:
        raise fault(file.name, "", f"unknown table {unknown[0]!r}; known are {', '.join(sorted(_TOP))}")
    sources: Mapping[str, str] = table.get("sources", {})
    every: Mapping[str, Any] = table.get("every", {})
    for row in table.get("case", []):
        full = _resolved(merged(every, row), table, file.name)
        yield build.case(full, file.name, sources)
    for row in table.get("tokens", []):
        for one in tokens.rows(row, file.name):
            yield build.case(merged(every, one), file.name, sources)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise fault(str(file), "", f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise fault(file.name, "", f"is not TOML: {error}") from error


def merged(every: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return `row` over what holds for every case of its file; tables are merged one level deep."""
    both = dict(every) | dict(row)
    for name in set(every) & set(row):
        if isinstance(every[name], dict) and isinstance(row[name], dict):
            both[name] = every[name] | row[name]
    return both


def _resolved(row: dict[str, Any], table: Mapping[str, Any], file: str) -> dict[str, Any]:
    """Return `row` with what its `shape` and its `error` name in `table` put in their places."""
    full = dict(row)
    name = full.pop("shape", None)
    if name is not None:
        full["keys"] = _named(table, "shapes", name, row, file) | row.get("keys", {})
    if isinstance(row.get("error"), str):
        full["error"] = _named(table, "errors", row["error"], row, file)
    return full


def _named(table: Mapping[str, Any], kind: str, name: str, row: Mapping[str, Any], file: str) -> dict[str, Any]:
    known = table.get(kind, {})
    if name not in known:
        text = f"no {name!r} in [{kind}]; known are {', '.join(known)}"
        raise fault(file, str(row.get("id", "")), text)
    return dict(known[name])


def _refuse_twins(cases: list[Case]) -> None:
    seen: dict[str, str] = {}
    for case in cases:
        if case.id in seen:
            raise fault(case.file, case.id, f"the id is taken by a case of {seen[case.id]}")
        seen[case.id] = case.file
    for case in cases:
        if case.conflicts is not None and case.conflicts not in seen:
            raise fault(case.file, case.id, f"it conflicts with {case.conflicts!r}, which is not there")
