"""What is kept, and what makes room."""

from __future__ import annotations

from mockserver.cache import BoundedCache


def filled(most: int, *sizes: int) -> BoundedCache[int, str]:
    """Return a cache that was given values of these sizes, under 0, 1 and so on."""
    cache: BoundedCache[int, str] = BoundedCache(most)
    for key, size in enumerate(sizes):
        cache.put(key, f"value {key}", size)
    return cache


def test_a_value_is_found_again() -> None:
    """By its key."""
    assert filled(10, 4).get(0) == "value 0"
    assert filled(10, 4).get(1) is None


def test_the_oldest_makes_room() -> None:
    """Never more bytes than allowed."""
    cache = filled(10, 4, 4, 4)
    assert (cache.get(0), cache.get(2), cache.held_bytes, len(cache)) == (None, "value 2", 8, 2)


def test_a_value_that_was_used_stays() -> None:
    """The least recently used goes first."""
    cache = filled(10, 4, 4)
    cache.get(0)
    cache.put(2, "value 2", 4)
    assert (cache.get(0), cache.get(1)) == ("value 0", None)


def test_a_value_larger_than_the_cache_is_not_kept() -> None:
    """And pushes nothing out."""
    cache = filled(10, 4, 11)
    assert (cache.get(0), cache.get(1)) == ("value 0", None)


def test_a_key_that_is_put_again_counts_once() -> None:
    """The new value replaces the old one."""
    cache = filled(10, 4)
    cache.put(0, "other", 5)
    assert (cache.get(0), cache.held_bytes) == ("other", 5)
