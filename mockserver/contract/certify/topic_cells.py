"""All calls of a topic put to a client: one cell for what it sends, one for what it returns."""

from __future__ import annotations

import time
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mockserver.contract.certify import returned, wire
from mockserver.contract.certify.asking import calls
from mockserver.contract.certify.lines import Can, Told
from mockserver.contract.certify.tally import Tally
from mockserver.contract.certify.verdict import Cell, Finding
from mockserver.contract.certify.witness import witness
from mockserver.contract.certify.worker import Hung

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mockserver.contract.certify.asking import Call
    from mockserver.contract.certify.exchange import Exchange
    from mockserver.contract.certify.lines import Asked, Operation
    from mockserver.contract.certify.tap import Session, Tap
    from mockserver.contract.certify.topics import Topic
    from mockserver.contract.certify.worker import Crashed, Worker

_CANNOT: Final[dict[Operation, str]] = {
    "generate": "it makes no pictures from a prompt",
    "edit": "it makes no edits",
    "vary": "it makes no variations",
}
_OK: Final = 200


@dataclass(frozen=True, slots=True)
class Questioning:
    """How the calls are put."""

    tap: Tap
    worker: Worker
    examples: int
    seed: int
    deadline: float
    """Seconds that the client may wait for a reply; after twice as many it hangs."""

    replay: Callable[[str], str]
    """Makes the command that shows the behaviour of an id again."""

    is_allowed: Callable[[str, Finding], bool] = lambda _behaviour, _finding: False
    """Whether a finding of the behaviour of an id is accepted."""

    def prepare(self, topic: Topic) -> None:
        """Make the calls of a topic, which are kept: one thread at a time may do so."""
        can = self.worker.hello.can.get(topic.op)
        if can is not None:
            calls(topic, can, self.examples, self.seed)

    def cells(self, topic: Topic) -> tuple[Cell, Cell]:
        """Return what the client sends of a topic, and what it returns.

        Raises:
            WorkerError: the worker does not start, or breaks the protocol.
        """
        can = self.worker.hello.can.get(topic.op)
        if can is None or (topic.stream and not can.stream):
            reason = _CANNOT[topic.op] if can is None else "it does not stream"
            return Cell(topic.sends, "absent", reason=reason), Cell(topic.returns, "absent", reason=reason)
        asking = sorted(calls(topic, can, self.examples, self.seed), key=lambda call: call.size)
        return _Topic(self, topic, can).put(asking)


class _Topic:
    """One topic while it is asked."""

    def __init__(self, questioning: Questioning, topic: Topic, can: Can) -> None:
        self._questioning = questioning
        self._can = can
        self._sends, self._returns = Tally(topic.sends), Tally(topic.returns)
        self._replays = [questioning.replay(behaviour.id) for behaviour in (topic.sends, topic.returns)]
        self._cannot = "its caller cannot say what this needs"

    def put(self, asking: Sequence[Call]) -> tuple[Cell, Cell]:
        """Ask everything, until the client's process has to be ended."""
        began = time.monotonic()
        for number, call in enumerate(asking, 1):
            with self._questioning.tap.session() as session:
                if not self._asked(call, number, session):
                    break
        seconds = (time.monotonic() - began) / 2  # both cells are made of the same calls
        answered = "none of its calls was answered by one reply" if self._sends.cases else self._cannot
        allowed = self._questioning.is_allowed
        return self._sends.cell(seconds, self._cannot, allowed), self._returns.cell(seconds, answered, allowed)

    def _asked(self, call: Call, number: int, session: Session) -> bool:
        """Judge one call; return whether the client's process lives on."""
        deadline = self._questioning.deadline
        asked = call.asked(number, session.base_url, session.api_key, deadline)
        answer = self._questioning.worker.ask(asked, 2 * deadline)
        session.settle(deadline)
        exchanges = _requests(session.exchanges)
        if not isinstance(answer, Told):
            self._ended(asked, answer, exchanges)
            return False
        if answer.cannot is not None:
            self._cannot = answer.cannot
            return True
        sent_rightly = wire.findings(asked, exchanges) if exchanges else [_nothing(answer)]
        self._note(self._sends, asked, answer, exchanges, sent_rightly)
        if len(exchanges) == 1 and exchanges[0].status == _OK:
            found = returned.findings(self._can, exchanges[0], answer, _fetch)
            self._note(self._returns, asked, answer, exchanges, found)
        return True

    def _note(
        self,
        tally: Tally,
        asked: Asked,
        answer: Told | Hung | Crashed,
        exchanges: Sequence[Exchange],
        found: Sequence[Finding],
    ) -> None:
        replay = self._replays[tally is self._returns]
        tally.judged(found, lambda: witness(asked, answer, exchanges, replay))

    def _ended(self, asked: Asked, answer: Hung | Crashed, exchanges: Sequence[Exchange]) -> None:
        """Note a process that was ended, or ended: on the side on which it stopped."""
        last = answer.stderr.strip().splitlines()[-1:]
        words = f"; its last words: {last[0][:200]}" if last else ""
        if isinstance(answer, Hung):
            finding = Finding("hung", f"no answer after {answer.seconds:g} s{words}")
        else:
            finding = Finding("crashed", f"its process ended with status {answer.status}{words}")
        answered = any(exchange.status is not None for exchange in exchanges)
        self._note(self._returns if answered else self._sends, asked, answer, exchanges, [finding])


def _requests(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """Return the exchanges without downloads of what a reply has named."""
    found: list[Exchange] = []
    for exchange in exchanges:
        place = exchange.path.partition("?")[0].encode()
        if exchange.method != "GET" or not any(place in earlier.reply_body for earlier in found):
            found.append(exchange)
    return found


def _nothing(answer: Told) -> Finding:
    if answer.error is None:
        return Finding("count", "no request arrived, and a success was told")
    error = answer.error
    return Finding("count", f"no request arrived; {error.name} was raised: {error.message[:200]}", error.name)


def _fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as reply:  # noqa: S310 - a URL of our own server's reply
        data: bytes = reply.read()
    return data
