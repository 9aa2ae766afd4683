"""Filler for pictures as heavy as real ones: bytes that do not compress, made once and cut to measure."""

from __future__ import annotations

from functools import lru_cache
from hashlib import shake_256

POOL = 4 << 20
"""Bytes; more is repeated."""


def filler(digest: str, size: int) -> bytes:
    """Return `size` incompressible bytes that depend on the digest."""
    pool = _pool(-(-min(size, POOL) // (1 << 20)) << 20)
    start = int.from_bytes(digest.encode("utf-8", "surrogatepass")[-4:], "big") % len(pool)
    whole, rest = divmod(size, len(pool))
    turned = pool[start : start + size] + pool[: max(0, start + min(size, len(pool)) - len(pool))]
    return turned if not whole else pool * whole + pool[:rest]


@lru_cache(maxsize=1)
def _pool(size: int) -> bytes:
    """Return a stretch of one endless stream; only the longest asked for last is kept."""
    return shake_256(b"mockserver filler").digest(size)
