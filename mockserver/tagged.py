"""How a request asks for a scenario, where that can be told before anything of scenarios is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mockserver.scenarios.play import Play

HEADER: Final = b"x-mock-scenario"

KEY_MARK: Final = b"sk-mock-"
"""Begins the keys that may ask for a scenario."""


class TaggedError(Exception):
    """A request whose prompt asks for a scenario: raised where the prompt is known, caught at the door.

    `answer` goes on with the request as if it had no tag.
    """

    def __init__(self, play: Play, request: str, model: str, answer: ASGIApp, *, streams: bool) -> None:
        super().__init__(play.name)
        self.play = play
        self.request = request
        self.model = model
        self.answer = answer
        self.streams = streams
