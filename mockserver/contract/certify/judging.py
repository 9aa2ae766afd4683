"""Whether a client took one failure rightly, by what passed on the wire and what it told; pure, and by rule.

What happened on the wire (`retries`) comes first, and what was told (`outcome`) after it, as one does not follow from
the other. Four findings hide all others, since nothing more can be concluded from what they leave: the process ended,
it hung, it asked for nothing, or its retry was another request.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mockserver.contract.certify.outcome import outcome_findings
from mockserver.contract.certify.retries import too_soon, wire_finding
from mockserver.contract.certify.said import is_refusal
from mockserver.contract.certify.verdict import Finding
from mockserver.contract.certify.worker import Crashed, Hung

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mockserver.contract.certify.exchange import Exchange
    from mockserver.contract.certify.lines import Asked, Hello, Told
    from mockserver.contract.certify.scenes import Scene

_IMAGES: Final = re.compile(r"/images/(generations|edits|variations)")


@dataclass(frozen=True, slots=True)
class Case:
    """What there is to judge: one failure, one call, and all that passed."""

    scene: Scene
    asked: Asked
    passed: Sequence[Exchange]
    """All requests, in order of arrival."""

    answer: Told | Hung | Crashed
    hello: Hello
    kinds: Mapping[str, tuple[str, ...]]
    """The client's own names of errors, by kind."""

    @property
    def exchanges(self) -> list[Exchange]:
        """The requests for pictures; a client may also look at models, or fetch a picture by its URL."""
        return [exchange for exchange in self.passed if _IMAGES.search(exchange.path)]


def judge(case: Case) -> tuple[Finding, ...]:
    """Return what is wrong with how a client took a failure; empty where nothing is."""
    scenario, answer, exchanges = case.scene.scenario, case.answer, case.exchanges
    if isinstance(answer, Crashed):
        return (Finding("crashed", f"its process ended with status {answer.status}{_tail(answer.stderr)}"),)
    if isinstance(answer, Hung):
        return _late(case, answer)
    if not exchanges:
        return (Finding("count", "it asked for no picture"),)
    wire = wire_finding(scenario, exchanges, 1 + (case.asked.max_retries if case.hello.retries else 0))
    if wire is not None and wire.rule == "changed-on-retry":
        return (wire,)
    outcome = outcome_findings(scenario, exchanges, answer, case.hello, case.kinds)
    return (*([] if wire is None else [wire]), *outcome)


def is_waiting(case: Case) -> bool:
    """Whether it was silent because a reply asked it to wait for something that may pass, for longer than anybody sees.

    Not so where the wait is absurd: the row says then that no retry can help, and silence is a hang.
    """
    client, exchanges = case.scene.scenario.client, case.exchanges
    long = client.waits is not None and client.waits > case.asked.timeout and client.may_retry
    return isinstance(case.answer, Hung) and long and len(exchanges) == 1 and is_refusal(exchanges[0])


def _late(case: Case, answer: Hung) -> tuple[Finding, ...]:
    early = too_soon(case.scene.scenario, case.exchanges)
    if early is not None:
        return (early,)
    if is_waiting(case):
        return ()
    given = f"{case.asked.timeout:g} s for a reply and {case.asked.max_retries} retries"
    return (Finding("hung", f"no answer after {answer.seconds:g} s, where {given} were given{_tail(answer.stderr)}"),)


def _tail(stderr: str) -> str:
    lines = stderr.strip().splitlines()
    return f"; its last words: {lines[-1][:200]}" if lines else ""
