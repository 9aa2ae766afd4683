"""What one server was told to be: the frozen choices that a command line or a test makes once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices of one server; the defaults answer anyone, at once, with light pictures."""

    api_keys: tuple[str, ...] = ()
    """Keys to accept; empty accepts any non-empty key."""

    latency: float = 0.0
    """Factor on the real API's time: 0 answers at once, 1 takes as long as the real thing."""

    real_weight: bool = False
    """Whether picture files are as heavy as the real ones."""

    seed: int = 0
    """Changes every picture and every identifier; the same seed gives the same ones."""

    checks: Literal["full", "schema"] = "full"
    """`full` judges as the real API does, `schema` as leniently as its published document."""

    as_of: date = date.max
    """The day whose API is served; `date.max` serves everything that was ever documented, in its newest words."""

    deployments: tuple[tuple[str, str], ...] = ()
    """Azure deployments and the model of each; one named like a model needs no entry."""

    script: str | None = None
    """File of what is to go wrong in every space; None for nothing."""

    watch: bool = False
    """Whether that file is read again when it changes; the server must speak ASGI's lifespan, as ours does."""

    require_space: bool = False
    """Whether requests that name no space are refused."""

    tier: int | None = None
    """Usage tier, 1 to 5, whose images per minute are enforced; None enforces none."""

    journal: int = 0
    """Exchanges that each space keeps for those who ask; 0 keeps none, and answers faster."""

    control_token: str | None = None
    """What `/_mock/` wants as a bearer key; None answers this machine alone, without one."""

    shelf: str | None = None
    """Directory that several worker processes share to find pictures by URL; None keeps them in memory."""
