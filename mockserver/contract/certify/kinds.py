"""Names of errors: which kind of failure each stands for, and which of them no client should let out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mockserver.contract.certify.said import is_lost

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mockserver.contract.certify.exchange import Exchange
    from mockserver.contract.certify.lines import Raised
    from mockserver.scenarios.scenario import Scenario

_REFUSED: Final = frozenset({"bad_request", "moderation", "billing", "unsupported"})
_LATE: Final = frozenset({"timeout", "endless", "request_timeout"})
_BROKEN: Final = frozenset({"connection", "truncated", "unreadable"})
_UNREADABLE: Final = frozenset({"truncated", "unreadable"})

NAMES: Final[Mapping[str, frozenset[str]]] = {
    # openai-python and openai-node, whose names LiteLLM, LangChain and others keep
    "BadRequestError": _REFUSED,
    "UnprocessableEntityError": _REFUSED,
    "AuthenticationError": frozenset({"authentication"}),
    "PermissionDeniedError": frozenset({"permission"}),
    "NotFoundError": frozenset({"not_found"}),
    "ConflictError": frozenset({"conflict"}),
    "RateLimitError": frozenset({"rate_limit", "quota"}),
    "InternalServerError": frozenset({"server"}),
    "APIConnectionError": _BROKEN,
    "APITimeoutError": _LATE,
    "APIConnectionTimeoutError": _LATE,
    "APIResponseValidationError": _UNREADABLE,
    # LiteLLM
    "Timeout": _LATE,
    "ContentPolicyViolationError": frozenset({"moderation"}),
    "ServiceUnavailableError": frozenset({"server"}),
    "BadGatewayError": frozenset({"server"}),
    # openai-python before 1.0
    "InvalidRequestError": _REFUSED | {"not_found"},
}
"""Name of a class → the kinds of `clients.toml` that it rightly stands for. Other names say nothing of a kind."""

_UNJUDGED: Final = frozenset({"silent", "stream_error", "link", "none"})
"""Kinds for which any error of the client's own will do: a 200 has no class."""

_BY_STATUS: Final = {408: "request_timeout", 409: "conflict", 429: "rate_limit"}

RAW_MODULES: Final = frozenset(
    {
        *("json", "simplejson", "orjson", "pydantic", "pydantic_core", "zlib", "gzip", "binascii"),
        *("http", "urllib", "ssl", "socket", "asyncio", "anyio", "h11", "h2", "aiohttp"),
        *("httpx", "httpx2", "httpcore", "httpcore2", "urllib3", "requests", "undici"),
    }
)
"""First parts of the modules whose exceptions are a parser's or the transport's own."""

_LANGUAGES: Final = frozenset({"", "builtins", "exceptions", "node", "globalThis"})
"""Modules of what the language itself raises."""

RAW_NAMES: Final = frozenset(
    {
        *("KeyError", "IndexError", "AttributeError", "UnicodeDecodeError", "UnboundLocalError", "NameError"),
        *("ConnectionError", "ConnectionResetError", "ConnectionAbortedError", "ConnectionRefusedError"),
        *("BrokenPipeError", "OSError", "EOFError", "RecursionError", "AssertionError", "StopIteration"),
        *("SyntaxError", "TypeError", "RangeError", "ReferenceError", "DOMException", "AbortError", "JSONDecodeError"),
    }
)
"""Names of what the language itself raises when nobody minded; `ValueError` and `RuntimeError` are also raised with a
meaning, so they are none."""


def is_raw(error: Raised) -> bool:
    """Whether an error is a parser's, the transport's, or the language's own."""
    if error.module.partition(".")[0] in RAW_MODULES:
        return True
    if error.module not in _LANGUAGES:
        return False
    return error.name in RAW_NAMES or (error.name == "TimeoutError" and error.module == "builtins")


def kind_of(scenario: Scenario, last: Exchange) -> str:
    """Return the kind of failure that a client was left with; empty where any error will do.

    A scenario that recovers has no kind of its own: what it was is seen on the last exchange.
    """
    error = scenario.client.error
    if error != "recovers":
        return "" if error in _UNJUDGED else error
    if is_lost(last):
        return "timeout" if last.gone else "connection"
    return _BY_STATUS.get(last.status or 0, "server")


def is_kind(error: Raised, kind: str, declared: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether an error is, by its names, of a kind, or of none in particular.

    Args:
        error: what the client raised.
        kind: a row of `clients.toml`.
        declared: the client's own names by kind; they win over `NAMES`.
    """
    names = error.lineage or (error.name,)
    if kind in declared:
        return any(name in declared[kind] for name in names)
    known = {**NAMES, **_turned(declared)}
    first = next((known[name] for name in names if name in known), None)
    return first is None or kind in first


def _turned(declared: Mapping[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    every = {name for names in declared.values() for name in names}
    return {name: frozenset(kind for kind, names in declared.items() if name in names) for name in every}
