"""The revised prompt that dall-e-3 sends back: seeded, so the same picture has the same one."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from faker import Faker

_LOCK = threading.Lock()


@lru_cache(maxsize=1)
def _faker() -> Faker:
    from faker import Faker  # noqa: PLC0415 - most servers never need it, and it is slow to load

    return Faker("en_US")


def revised(prompt: str, digest: str) -> str:
    """Return `prompt` as the service might have expanded it: 250 to 600 characters beyond a long prompt's own."""
    with _LOCK:
        faker = _faker()
        faker.seed_instance(int(digest[:16], 16))
        words = {name: faker.random_element(choices) for name, choices in _WORDS.items()}
        colours = [faker.unique.safe_color_name() for _ in range(2)]
        faker.unique.clear()
    return _SENTENCES.format(prompt=prompt.strip().rstrip("."), first=colours[0], second=colours[1], **words)


_SENTENCES: Final = (
    "{opening} {prompt}. The composition is {balance}, seen {view}, so that the subject is the first thing the eye "
    "meets. {light} falls across the scene and the palette rests on {first} and {second}, with {texture} in the "
    "details. The background is kept {background}, and the whole has the feeling of {feeling}."
)
_WORDS: Final = {
    "opening": ("Create a detailed image of", "Visualize", "Depict", "An illustration of", "Imagine"),
    "balance": ("calm and centred", "slightly off balance", "built on strong diagonals", "wide and open"),
    "view": ("from eye level", "from just above", "from a low angle", "from a distance"),
    "light": ("Soft morning light", "Warm evening light", "A clear northern light", "The glow of a single lamp"),
    "texture": ("a fine grain", "crisp edges", "visible brush strokes", "a smooth, matte finish"),
    "background": ("simple", "out of focus", "rich but quiet", "almost empty"),
    "feeling": ("a quiet afternoon", "a page from a picture book", "a well-kept memory", "something just begun"),
}
