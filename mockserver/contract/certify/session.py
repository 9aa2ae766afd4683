"""One client through every behaviour: its certificate."""

from __future__ import annotations

import shlex
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mockserver.contract.certify.allowing import Allowing
from mockserver.contract.certify.behaviours import behaviours
from mockserver.contract.certify.failures import judge_failures
from mockserver.contract.certify.hands import one, pool, workers
from mockserver.contract.certify.scenes import scenes
from mockserver.contract.certify.tap import Tap
from mockserver.contract.certify.topic_cells import Questioning
from mockserver.contract.certify.topics import TOPICS
from mockserver.contract.certify.verdict import Certificate
from mockserver.contract.certify.warming import warm
from mockserver.contract.certify.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from queue import SimpleQueue

    from mockserver.contract.certify.clients.client import Client
    from mockserver.contract.certify.topics import Topic
    from mockserver.contract.certify.verdict import Cell

EXAMPLES: Final = 40
"""Calls of a topic that are drawn by chance, beside those that are enumerated."""

DEADLINE: Final = 10.0
"""Seconds that a client may wait for a reply, drawn pictures included."""


HANDS: Final = 2
"""Workers that are asked at a time of what they send and return: all of them are busy."""


def certify(  # noqa: PLR0913 - who, what, how much, how long, and whom to tell
    client: Client,
    *,
    only: str | None = None,
    seed: int = 42,
    examples: int = EXAMPLES,
    deadline: float = DEADLINE,
    replay: str = "",
    told: Callable[[Cell], None] = lambda _cell: None,
) -> Certificate:
    """Return the certificate of a client, which is asked everything over a server of its own.

    Args:
        client: what is certified.
        only: an id, a part of behaviours' ids, or a pattern of them with `*` and `?`; None for all.
        seed: what chance begins with.
        examples: calls of a topic that are drawn by chance.
        deadline: seconds that the client may wait for a reply.
        replay: the command that certifies this client, to which `--only` and `--seed` are added in a witness.
        told: is called with each cell when it is there.

    Raises:
        ValueError: no behaviour has such an id.
        WorkerError: the client's worker does not start, or breaks the protocol.
    """
    wanted = {behaviour.id for behaviour in behaviours(only)}
    command = replay or f"mockserver certify --client {shlex.quote(client.name)}"
    began = time.monotonic()

    def worker() -> Worker:
        return Worker(client.command, cwd=client.cwd, env=client.env)

    def again(behaviour: str) -> str:
        return f"{command} --only {behaviour} --seed {seed}"

    with Tap() as tap, workers(worker, HANDS) as free:
        with one(free) as first:
            hello = first.hello
            questioning = Questioning(tap, first, examples, seed, deadline, again)
        allowing = Allowing(client.allowances, hello.version)
        cells = []
        for cell in _topics(replace(questioning, is_allowed=allowing.covers), free, wanted):
            cells.append(allowing.cell(cell))
            told(cells[-1])
        failures = [scene for scene in scenes() if scene.behaviour.id in wanted]
        judged = judge_failures(
            failures, tap, worker, kinds=client.kinds, replay=again, told=lambda cell: told(allowing.cell(cell))
        )
        cells += map(allowing.cell, judged)
    return Certificate(
        client=client.name,
        version=hello.version,
        runtime=hello.runtime,
        cells=tuple(cells),
        seconds=time.monotonic() - began,
        stale=allowing.stale if only is None else (),
    )


def _topics(questioning: Questioning, free: SimpleQueue[Worker], wanted: set[str]) -> Iterator[Cell]:
    """Yield the wanted cells of what is sent and returned, topic by topic, while the next ones are asked already."""
    topics = [topic for topic in TOPICS if wanted & {topic.sends.id, topic.returns.id}]
    if topics:
        warm(questioning.tap)
    for topic in topics:
        questioning.prepare(topic)

    def asked(topic: Topic) -> tuple[Cell, Cell]:
        with one(free) as hand:
            return replace(questioning, worker=hand).cells(topic)

    with pool(HANDS) as threads:
        for cells in threads.map(asked, topics):
            yield from (cell for cell in cells if cell.behaviour.id in wanted)
