"""Text of any script → lines of clusters in the order the eye meets them: cleaning, shaping, direction.

A cluster is one character and the marks that stand over it. Only the first characters are ever looked at.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arabic_reshaper import ArabicReshaper

LOOKED_AT = 1500
"""Characters: more than the largest picture shows."""
PARAGRAPHS = 12
MARKS = 3
"""Marks drawn per character; a longer pile is cut."""

PLAIN = re.compile(r"[ -~]*")
LINE_END = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
SPACES = re.compile(r"[\t \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f]")
STAYS = frozenset(" 、。，．・：；！？」』）】》〉”’…,.:;!?)")
"""What a line must not begin with."""
JOINERS = "\u200c\u200d"

STAND_IN = 0x10F000
"""Lone surrogates and controls travel as private characters: the shaping libraries refuse the first, drop the second."""


def paragraphs(prompt: str) -> list[str]:
    """Return the paragraphs to set, at most `PARAGRAPHS`, without controls that only shape or direct."""
    text = prompt[:LOOKED_AT]
    if not PLAIN.fullmatch(text):
        text = unicodedata.normalize("NFC", "".join(map(_visible, text)))
    lines = [SPACES.sub(" ", line).strip() for line in LINE_END.split(text)]
    kept = [line for index, line in enumerate(lines) if line or (index and lines[index - 1])]
    return kept[: PARAGRAPHS + 1] if any(kept) else []


def _visible(char: str) -> str:
    kind = unicodedata.category(char)
    if kind == "Cs" or (kind == "Cc" and not LINE_END.match(char) and char != "\t"):
        return chr(STAND_IN + ord(char) % 0x1000)
    if kind == "Cf" and char not in JOINERS:
        return ""
    return "" if "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef" else char


def code_point(char: str) -> int:
    """Return the code point a character stands for."""
    code = ord(char)
    if STAND_IN <= code < STAND_IN + 0x1000:
        low = code - STAND_IN
        return low if low < 0x100 else 0xD000 + low
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
        paragraph = _reshaper().reshape(paragraph)
    return paragraph.replace(JOINERS[0], "").replace(JOINERS[1], "")


def visual(line: str, *, leftwards: bool) -> list[str]:
    """Return the clusters of a shaped line from left to right."""
    if not RIGHT_TO_LEFT.search(line):
        return clusters(line)
    from bidi import get_display  # noqa: PLC0415 - only a few prompts need it

    ordered = get_display(line, base_dir="R" if leftwards else "L")
    return _gathered(ordered if isinstance(ordered, str) else ordered.decode())


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
            elif len(found[-1]) <= MARKS:
                found[-1] += char
        else:
            found.append(char + waiting)
            waiting = ""
    return [*found, " " + waiting] if waiting else found


def is_mark(char: str) -> bool:
    """Tell whether a character is drawn over the one before it."""
    return char > "\u02ff" and unicodedata.category(char) in {"Mn", "Me"}


@lru_cache(maxsize=1)
def _reshaper() -> ArabicReshaper:
    from arabic_reshaper import ArabicReshaper  # noqa: PLC0415 - only a few prompts need it

    return ArabicReshaper(configuration={"delete_harakat": False, "support_zwj": True})
