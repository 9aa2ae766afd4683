"""One client asked for one behaviour at a time, in any order: the server and the worker stay between the questions."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING, Self

from mockserver.contract.certify.allowing import Allowing
from mockserver.contract.certify.playing import play
from mockserver.contract.certify.rehearsal import rehearse
from mockserver.contract.certify.scenes import scenes
from mockserver.contract.certify.tap import Tap
from mockserver.contract.certify.topics import TOPICS
from mockserver.contract.certify.warming import warm
from mockserver.contract.certify.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mockserver.contract.certify.clients.client import Client
    from mockserver.contract.certify.scenes import Scene
    from mockserver.contract.certify.topic_cells import Questioning
    from mockserver.contract.certify.verdict import Cell


class Examination:
    """A server of its own and one worker of the client, while the `with` block lasts; for one thread."""

    def __init__(self, client: Client, *, seed: int, examples: int, deadline: float, replay: str) -> None:
        """Prepare to ask; nothing is started yet.

        Args:
            client: who is asked.
            seed: what chance begins with.
            examples: calls of a topic that are drawn by chance.
            deadline: seconds that the client may wait for a reply.
            replay: the command that certifies this client, to which a witness adds the behaviour.
        """
        self._client = client
        self._again = replay
        self._seed, self._examples, self._deadline = seed, examples, deadline
        self._stack = ExitStack()
        self._kept: dict[str, Cell] = {}

    def __enter__(self) -> Self:
        self._tap = self._stack.enter_context(Tap())
        warm(self._tap)
        worker = Worker(self._client.command, cwd=self._client.cwd, env=self._client.env)
        self._worker = self._stack.enter_context(worker)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def cell(self, behaviour: str) -> Cell:
        """Return the cell of the behaviour of an id.

        Raises:
            KeyError: there is no such behaviour.
            WorkerError: the worker does not start, or breaks the protocol.
        """
        if behaviour not in self._kept:
            self._ask(behaviour)
        return self._kept[behaviour]

    def _ask(self, behaviour: str) -> None:
        """Keep what comes of a scene, or of both sides of a topic: they are judged by the same calls."""
        allowing = Allowing(self._client.allowances, self._worker.hello.version)
        scene = next((each for each in scenes() if each.behaviour.id == behaviour), None)
        topic = next((each for each in TOPICS if behaviour in {each.sends.id, each.returns.id}), None)
        cells: tuple[Cell, ...] = ()
        if scene is not None:
            cells = (self._played(scene),)
        elif topic is not None:
            cells = self._questioning(allowing).cells(topic)
        self._kept |= {cell.behaviour.id: allowing.cell(cell) for cell in cells}

    def _played(self, scene: Scene) -> Cell:
        model, kinds = self._models.get(scene.behaviour.id, ""), self._client.kinds
        return play(scene, self._tap, self._worker, model=model, kinds=kinds, replay=self._replay)

    @cached_property
    def _models(self) -> Mapping[str, str]:
        return rehearse(scenes(), self._tap, self._worker)

    def _questioning(self, allowing: Allowing) -> Questioning:
        from mockserver.contract.certify.topic_cells import Questioning  # noqa: PLC0415 - failures need no schemathesis

        return Questioning(
            tap=self._tap,
            worker=self._worker,
            examples=self._examples,
            seed=self._seed,
            deadline=self._deadline,
            replay=self._replay,
            is_allowed=allowing.covers,
        )

    def _replay(self, behaviour: str) -> str:
        return f"{self._again} --only {behaviour} --seed {self._seed}"
