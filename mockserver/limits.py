"""How much a space may ask for: pictures per minute that come back with time, and money that does not."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mockserver import errors

if TYPE_CHECKING:
    from mockserver.models import Model

MINUTE = 60.0


@dataclass(slots=True)
class Bucket:
    """Fills with pictures, and empties steadily over a minute: at a limit of 5, one more is free after 12 seconds."""

    filled: float = 0.0
    since: float = 0.0
    """Unix seconds."""

    def level(self, limit: int, now: float) -> float:
        """Return how many pictures are in it now."""
        return max(0.0, self.filled - (now - self.since) * limit / MINUTE)


@dataclass(slots=True)
class Limits:
    """The limits of one space; None is no limit."""

    organization: str = "org-mockserver"
    """Whom the refusals name."""

    tier: int | None = None
    """1 to 5: each model's images per minute by its row."""

    images_per_minute: int | None = None
    """Images per minute of every model, whatever the tier."""

    dollars: float | None = None
    """Money that may be spent in all."""

    spent: float = 0.0
    """Dollars so far."""

    buckets: dict[str, Bucket] = field(default_factory=dict)

    @property
    def active(self) -> bool:
        """Whether anything is limited."""
        return not (self.tier is None and self.images_per_minute is None and self.dollars is None)

    def take(self, model: Model, count: int, dollars: float, now: float) -> None:
        """Count a request for `count` pictures that costs `dollars`, at `now` in Unix seconds.

        Raises:
            ApiError: it is too much; then nothing is counted.
        """
        gpt = model.tokens is not None
        if self.dollars is not None and self.spent + dollars > self.dollars:
            raise errors.budget_spent() if gpt else errors.dall_e_budget_spent()
        limit = self._limit(model)
        if limit is not None:
            # Models of one family share a bucket, as "(for limit gpt-image)" says.
            self._fill(self.buckets.setdefault("gpt-image" if gpt else model.id, Bucket()), model, limit, count, now)
        self.spent += dollars

    def _limit(self, model: Model) -> int | None:
        if self.images_per_minute is not None:
            return self.images_per_minute
        return None if self.tier is None else model.images_per_minute[self.tier - 1]

    def _fill(self, bucket: Bucket, model: Model, limit: int, count: int, now: float) -> None:
        level = bucket.level(limit, now)
        if level + count > limit + 1e-9:
            raise self._refusal(model, limit, level, count)
        bucket.filled, bucket.since = level + count, now

    def _refusal(self, model: Model, limit: int, level: float, count: int) -> errors.ApiError:
        used = math.ceil(level)
        if model.tokens is None:
            return errors.too_many_dall_e_images(self.organization, limit, used + count)
        if count > limit:
            return errors.too_many_images_at_once(self.organization, model.id, limit, count)
        delay = round((level + count - limit) * MINUTE / limit, 3)
        return errors.too_many_images(self.organization, model.id, limit, used, count, delay)
