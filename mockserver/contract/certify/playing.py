"""One scene played to a client: the question, the answer, and a cell with its verdict and its witness."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from mockserver.contract.certify.judging import Case, is_waiting, judge
from mockserver.contract.certify.lines import Asked, Told
from mockserver.contract.certify.verdict import Cell
from mockserver.contract.certify.witness import witness

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mockserver.contract.certify.scenes import Scene
    from mockserver.contract.certify.tap import Session, Tap
    from mockserver.contract.certify.worker import Worker

_SETTLING: Final = 3.0
"""Seconds until a line that the client left, but keeps open, is taken for over."""


def play(
    scene: Scene, tap: Tap, worker: Worker, kinds: Mapping[str, tuple[str, ...]], replay: Callable[[str], str]
) -> Cell:
    """Return how a client takes one failure.

    Args:
        scene: what goes wrong.
        tap: the server.
        worker: the client.
        kinds: the client's own names of errors, by kind.
        replay: makes the command that plays the behaviour of an id again.

    Raises:
        WorkerError: the worker does not start, or breaks the protocol.
    """
    can = worker.hello.can.get(scene.operation)
    lack = scene.lack(can)
    if can is None or lack:
        return Cell(scene.behaviour, "absent", reason=lack)
    with tap.session() as session:
        return _judged(scene, session, worker, scene.params(can), (kinds, replay))


def _judged(
    scene: Scene,
    session: Session,
    worker: Worker,
    params: dict[str, Any],
    own: tuple[Mapping[str, tuple[str, ...]], Callable[[str], str]],
) -> Cell:
    kinds, replay = own
    asked = Asked(1, scene.operation, session.base_url, session.api_key, params, scene.files(), timeout=scene.timeout)
    session.play(scene.scenario, **({"times": 1} if scene.lasts == "once" else {}))
    began = time.monotonic()
    answer = worker.ask(asked, scene.deadline)
    session.settle(_SETTLING)
    seconds = time.monotonic() - began
    if isinstance(answer, Told) and answer.cannot is not None:
        return Cell(scene.behaviour, "absent", reason=answer.cannot, seconds=seconds)
    case = Case(scene, asked, session.exchanges, answer, worker.hello, kinds)
    findings = judge(case)
    if findings:
        shown = witness(case.asked, case.answer, case.exchanges, replay(scene.behaviour.id))
        return Cell(scene.behaviour, "fail", findings, shown, cases=1, seconds=seconds)
    reason = "it was still waiting, as it was asked to, when it was stopped" if is_waiting(case) else ""
    return Cell(scene.behaviour, "pass", reason=reason, cases=1, seconds=seconds)
