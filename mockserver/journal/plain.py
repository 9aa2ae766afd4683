"""Untrusted values as JSON that every reader accepts, and untrusted text that cannot move a terminal's cursor."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Final

from mockserver.journal.seen import Long, Seen

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONE: Final = re.compile("[\ud800-\udfff]")

_BREAKS: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def plain(value: object) -> object:
    """Return a value that JSON can say: files by what was seen of them, numbers that JSON lacks as text."""
    if value is None or isinstance(value, bool | int | float):
        return str(value) if isinstance(value, float) and not math.isfinite(value) else value
    if isinstance(value, Seen | Long):
        value = value.told()
    if isinstance(value, dict):
        return {whole(str(name)): plain(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [plain(member) for member in value]
    return whole(str(value))


def whole(text: str) -> str:
    """Return text without halves of characters, which UTF-8 cannot say."""
    return text if text.isascii() else _LONE.sub("\ufffd", text)


def to_json(value: object, *, indent: int | None = None, sort_keys: bool = False) -> str:
    """Return a value as JSON in printable ASCII."""
    text = json.dumps(plain(value), indent=indent, sort_keys=sort_keys, allow_nan=False)
    return text.replace("\x7f", "\\u007f")  # the one control character that the encoder leaves alone


def shown_text(value: object, most: int = 60) -> str:
    """Return any value as one short printable line, for a terminal."""
    text = value if isinstance(value, str) else to_json(value)
    cut = text[:most]
    clean = cut if cut.isprintable() else "".join(_printable(character) for character in cut)
    return clean if len(text) <= most else f"{clean}…"


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    return _BREAKS.get(character) or f"\\u{ord(character):04x}"


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Return rows as aligned columns, indented by two."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(f"  {line}".rstrip() for line in lines)
