"""Which models a client gets pictures of when nothing goes wrong.

A failure is judged on a request that is good without it: a client that cannot read what gpt-image returns is found out
where replies are judged, and not again in every scene that recovers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mockserver.contract.certify.lines import Asked, Told
from mockserver.contract.certify.said import holds_picture
from mockserver.contract.certify.worker import Hung

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mockserver.contract.certify.lines import Operation
    from mockserver.contract.certify.scenes import Scene
    from mockserver.contract.certify.tap import Tap
    from mockserver.contract.certify.worker import Crashed, Worker

_DEADLINE: Final = 30.0
"""Seconds for one picture, and for the server to load all that draws it."""


def rehearse(scenes: Sequence[Scene], tap: Tap, worker: Worker) -> Mapping[str, str]:
    """Return a model for each scene that the client can play, by the id of its behaviour.

    It is the first of those that the scene may ask for of which the client returns a picture; the very first, where
    there is none.

    Raises:
        WorkerError: the worker does not start, or breaks the protocol.
    """
    stage, chosen = _Stage(tap, worker), {}
    for scene in scenes:
        can = worker.hello.can.get(scene.operation)
        if can is not None and not scene.lack(can):
            models = scene.models(can)
            chosen[scene.behaviour.id] = next((one for one in models if stage.succeeds(scene, one)), models[0])
    return chosen


class _Stage:
    """Remembers what was rehearsed; once the client hung, nothing more is."""

    def __init__(self, tap: Tap, worker: Worker) -> None:
        self._tap = tap
        self._worker = worker
        self._known: dict[tuple[Operation, bool, str], bool] = {}
        self._hung = False

    def succeeds(self, scene: Scene, model: str) -> bool:
        """Return whether the client returns a picture of a model to a request such as a scene's."""
        request = (scene.operation, scene.streams, model)
        if request not in self._known and not self._hung:
            answer = self._asked(scene, model)
            self._hung = isinstance(answer, Hung)
            self._known[request] = isinstance(answer, Told) and holds_picture(answer.value or {})
        return self._known.get(request, False)

    def _asked(self, scene: Scene, model: str) -> Told | Hung | Crashed:
        with self._tap.session() as session:
            asked = Asked(1, scene.operation, session.base_url, session.api_key, scene.params(model), scene.files())
            return self._worker.ask(asked, _DEADLINE)
