"""Which failures a client is put to, how it is asked, and how much of its time each may take.

Every scenario of the catalogue that an image request can meet is a scene twice: `always`, the failure lasts; `once`, it
is over at the second attempt. A judgement must not depend on luck, and nobody waits for days, so a scene may be
quicker than its scenario: pauses are shortened, and a refusal that names no wait of its own says `retry-after-ms: 20`,
which lets a client that heeds it go on at once. Nothing is concluded from that header: only waits that a row of the
catalogue tells are judged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

from mockserver import datafiles
from mockserver.contract.certify.lines import Upload
from mockserver.contract.certify.verdict import Behaviour
from mockserver.faults.delay import Delay
from mockserver.faults.refuse import Refuse
from mockserver.faults.stall import Stall
from mockserver.faults.trickle import Trickle
from mockserver.models import MODELS
from mockserver.scenarios.catalogue import scenarios

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mockserver.contract.certify.lines import Can, Operation
    from mockserver.faults.fault import Fault
    from mockserver.scenarios.scenario import Scenario

Lasts = Literal["always", "once"]

PASSING: Final = frozenset({408, 409, 429})
"""Statuses below 500 after which the same request may succeed later."""

_PAUSE: Final = 0.3
"""Seconds of a scenario's own pause at most."""

_QUICK: Final = ("retry-after-ms", "20")
_WAITS: Final = frozenset({"retry-after", "retry-after-ms"})
_TRICKLE: Final = 1000
"""Bytes per second below which a reply never ends, as far as a client's patience goes."""

_MODELS: Final = ("gpt-image-1", "gpt-image-1.5", "gpt-image-2", "dall-e-3", "dall-e-2")
"""Models to ask for, in this order, where the scenario's own cannot be asked for."""

_LACKS: Final[Mapping[Operation, str]] = {
    "generate": "it makes no pictures",
    "edit": "it makes no edits",
    "vary": "it makes no variations",
}

_PROMPT: Final = "a red fox in the snow"
_PICTURE: Final = "square.png"


@dataclass(frozen=True, slots=True)
class Scene:
    """One failure, and one call of the client in which it happens."""

    behaviour: Behaviour
    scenario: Scenario
    """As it is played: as quick as it can be judged."""

    lasts: Lasts
    operation: Operation
    streams: bool

    @property
    def timeout(self) -> float:
        """Seconds that the client is told to wait for a reply: few where none comes."""
        return 1.5 if self.silent else 10.0

    @property
    def deadline(self) -> float:
        """Seconds after which it hangs: three attempts in vain, and eight seconds for its own pauses.

        Where it is asked to wait for longer than anybody will, it is seen whether it does, and no more.
        """
        return 5.0 if self.waits > self.timeout else 3 * self.timeout + 8.0

    @property
    def waits(self) -> float:
        """Seconds that it asks to wait before the next attempt."""
        return self.scenario.client.waits or 0.0

    @property
    def silent(self) -> bool:
        """Whether a reply never comes, or never ends."""
        faults = [fault for step in self.scenario.steps for fault in step]
        return any(
            isinstance(fault, Stall) or (isinstance(fault, Trickle) and fault.bytes_per_second < _TRICKLE)
            for fault in faults
        )

    def lack(self, can: Can | None) -> str:
        """Return what a client lacks to be asked this; empty where it lacks nothing."""
        if can is None:
            return _LACKS[self.operation]
        if self.streams and not can.stream:
            return "it makes no streams"
        if not self.models(can):
            return "it knows no model that can be asked this"
        unsaid = set() if can.params is None else self.params("").keys() - can.params - {"stream"}
        return f"its caller cannot say {min(unsaid)}" if unsaid else ""

    def models(self, can: Can) -> tuple[str, ...]:
        """Return the models that a client can be asked for, those with which the scenario was seen first."""
        every = dict.fromkeys((*self.scenario.models, *_MODELS))
        return tuple(name for name in every if self._suits(name) and (can.models is None or name in can.models))

    def _suits(self, model: str) -> bool:
        row = MODELS.get(model)
        known = {} if row is None else row.edit if self.operation == "edit" else row.generate
        return "prompt" in known and (not self.streams or "stream" in known)

    def params(self, model: str) -> dict[str, Any]:
        """Return what the client is asked for."""
        asked: dict[str, Any] = {"model": model, "prompt": _PROMPT}
        return {**asked, "stream": True, "partial_images": 3} if self.streams else asked

    def files(self) -> Mapping[str, Upload]:
        """Return the files that are handed to the client."""
        if self.operation != "edit":
            return {}
        return {"image": Upload(str(datafiles.path("fixtures", "images", _PICTURE)), _PICTURE, "image/png")}


@cache
def scenes() -> tuple[Scene, ...]:
    """Return every scene, topic by topic as the catalogue is."""
    return tuple(_scenes())


def _scenes() -> Iterator[Scene]:
    for scenario in scenarios():
        where = _where(scenario)
        if where is not None:
            operation, streams = where
            for lasts in ("always", "once"):
                yield Scene(_behaviour(scenario, lasts), quick(scenario), lasts, operation, streams)


def _where(scenario: Scenario) -> tuple[Operation, bool] | None:
    """Return the simplest request that can meet a scenario, and whether it streams; None where no picture's can."""
    if scenario.happens("generations"):
        return "generate", False
    if scenario.happens("generations", streams=True):
        return "generate", True
    return ("edit", False) if scenario.happens("edits") else None


def _behaviour(scenario: Scenario, lasts: Lasts) -> Behaviour:
    return Behaviour(
        id=f"fails.{scenario.id}.{lasts}",
        group="fails",
        title=f"{scenario.id}, {lasts}",
        about=f"{scenario.about}{_LASTS[lasts]}: {scenario.client.advice}",
        topic=scenario.topic,
    )


_LASTS: Final[Mapping[Lasts, str]] = {"always": "", "once": ", at the first attempt only"}


def quick(scenario: Scenario) -> Scenario:
    """Return a scenario that takes no longer than its judgement needs."""
    return replace(scenario, steps=tuple(tuple(map(_quick, step)) for step in scenario.steps))


def _quick(fault: Fault) -> Fault:
    if isinstance(fault, Delay):
        return replace(fault, seconds=min(fault.seconds, _PAUSE))
    if (
        isinstance(fault, Refuse)
        and may_pass(fault.status)
        and not _WAITS & {name.lower() for name, _ in fault.headers}
    ):
        return replace(fault, headers=(*fault.headers, _QUICK))
    return fault


def may_pass(status: int | None) -> bool:
    """Whether a status says that the same request may succeed later."""
    return status is not None and (status in PASSING or status >= 500)  # noqa: PLR2004 - the server's own failures
