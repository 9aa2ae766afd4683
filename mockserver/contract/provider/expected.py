"""What must come of a request: it is refused in known words, or granted, and then every picture is owed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SCHEMA: Final = "invalid_request_error"
"""`type` of a refusal at the first stage, where a request is held against the schema."""

USER: Final = "image_generation_user_error"
"""`type` of a refusal at the second stage, where the model itself looks at the request."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The refusal that is due; its sentence is judged only where nothing else tells what is meant."""

    param: str | None
    code: str | None
    type: str = SCHEMA
    says: str = ""
    """What the sentence must hold: the legacy stack names neither a parameter nor a code."""

    status: int = 400

    def __str__(self) -> str:
        said = f", saying {self.says!r}" if self.says else ""
        return f"{self.status} {self.type}, param {self.param}, code {self.code}{said}"


@dataclass(frozen=True, slots=True)
class Granted:
    """The reply that is due, every default decided."""

    event: str
    """What names of events start with: `image_generation` or `image_edit`."""

    pictures: int
    by_url: bool
    """Whether each picture is behind a URL rather than in the reply."""

    format: str
    """`png`, `jpeg` or `webp`."""

    transparent: bool
    sizes: tuple[str, ...]
    """WIDTHxHEIGHT that it may have, more than one where `auto` was asked for; empty where any will do."""

    quality: str | None
    """The level that is echoed; None where the model echoes nothing and counts no tokens."""

    partials: int | None = None
    """Partial images of a stream; None where nothing is streamed."""

    generation_ids: bool = False
    revises_prompt: bool = False

    @property
    def counted(self) -> bool:
        """Whether the reply carries usage, and echoes what was decided."""
        return self.quality is not None

    def __str__(self) -> str:
        kind = f"a stream of {self.partials} partial images" if self.partials is not None else "a reply"
        where = " by URL" if self.by_url else ""
        size = " or ".join(self.sizes) or "any size"
        return f"200, {kind} with {self.pictures} {self.format}{where} of {size}"
