"""What shows that a finding is true: the call, the answer and what passed, short enough for a person to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mockserver.contract.certify.exchange_shown import shortened
from mockserver.contract.certify.lines import Told
from mockserver.contract.certify.verdict import Witness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mockserver.contract.certify.exchange import Exchange
    from mockserver.contract.certify.lines import Asked
    from mockserver.contract.certify.worker import Crashed, Hung

_DEEPEST: Final = 20
"""Levels of a client's answer that are shown."""


def witness(asked: Asked, answer: Told | Hung | Crashed, exchanges: Sequence[Exchange], replay: str) -> Witness:
    """Return the witness of one call.

    Args:
        asked: the call; its key is masked, long texts are shortened.
        answer: what became of it.
        exchanges: what passed, in order of arrival.
        replay: the command that shows it again.
    """
    since = exchanges[0].arrived if exchanges else 0.0
    return Witness(
        asked=_short(asked.masked(), _DEEPEST),
        told=_short(answer.line, _DEEPEST) if isinstance(answer, Told) else None,
        exchanges=tuple(exchange.shown(since) for exchange in exchanges),
        replay=replay,
    )


def _short(value: Any, levels: int) -> Any:  # noqa: ANN401 - whatever JSON can say
    if isinstance(value, str):
        return shortened(value)
    if isinstance(value, dict | list) and not levels:
        return "…"
    if isinstance(value, dict):
        return {name: _short(member, levels - 1) for name, member in value.items()}
    return [_short(member, levels - 1) for member in value] if isinstance(value, list) else value
