"""Text on pictures: real glyphs of any script, an honest tag where there is none, and bounded work."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mockserver.pictures import Picture, glyphs, render, scripts, typeset
from mockserver.pictures.layout import Words, compose

if TYPE_CHECKING:
    from PIL import Image

SCRIPTS = {
    "latin": "A fox asleep",
    "accents": "Caf\u00e9 \u0141\u00f3d\u017a sm\u00f8rrebr\u00f8d \u2014 na\u00efve",
    "greek": "\u03b1\u03bb\u03b5\u03c0\u03bf\u03cd",
    "cyrillic": "\u043b\u0438\u0441\u0430 \u0441\u043f\u0438\u0442",
    "hebrew": "\u05e9\u05d5\u05e2\u05dc \u05d0\u05d3\u05d5\u05dd",
    "arabic": "\u062b\u0639\u0644\u0628 \u0623\u062d\u0645\u0631",
    "devanagari": "\u0932\u094b\u092e\u0921\u093c\u0940",
    "thai": "\u0e08\u0e34\u0e49\u0e07\u0e08\u0e2d\u0e01",
    "han": "\u72d0\u72f8\u7761\u89c9",
    "kana": "\u304d\u3064\u306d\u30ad\u30c4\u30cd",
    "hangul": "\uc5ec\uc6b0",
    "emoji": "\U0001f98a\u2744\ufe0f\U0001f1eb\U0001f1f7",
    "symbols": "\u2211 \u221e \u2260 \u2192 \u2605 \u20ac \u00bd",
    "math": "\U0001d49c\U0001d538",
}
ACCENTED = "\u00e9\u00ee\u00ef\u010d\u00e7\u0105\u0151\u0226\u0100\u00e5"
HOSTILE = {
    "empty": "",
    "blank": " \n\t\u3000\u200b ",
    "long": "lorem ipsum dolor " * 1800,
    "one long word": "x" * 32_000,
    "one long word of ideographs": "\u72d0" * 32_000,
    "nul": "\x00" * 32_000,
    "controls": "".join(map(chr, range(32))) * 40,
    "surrogates": "\ud83d" * 500 + "\udc00 lone \ud800",
    "marks only": "\u0301\u0302\u0489" * 1000,
    "zalgo": "Z" + "\u0301\u0316\u0334" * 300 + "algo",
    "newlines": "\n" * 32_000,
    "line ends": "a\r\nb\rc\u2028d\u2029e\x85f\x0bg" * 500,
    "overrides": "\u202eabc\u202d\u2066def\u2069\u200f" * 500,
    "emoji family": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466" * 400,
    "marks of two directions": "\u05d0" + "\u05b0\u0301" * 9 + " a" + "\u0301" * 9 + "\u0301\u05d1 \u05b0",
    "joiners": "\u200d\u200c" * 1000,
    "arabic": "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 " * 3000,
    "arabic marks": "\u0628" + "\u064e\u0651" * 2000,
    "mixed directions": "abc \u05d0\u05d1\u05d2 (123) \u0627\u0644 [x] " * 800,
    "private": "\ue000\U0010ffff\U000f0000" * 200,
    "unassigned": "\u0378\U0003fffd\U000df123" * 200,
    "every plane": "".join(chr(code) for code in range(0x20, 0x110000, 733)),
}


def picture(prompt: str, width: int = 512, height: int = 512) -> Picture:
    """Return a picture that says something."""
    digest = hashlib.sha256(prompt.encode("utf-8", "surrogatepass")).hexdigest()
    return Picture(digest, prompt, "gpt-image-1 \u00b7 512x512 \u00b7 1/1", width, height)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_has_real_glyphs(name: str) -> None:
    """Every cluster has ink of its own: neither the font's box nor the tag for unknown characters."""
    text = scripts.shaped("".join(scripts.paragraphs(SCRIPTS[name])))
    for cluster in set(scripts.clusters(text)) - {" "}:
        mask = glyphs.glyph(cluster, 32).mask
        assert mask.getbbox() is not None
        assert mask.tobytes() != tag(ord(cluster[0])).tobytes()


def tag(code: int) -> Image.Image:
    """Return the mask of the tag for a code point, through a character that never has a glyph."""
    return glyphs.glyph(chr(0xF0000 + code % 0x10000), 32).mask


@pytest.mark.parametrize("char", ["\x00", "\x07", "\x7f", "\ud83d", "\ue000", "\u0378", "\U0003fffd", "\U0010ffff"])
def test_what_has_no_glyph_gets_a_tag(char: str) -> None:
    """The tag names the code point, so two unknown characters look different."""
    (shown,) = scripts.clusters(scripts.paragraphs(char)[0])
    assert scripts.code_point(shown) == ord(char)
    mask, other = glyphs.glyph(shown, 32).mask, glyphs.glyph("\U0003fffc", 32).mask
    assert mask.width > 40
    assert mask.tobytes() != other.tobytes()


@pytest.mark.parametrize("char", ["\u200b", "\u200d", "\u200e", "\u202e", "\u2066", "\ufe0f", "\ufeff", "\U000e0101"])
def test_format_characters_are_invisible(char: str) -> None:
    """A prompt looks the same with and without them."""
    assert render(replace(picture("ab"), prompt=f"a{char}b")) != b""
    assert [scripts.shaped(text) for text in scripts.paragraphs(f"a{char}b")] == ["ab"]


