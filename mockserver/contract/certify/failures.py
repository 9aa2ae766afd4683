"""How a client takes each failure: all scenes are played to it on a live server, several at a time."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from mockserver.contract.certify.hands import one, pool, workers
from mockserver.contract.certify.playing import play
from mockserver.contract.certify.rehearsal import rehearse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mockserver.contract.certify.scenes import Scene
    from mockserver.contract.certify.tap import Tap
    from mockserver.contract.certify.verdict import Cell
    from mockserver.contract.certify.worker import Worker

HANDS: Final = 6
"""Workers that are asked at a time: most of a scene is waiting."""


def judge_failures(  # noqa: PLR0913 - what to play, where, to whom, and whom to tell
    scenes: Sequence[Scene],
    tap: Tap,
    worker: Callable[[], Worker],
    *,
    kinds: Mapping[str, tuple[str, ...]],
    replay: Callable[[str], str],
    told: Callable[[Cell], None] = lambda _cell: None,
    hands: int = HANDS,
) -> tuple[Cell, ...]:
    """Return a cell for each scene, in their order; its verdict does not depend on how many are played at a time.

    Args:
        scenes: what to play.
        tap: the server.
        worker: makes a worker of the client, for one thread at a time.
        kinds: the client's own names of errors, by kind.
        replay: makes the command that plays the behaviour of an id again.
        told: is called with each cell when it is there, by one thread at a time.
        hands: how many workers play at a time.

    Raises:
        WorkerError: a worker does not start, or breaks the protocol.
    """
    telling = threading.Lock()
    with workers(worker, max(min(hands, len(scenes)), 1)) as free, pool(hands) as threads:
        with one(free) as hand:
            models = rehearse(scenes, tap, hand)

        def played(scene: Scene) -> Cell:
            with one(free) as hand:
                model = models.get(scene.behaviour.id, "")
                cell = play(scene, tap, hand, model=model, kinds=kinds, replay=replay)
            with telling:
                told(cell)
            return cell

        long_first = sorted(scenes, key=lambda scene: not scene.silent and not scene.waits)
        cells = {cell.behaviour.id: cell for cell in threads.map(played, long_first)}
    return tuple(cells[scene.behaviour.id] for scene in scenes)
