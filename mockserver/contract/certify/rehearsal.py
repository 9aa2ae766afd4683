"""Which models a client gets pictures of when nothing goes wrong.

A failure is judged on a request that is good without it: a client that cannot read what gpt-image returns is found out
where replies are judged, and not again in every scene that recovers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mockserver.contract.certify.lines import Asked, Told
from mockserver.contract.certify.said import holds_picture

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mockserver.contract.certify.lines import Operation
    from mockserver.contract.certify.scenes import Scene
    from mockserver.contract.certify.tap import Tap
    from mockserver.contract.certify.worker import Worker

_DEADLINE: Final = 30.0
"""Seconds for one picture, and for the server to load all that draws it."""


def rehearse(scenes: Sequence[Scene], tap: Tap, worker: Worker) -> Mapping[str, str]:
    """Return a model for each scene that the client can play, by the id of its behaviour.

    It is the first of those that the scene may ask for of which the client returns a picture; the very first, where
    there is none.

    Raises:
        WorkerError: the worker does not start, or breaks the protocol.
    """
    known: dict[tuple[Operation, bool, str], bool] = {}
    chosen = {}
    for scene in scenes:
        can = worker.hello.can.get(scene.operation)
        if can is None or scene.lack(can):
            continue
        models = scene.models(can)
        chosen[scene.behaviour.id] = models[0]
        for model in models:
            request = (scene.operation, scene.streams, model)
            if request not in known:
                known[request] = _succeeds(scene, model, tap, worker)
            if known[request]:
                chosen[scene.behaviour.id] = model
                break
    return chosen


def _succeeds(scene: Scene, model: str, tap: Tap, worker: Worker) -> bool:
    with tap.session() as session:
        asked = Asked(1, scene.operation, session.base_url, session.api_key, scene.params(model), scene.files())
        answer = worker.ask(asked, _DEADLINE)
    return isinstance(answer, Told) and answer.value is not None and holds_picture(answer.value)
