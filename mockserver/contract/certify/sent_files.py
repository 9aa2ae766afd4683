"""The files of a form against those that the caller handed over."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mockserver.contract.certify.lines import Upload
from mockserver.contract.certify.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mockserver.contract.certify.parts import Part

_NAME: Final = re.compile(r"(image|mask)(\[\d*\])?")
"""What a file may be called, rightly or not."""


def names_file(name: str) -> bool:
    """Return whether a part of this name should be a file."""
    return _NAME.fullmatch(name) is not None


def findings(asked: Mapping[str, Upload | Sequence[Upload]], came: Sequence[Part]) -> Iterator[Finding]:
    """Yield what is wrong with the files; `came` are all parts that are files, or have the name of one."""
    left = list(came)
    for param, handed in asked.items():
        uploads = [handed] if isinstance(handed, Upload) else list(handed)
        name = param if isinstance(handed, Upload) else f"{param}[]"
        found = _called(param, left) or _alike(uploads, left)
        left = [part for part in left if part not in found]
        yield from _compared(name, uploads, found)
    for part in left:
        yield Finding("added", f"a file arrived as `{part.name}`, and nobody asked for it", part.name)


def _called(param: str, came: Sequence[Part]) -> list[Part]:
    return [
        part for part in came if part.name == param or (names_file(part.name) and part.name.startswith(f"{param}["))
    ]


def _alike(uploads: Sequence[Upload], came: Sequence[Part]) -> list[Part]:
    """Return the parts that hold the files under a name that no file has."""
    contents = {Path(upload.path).read_bytes() for upload in uploads}
    return [part for part in came if part.content in contents and not names_file(part.name)]


def _compared(name: str, uploads: Sequence[Upload], came: Sequence[Part]) -> Iterator[Finding]:
    if len(came) < len(uploads):
        yield Finding("dropped", f"{len(came)} of {len(uploads)} files arrived as `{name}`", name)
        return
    if len(came) > len(uploads):
        yield Finding("added", f"{len(came)} files arrived as `{name}`, {len(uploads)} were handed over", name)
        return
    wrong = next((part.name for part in came if part.name != name), None)
    if wrong is not None:
        yield Finding("part-name", f"a part named `{name}` was expected, `{wrong}` came", name)
    contents = [Path(upload.path).read_bytes() for upload in uploads]
    if [part.content for part in came] != contents and sorted(part.content for part in came) == sorted(contents):
        yield Finding("bytes", f"the files of `{name}` arrived in another order", name)
        return
    for upload, content, part in zip(uploads, contents, came, strict=True):
        yield from _file(name, upload, content, part)


def _file(name: str, upload: Upload, content: bytes, part: Part) -> Iterator[Finding]:
    if part.content != content:
        yield Finding("bytes", f"`{name}` has {len(content)} bytes, and {_difference(content, part.content)}", name)
    if part.filename is None:
        yield Finding("retyped", f"`{name}` arrived as a text: its part has no filename", name)
        return
    if upload.type is not None and part.type != upload.type:
        came = part.type or "without a media type"
        yield Finding("media-type", f"`{name}` is {upload.type}, and arrived as {came}", name)
    if upload.name is not None and part.filename != upload.name:
        came = "its whole path on this machine" if part.filename == upload.path else repr(part.filename)
        text = f"`{name}` is called {upload.name!r}, and arrived as {came}"
        yield Finding("changed", text, f"{name}: filename")


def _difference(content: bytes, came: bytes) -> str:
    if content.startswith(came):
        return f"only the first {len(came)} arrived"
    at = next((n for n, (one, other) in enumerate(zip(content, came, strict=False)) if one != other), len(content))
    return f"{len(came)} arrived, which differ from byte {at} on"
