"""What a client told its caller in the end: a success that is one, or an error that tells what happened.

| rule | when, and what it hides |
|---|---|
| `swallowed` | a success was told, but no whole reply with a picture had come |
| `lost` | a picture had come, but is not in what was returned |
| `failed` | an error was told, but the last reply was a good one |
| `refused` | the last reply was the API's own no to what was sent; nothing more is known of the failure then |
| `raw` | the error is a parser's or the transport's own; what else it lacks follows from that and is not told |
| `gave-up` | it says that it tries again, and did not after a refusal that may pass |
| `kind`, `status-lost`, `code-lost`, `request-id-lost`, `message-lost` | each for itself, and of a refusal only |

A client whose errors are a message alone is judged by that message and by the name of the error's class, if it is raw.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from mockserver.contract.certify.kinds import is_kind, is_raw, kind_of
from mockserver.contract.certify.said import has_picture, holds_picture, is_refusal, said
from mockserver.contract.certify.scenes import may_pass
from mockserver.contract.certify.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mockserver.contract.certify.exchange import Exchange
    from mockserver.contract.certify.lines import Hello, Raised, Told
    from mockserver.contract.certify.said import Said
    from mockserver.scenarios.scenario import Scenario

_GOOD: Final = frozenset({"none", "recovers"})
"""Kinds of scenarios whose replies, where they hold a picture, must be taken; of others they may be refused too."""


def outcome_findings(
    scenario: Scenario, exchanges: Sequence[Exchange], told: Told, hello: Hello, kinds: Mapping[str, tuple[str, ...]]
) -> Iterator[Finding]:
    """Give what is wrong with what a client told.

    Args:
        scenario: what was played.
        exchanges: its requests, in order of arrival; one at least.
        told: what it told.
        hello: what it said of itself.
        kinds: its own names of errors, by kind.
    """
    last = exchanges[-1]
    if told.error is None:
        yield from _success(scenario, last, told.value or {})
    elif has_picture(last) and (last.played is None or scenario.client.error in _GOOD):
        yield Finding("failed", f"{_error(told.error)} was told, though the last reply holds a picture")
    elif last.played is None and is_refusal(last):
        yield Finding(
            "refused", f"the API itself refused what it sent with a {last.status}: {said(last).message[:200]}"
        )
    else:
        yield from _error_findings(scenario, exchanges, told.error, hello, kinds)


def _success(scenario: Scenario, last: Exchange, value: Mapping[str, object]) -> Iterator[Finding]:
    if not has_picture(last):
        yield Finding("swallowed", f"a success was told, though {_what_came(last)}: {scenario.client.advice}")
    elif not holds_picture(value):
        if last.played is None or scenario.client.error in _GOOD:
            yield Finding("lost", "the reply holds a picture, and what was returned does not")
        else:
            yield Finding("swallowed", f"a success without a picture was told: {scenario.client.advice}")


def _what_came(last: Exchange) -> str:
    if last.whole:
        return f"the last reply, a {last.status}, holds no picture"
    return "the last reply broke off" if last.status else "no reply came"


def _error(error: Raised) -> str:
    return f"{error.module}.{error.name}" if error.module not in {"", "builtins"} else error.name


def _error_findings(
    scenario: Scenario,
    exchanges: Sequence[Exchange],
    error: Raised,
    hello: Hello,
    kinds: Mapping[str, tuple[str, ...]],
) -> Iterator[Finding]:
    last = exchanges[-1]
    if hello.retries and len(exchanges) == 1 and _should_retry(scenario, last):
        yield Finding("gave-up", f"it did not try again after a {last.status}: {scenario.client.advice}")
    if is_raw(error):
        yield Finding("raw", f"{_error(error)} is no error of the client: {error.message[:200]}")
        return
    kind = kind_of(scenario, last)
    if hello.errors == "fields" and kind and not is_kind(error, kind, kinds):
        yield Finding("kind", f"{_error(error)} was told of a failure of the kind {kind}")
    if is_refusal(last) or scenario.client.error == "stream_error":
        yield from _words(said(last), error, hello)


def _should_retry(scenario: Scenario, last: Exchange) -> bool:
    """Whether trying again is what the reply asks for: it may pass, was not charged, and its wait is a short one."""
    if not is_refusal(last) or last.dollars or not scenario.client.may_retry:
        return False
    asked = last.reply_header("x-should-retry") == "true"
    return (asked or may_pass(last.status)) and (scenario.client.waits or 0) <= _SHORT


_SHORT: Final = 5.0
"""Seconds of an asked wait that a client should be ready to wait."""


def _words(words: Said, error: Raised, hello: Hello) -> Iterator[Finding]:
    """Give what an error does not tell of what the reply said."""
    if hello.errors == "fields":
        if words.status not in {_OK, error.status}:
            yield Finding("status-lost", f"the status was {words.status}, and the error tells {error.status}", "status")
        if words.code is not None and error.code != words.code:
            yield Finding("code-lost", f"the code was {words.code}, and the error tells {error.code}", "code")
        if words.status != _OK and words.request_id and error.request_id != words.request_id:
            text = f"the reply had a request id, and the error tells {'another' if error.request_id else 'none'}"
            yield Finding("request-id-lost", text, "request_id")
    if not _tells(error.message, words.message):
        text = f"the message was {words.message[:200]!r}, and the error tells {error.message[:200]!r}"
        yield Finding("message-lost", text, "message")


_OK: Final = 200


def _tells(message: str, words: str) -> bool:
    """Whether a message contains the API's own, as it is or as JSON or Python quote it."""
    told = _plain(message)
    return any(_plain(spelt) in told for spelt in (words, json.dumps(words)[1:-1], repr(words)[1:-1]))


def _plain(text: str) -> str:
    return " ".join(text.split())
