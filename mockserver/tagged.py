"""How a prompt asks for a scenario, told before anything of scenarios is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mockserver.scenarios.play import Play


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
