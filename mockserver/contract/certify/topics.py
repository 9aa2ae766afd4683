"""What a client is asked to do, one row each: its requests and its replies are judged by the same calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from mockserver.contract.certify.verdict import Behaviour

if TYPE_CHECKING:
    from mockserver.contract.certify.lines import Operation
    from mockserver.contract.document import families


@dataclass(frozen=True, slots=True)
class Topic:
    """One kind of call."""

    name: str
    """Behind `sends.` and `returns.`."""

    op: Operation
    title: str
    what: str
    """What is asked for, in a few words."""

    images: Literal["none", "one", "several"] = "none"
    mask: bool = False
    stream: bool = False
    nulls: bool = False

    @property
    def operation(self) -> families.Operation:
        """Return the endpoint that is meant."""
        endpoints: dict[Operation, families.Operation] = {
            "generate": "generations",
            "edit": "edits",
            "vary": "variations",
        }
        return endpoints[self.op]

    @property
    def sends(self) -> Behaviour:
        """Return the behaviour that its requests show."""
        about = f"What is sent for {self.what} is what the caller said: nothing dropped, renamed, retyped or added."
        return Behaviour(f"sends.{self.name}", "sends", self.title, about)

    @property
    def returns(self) -> Behaviour:
        """Return the behaviour that its replies show."""
        about = f"What the API answers to {self.what} is what the caller gets: nothing lost, altered or invented."
        return Behaviour(f"returns.{self.name}", "returns", self.title, about)


TOPICS: Final = (
    Topic("generate", "generate", "generate", "a generation"),
    Topic("generate-stream", "generate", "generate, streamed", "a generation with partial images", stream=True),
    Topic("edit", "edit", "edit", "an edit of one picture", images="one"),
    Topic("edit-several", "edit", "edit of several", "an edit of several pictures", images="several"),
    Topic("edit-mask", "edit", "edit with a mask", "an edit with a mask", images="one", mask=True),
    Topic("edit-stream", "edit", "edit, streamed", "an edit with partial images", images="one", stream=True),
    Topic("vary", "vary", "vary", "a variation", images="one"),
    Topic("nulls", "generate", "nulls", "a generation with explicit nulls", nulls=True),
)
