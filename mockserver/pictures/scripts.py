"""Text of any script → lines of clusters in the order the eye meets them: cleaning, shaping, direction.

A cluster is one character and the marks that stand over it. Only the first characters are ever looked at.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LOOKED_AT = 1000
"""Characters: more than the largest picture shows."""
PARAGRAPHS = 12
MARKS = 3
"""Marks drawn per character; a longer pile is cut."""

PLAIN = re.compile(
    "[ -~\u00a9\u00ab\u00b0\u00b1\u00b4\u00b7\u00bb\u2018\u2019\u201c\u201d\u2026\u2039\u203a\u2044\u2122]*"
)
"""Characters that need no thought: no marks, no direction, each as wide as the font says."""
LINE_END = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
SPACES = re.compile(r"[\t \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f]")
STAYS = frozenset(
    " ,.:;!?)\u2019\u201d\u2026\u3001\u3002\uff0c\uff0e\u30fb\uff1a\uff1b\uff01\uff1f\u300d\u300f\uff09"
    "\u3011\u300b\u3009"
)
"""What a line must not begin with."""
JOINERS = "\u200c\u200d"

STAND_IN, SPAN, CONTROLS = 0xDF000, 0x1000, 0x100
"""Lone surrogates and controls travel as unassigned characters: the shaping libraries refuse the first and drop the
second."""


def paragraphs(prompt: str) -> list[str]:
    """Return the paragraphs to set, at most `PARAGRAPHS`, without controls that only shape or direct."""
    text = prompt[:LOOKED_AT]
    if PLAIN.fullmatch(text):
        line = SPACES.sub(" ", text).strip() if "  " in text else text.strip()
        return [line] if line else []
    text = unicodedata.normalize("NFC", "".join(map(_visible, text)))
    lines = [SPACES.sub(" ", line).strip() for line in LINE_END.split(text)]
    kept = [line for index, line in enumerate(lines) if line or (index and lines[index - 1])]
    return kept[: PARAGRAPHS + 1] if any(kept) else []


def _visible(char: str) -> str:
    kind = unicodedata.category(char)
    if kind == "Cs" or (kind == "Cc" and not LINE_END.match(char) and char != "\t"):
        return chr(STAND_IN + ord(char) % SPAN)
    if kind == "Cf" and char not in JOINERS:
        return ""
    return "" if "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef" else char


def code_point(char: str) -> int:
    """Return the code point a character stands for."""
    code = ord(char)
    low = code - STAND_IN
    if 0 <= low < SPAN:
        return low if low < CONTROLS else 0xD000 + low
    return code


def reads_leftwards(paragraph: str) -> bool:
    """Tell whether the first letter with a direction is Hebrew, Arabic or their like."""
    if PLAIN.fullmatch(paragraph) or not RIGHT_TO_LEFT.search(paragraph):
        return False
    kinds = (unicodedata.bidirectional(char) for char in paragraph)
    return next((kind for kind in kinds if kind in {"L", "R", "AL"}), "L") != "L"


def shaped(paragraph: str) -> str:
    """Return a paragraph, still in reading order, with Arabic letters in the forms their neighbours ask for."""
    if ARABIC.search(paragraph):
        paragraph = _reshape()(paragraph)
    return paragraph.replace(JOINERS[0], "").replace(JOINERS[1], "")


def visual(line: str, *, leftwards: bool) -> list[str]:
    """Return the clusters of a shaped line that has letters which read leftwards, from left to right."""
    # Lazy, because only a few prompts need it; the package's compiled twin does not mirror brackets; it has no types.
    from bidi.algorithm import get_display  # type: ignore[import-untyped]  # noqa: PLC0415

    # An unassigned character has no direction, and the algorithm stops at it: a private one takes its place.
    spare = (chr(code) for code in range(0xF0000, 0xFFFFE) if chr(code) not in line)
    unknown = {ord(char): next(spare) for char in sorted(set(line)) if not unicodedata.bidirectional(char)}
    ordered = str(get_display(line.translate(unknown), base_dir="R" if leftwards else "L"))
    return _gathered(ordered.translate({ord(taken): chr(code) for code, taken in unknown.items()}))


def clusters(line: str) -> list[str]:
    """Return the clusters of a line in reading order."""
    if PLAIN.fullmatch(line):
        return list(line)
    found: list[str] = []
    for char in line:
        if not is_mark(char):
            found.append(char)
        elif not found:
            found.append(" " + char)
        elif len(found[-1]) <= MARKS:
            found[-1] += char
    return found


def breakable(word: str) -> list[str]:
    """Return the parts of a word between which a line may break: before and after every ideograph."""
    parts: list[str] = []
    alone = True
    for cluster in clusters(word):
        before, alone = alone, unicodedata.east_asian_width(cluster[0]) in {"W", "F"}
        if parts and (cluster in STAYS or not (alone or before)):
            parts[-1] += cluster
        else:
            parts.append(cluster)
    return parts


def _gathered(ordered: str) -> list[str]:
    """Gather clusters in visual order, where the marks of letters that read leftwards come before their letter."""
    found: list[str] = []
    waiting = ""
    for char in ordered:
        if is_mark(char):
            if RIGHT_TO_LEFT.match(char) or not found:
                waiting = (char + waiting)[:MARKS]
            else:
                found[-1] += char
        else:
            found.append(char + waiting)
            waiting = ""
    return [*found, " " + waiting] if waiting else found


def is_mark(char: str) -> bool:
    """Tell whether a character is drawn over the one before it, as Unifont draws every mark of every script."""
    return char > "\u02ff" and unicodedata.category(char)[0] == "M"


@lru_cache(maxsize=1)
def _reshape() -> Callable[[str], str]:
    # Lazy, because only a few prompts need it; the package has no types.
    from arabic_reshaper import ArabicReshaper  # type: ignore[import-untyped]  # noqa: PLC0415

    reshape: Callable[[str], str] = ArabicReshaper(configuration={"delete_harakat": False}).reshape
    return reshape
