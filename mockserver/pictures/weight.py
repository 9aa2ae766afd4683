"""Filler for pictures as heavy as real ones: bytes that do not compress, made once and cut to measure."""

from __future__ import annotations

from functools import lru_cache
from hashlib import shake_256

POOL = 1 << 20
"""Bytes held in memory; a longer filler repeats them, far beyond the reach of any compression."""


def filler(digest: str, size: int) -> bytes:
    """Return `size` incompressible bytes, which begin at a place that depends on the digest."""
    start = int.from_bytes(digest.encode("utf-8", "surrogatepass")[-4:], "big") % POOL
    return (_pool() * (1 + (start + size) // POOL))[start : start + size]


@lru_cache(maxsize=1)
def _pool() -> bytes:
    return shake_256(b"mockserver filler").digest(POOL)