@pytest.mark.parametrize("char", sorted({*glyphs.DASHES, *glyphs.PAIRS, *ACCENTED}))
@pytest.mark.parametrize("size", [11, 16, 96])
def test_latin_beyond_ascii_is_set_from_ailerons_parts(char: str, size: int) -> None:
    """A word with an accent, a ligature or a dash stays in one face at every size."""
    assert not glyphs.is_bitmap(char)
    assert glyphs.glyph(char, size).mask.getbbox() is not None


def test_a_mark_without_a_letter_can_be_seen() -> None:
    """A lonely accent is drawn over a blank."""
    assert glyphs.glyph(scripts.clusters("\u0301")[0], 32).mask.getbbox() is not None


def test_every_aileron_letter_is_one_the_font_has() -> None:
    """A letter the font lacks would be drawn as the font's box."""
    box = glyphs._letter("\u0416", 32).mask  # noqa: SLF001 - a letter the font is known to lack
    for char in glyphs.AILERON - {" "}:
        mask = glyphs.glyph(char, 32).mask
        assert mask.tobytes() != box.tobytes()


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("size", [(256, 256), (1024, 1024), (256, 768)], ids=str)
def test_hostile_prompts_are_drawn_in_bounded_time(name: str, size: tuple[int, int]) -> None:
    """Nothing raises, and no prompt takes long, even where everything is drawn for the first time."""
    before = time.thread_time()
    assert render(picture(HOSTILE[name], *size)).startswith(b"\x89PNG")
    assert time.thread_time() - before < 0.5


@pytest.mark.parametrize("name", HOSTILE)
def test_text_stays_in_its_measure(name: str) -> None:
    """No line is wider than asked, and there are never more than twelve."""
    block = typeset.fitted(HOSTILE[name], 300, 200, 32)
    assert len(block.lines) <= typeset.MOST_LINES
    assert block.height <= 200
    for line in block.lines:
        ink = typeset.mask(line, block.size, 300)
        if ink and ink.mask:
            assert ink.left >= -block.size
            assert ink.left + ink.mask.width <= 300 + block.size


@pytest.mark.parametrize("size", [(256, 256), (1024, 1024), (1536, 512), (512, 1536)], ids=str)
def test_prompt_caption_and_digest_leave_ink(size: tuple[int, int]) -> None:
    """Leaving one of them out leaves fewer lines of text in the scene."""
    full = Words("0123456789abcdef", "a red fox", "gpt-image-1")

    def lines(words: Words) -> int:
        scene = compose(words, *size, transparent=False)
        return sum(layer.ink is not None and layer.ink.mode == scene.mode for layer in scene.layers)

    assert lines(full) >= 3
    assert lines(full._replace(prompt="")) == 2
    assert lines(full._replace(caption="")) == lines(full) - 1
    assert lines(full._replace(digest="")) == lines(full) - 1


def test_a_prompt_changes_the_picture() -> None:
    """The same looks with other words are another picture."""
    first, second = picture("one"), replace(picture("one"), prompt="two")
    assert render(first) != render(second)


def test_a_caption_changes_the_picture() -> None:
    """The small print is part of the picture."""
    first = picture("one")
    assert render(first) != render(replace(first, caption="dall-e-3 \u00b7 512x512 \u00b7 2/2"))


def test_text_too_long_ends_in_an_ellipsis() -> None:
    """What is cut says so."""
    block = typeset.fitted("lorem ipsum dolor " * 200, 300, 200, 32)
    assert block.lines[-1].text.endswith(typeset.ELLIPSIS)


def test_newlines_break_lines() -> None:
    """A poem keeps its lines, and runs of blank lines become one."""
    block = typeset.fitted("one\ntwo\r\n\n\n\nthree", 300, 300, 20)
    assert [line.text for line in block.lines] == ["one", "two", "", "three"]


def test_hebrew_stands_at_the_right() -> None:
    """A paragraph that reads leftwards begins at the right margin."""
    block = typeset.fitted("\u05d0\u05d1\u05d2", 300, 100, 16)
    ink = typeset.mask(block.lines[0], block.size, 300)
    assert ink is not None
    assert ink.left > 200


def test_brackets_are_mirrored_in_hebrew() -> None:
    """In a line that reads leftwards an opening bracket looks like a closing one."""
    assert "".join(scripts.visual("\u05d0 (1)", leftwards=True)) == "(1) \u05d0"


def test_arabic_letters_join() -> None:
    """Letters take the form their neighbours ask for."""
    assert scripts.shaped("\u0628\u0628") == "\ufe91\ufe90"


def test_marks_are_drawn_over_their_letter() -> None:
    """A marked letter is as wide as the letter and has more ink."""
    plain, marked = glyphs.glyph("\u0e08", 32), glyphs.glyph("\u0e08\u0e34", 32)
    assert plain.advance == marked.advance
    assert sum(marked.mask.histogram()[128:]) > sum(plain.mask.histogram()[128:])


def test_ideographs_may_break_anywhere_but_before_a_full_stop() -> None:
    """A line does not begin with closing punctuation."""
    assert scripts.breakable("\u72d0\u72f8\u3002ab") == ["\u72d0", "\u72f8\u3002", "ab"]


def test_the_beginning_that_fits_may_be_all() -> None:
    """A text shorter than its measure is not cut."""
    assert typeset._fitting("ab", 16, 1000) == "ab"  # noqa: SLF001 - the line breaker never asks this
