"""Picture URLs that are too old."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from mockserver.faults.edits import edited_json
from mockserver.links import HOUR, Links

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mockserver.faults.scene import Scene


_MOST_HOURS: Final = 100_000  # eleven years


@dataclass(frozen=True, slots=True)
class ExpiredLinks:
    """Sign every `url` of the true reply for hours that are over."""

    hours: float = 3.0
    """How long ago the URLs were made; they are good for one."""

    def __post_init__(self) -> None:
        if self.hours > _MOST_HOURS:
            msg = f"hours are {self.hours:g}: there were no such pictures more than {_MOST_HOURS} hours ago"
            raise ValueError(msg)

    def wrap(self, app: ASGIApp, scene: Scene) -> ASGIApp:
        """Return `app` with expired URLs."""

        def sign_again(told: dict[str, Any]) -> None:
            for item in told["data"]:
                if "url" in item:
                    parts = urlsplit(item["url"])
                    signed = Links(scene.seed).sign(parts.path, scene.clock.now() - self.hours * HOUR)
                    item["url"] = f"{parts.scheme}://{parts.netloc}{signed}"

        return edited_json(app, sign_again)
