"""One scene played to a client: the question, the answer, and a cell with its verdict and its witness."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from mockserver.contract.certify.judging import Case, is_waiting, judge
from mockserver.contract.certify.lines import Asked, Told
from mockserver.contract.certify.verdict import Cell
from mockserver.contract.certify.witness import witness

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mockserver.contract.certify.scenes import Scene
    from mockserver.contract.certify.tap import Tap
    from mockserver.contract.certify.worker import Worker

_SETTLING: Final = 3.0
"""Seconds until a line that the client left, but keeps open, is taken for over."""


def play(  # noqa: PLR0913 - what to play, where, to whom, and what is known of it
    scene: Scene,
    tap: Tap,
    worker: Worker,
    *,
    model: str,
    kinds: Mapping[str, tuple[str, ...]],
    replay: Callable[[str], str],
) -> Cell:
    """Return how a client takes one failure.

    Args:
        scene: what goes wrong.
        tap: the server.
        worker: the client.
        model: what it asks for.
        kinds: the client's own names of errors, by kind.
        replay: makes the command that plays the behaviour of an id again.

    Raises:
        WorkerError: the worker does not start, or breaks the protocol.
    """
    lack = scene.lack(worker.hello.can.get(scene.operation))
    if lack:
        return Cell(scene.behaviour, "absent", reason=lack)
    with tap.session() as session:
        asked = Asked(
            id=1,
            op=scene.operation,
            base_url=session.base_url,
            api_key=session.api_key,
            params=scene.params(model),
            files=scene.files(),
            timeout=scene.timeout,
        )
        session.play(scene.scenario, **({"times": 1} if scene.lasts == "once" else {}))
        began = time.monotonic()
        answer = worker.ask(asked, scene.deadline)
        session.settle(_SETTLING)
        seconds = time.monotonic() - began
        return _cell(Case(scene, asked, session.exchanges, answer, worker.hello, kinds), seconds, replay)


def _cell(case: Case, seconds: float, replay: Callable[[str], str]) -> Cell:
    behaviour, answer = case.scene.behaviour, case.answer
    if isinstance(answer, Told) and answer.cannot is not None:
        return Cell(behaviour, "absent", reason=answer.cannot, seconds=seconds)
    findings = judge(case)
    if findings:
        shown = witness(case.asked, answer, case.exchanges, replay(behaviour.id))
        return Cell(behaviour, "fail", findings, shown, cases=1, seconds=seconds)
    reason = "it was still waiting, as it was asked to, when it was stopped" if is_waiting(case) else ""
    return Cell(behaviour, "pass", reason=reason, cases=1, seconds=seconds)
