"""Each rule of how failure is taken, both ways: what is on the wire, and what was told, make the finding."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from mockserver.contract.certify.exchange import Exchange
from mockserver.contract.certify.judging import Case, is_waiting, judge
from mockserver.contract.certify.kinds import NAMES, is_kind, is_raw
from mockserver.contract.certify.lines import Asked, Can, Hello, Raised, Told
from mockserver.contract.certify.scenes import Scene, scenes
from mockserver.contract.certify.verdict import FINDINGS
from mockserver.contract.certify.worker import Crashed, Hung
from mockserver.faults.refuse import Refuse
from mockserver.faults.scene import Scene as Moment
from mockserver.scenarios.catalogue import scenarios

SCENES = {scene.behaviour.id: scene for scene in scenes()}
HELLO = Hello("some", {"generate": Can(stream=True)})
REQUEST = (
    (b"authorization", b"Bearer k"),
    (b"content-type", b"multipart/form-data; boundary=b1"),
    (b"x-stainless-retry-count", b"0"),
)
PICTURE = {"data": [{"b64_json": "aGk="}]}
COMPLETED = {"type": "image_generation.completed", "b64_json": "aGk="}
REQUEST_ID = f"req_{'0' * 32}"


def exchange(status: int | None = 200, body: object = PICTURE, **fields: Any) -> Exchange:  # noqa: ANN401 - fields of what is returned
    """Return an exchange that took no time."""
    told = {
        "path": "/v1/images/generations",
        "request_headers": REQUEST,
        "request_body": b"--b1\r\nprompt--b1--",
        "reply_headers": ((b"content-type", b"application/json"), (b"x-request-id", b"req_1")),
        "reply_body": body if isinstance(body, bytes) else json.dumps(body).encode(),
        "finished": 0.0,
        "whole": True,
        "played": "some",
        **fields,
    }
    return Exchange(number=1, arrived=0.0, method="POST", complete=True, status=status, **told)


def good(**fields: Any) -> Exchange:  # noqa: ANN401 - fields of what is returned
    """Return an exchange on which nothing was played, and which was charged."""
    return exchange(**{"played": None, "dollars": 0.04, **fields})


def lost(**fields: Any) -> Exchange:  # noqa: ANN401 - fields of what is returned
    """Return one whose reply never came."""
    return exchange(None, b"", **{"reply_headers": (), "whole": False, "cut": "reset", **fields})


def refused(name: str) -> Exchange:
    """Return one that was refused as a scenario refuses it."""
    scenario = SCENES[f"fails.{name}.always"].scenario
    (fault,) = scenario.steps[0]
    assert isinstance(fault, Refuse)
    reply = fault.reply(Moment(key="sk-secret"))
    return exchange(reply.status, reply.body, reply_headers=tuple(reply.headers), played=name)


def streamed(*events: object) -> Exchange:
    """Return one whose reply is a stream."""
    body = b"".join(b"data: %b\n\n" % json.dumps(event).encode() for event in events)
    return exchange(200, body, reply_headers=((b"content-type", b"text/event-stream; charset=utf-8"),))


def raised(name: str = "RateLimitError", **fields: Any) -> Told:  # noqa: ANN401 - fields of what is returned
    """Return an answer that is an error."""
    lineage = fields.pop("lineage", (name, "APIStatusError", "APIError"))
    return Told(1, error=Raised(name, **{"lineage": lineage, "module": "some", **fields}))


def told_of(seen: Exchange, name: str, **fields: Any) -> Told:  # noqa: ANN401 - fields of what is returned
    """Return an error that tells all that a refusal said."""
    error = json.loads(seen.reply_body)["error"]
    told = {"status": seen.status, "code": error.get("code"), "message": error["message"], "request_id": REQUEST_ID}
    return raised(name, **{**told, **fields})


def value(**returned: object) -> Told:
    """Return an answer that is a success."""
    return Told(1, value=returned)


def after(seconds: float, *exchanges: Exchange) -> list[Exchange]:
    """Return exchanges that each arrived so many seconds after the one before was over."""
    return [
        replace(each, number=at + 1, arrived=at * seconds, finished=at * seconds) for at, each in enumerate(exchanges)
    ]


Answer = Told | Hung | Crashed


def case(scene: Scene, exchanges: list[Exchange], answer: Answer) -> Case:
    """Return what is judged."""
    asked = Asked(1, "generate", "http://h/v1", "k", {}, timeout=scene.timeout)
    return Case(scene, asked, exchanges, answer, HELLO, {})


def rules(behaviour: str, exchanges: list[Exchange], answer: Answer, **about: object) -> list[str]:
    """Return the rules that a client broke; `about` are fields of the case."""
    judged = replace(case(SCENES[behaviour], exchanges, answer), **about)  # type: ignore[arg-type]  # as it says
    return [finding.rule for finding in judge(judged)]


LIMIT = refused("429-gpt-image-ipm")
QUOTA = refused("429-insufficient-quota")
WAIT = refused("429-retry-after")
KEY = refused("401-invalid-key")
BROKEN = refused("500-server-error")

TABLE: dict[str, tuple[str, list[Exchange], Answer, list[str]]] = {
    # right ones
    "an error, told in full": ("401-invalid-key.always", [KEY], told_of(KEY, "AuthenticationError"), []),
    "retried, in vain but rightly": ("429-gpt-image-ipm.always", [LIMIT] * 3, told_of(LIMIT, "RateLimitError"), []),
    "retried, and good": ("429-gpt-image-ipm.once", [LIMIT, good()], value(**PICTURE), []),
    "a reply lost, and given up": ("conn-reset.always", [lost(dollars=0.04)], raised("APIConnectionError"), []),
    "a reply lost before it was charged": ("conn-reset-at-once.once", [lost(), good()], value(**PICTURE), []),
    "late": ("timeout-read-python.always", [lost(gone=True, cut="")], raised("APITimeoutError"), []),
    "half a reply": ("body-truncated.always", [exchange(whole=False)], raised("APIConnectionError"), []),
    "no JSON": ("200-invalid-json.always", [exchange(200, b"{")], raised("APIResponseValidationError"), []),
    "slow, and good": ("slow.always", [exchange()], value(**PICTURE), []),
    "a wrong type, and read": ("200-wrong-content-type.always", [exchange()], value(**PICTURE), []),
    "a wrong type, and refused": ("200-wrong-content-type.always", [exchange()], raised("APIError"), []),
    "a stream": ("stream-done.always", [streamed(COMPLETED)], value(events=[COMPLETED]), []),
    "bytes for a picture": ("slow.always", [exchange()], value(data=[{"bytes_sha256": "00"}]), []),
    "a wait that was kept": ("429-retry-after.once", after(1.0, WAIT, good()), value(**PICTURE), []),
    "a wait, and JavaScript's timer": ("429-retry-after.once", after(0.95, WAIT, good()), value(**PICTURE), []),
    "a wait too long to be seen": ("429-retry-after-date.always", [refused("429-retry-after-date")], Hung(5, ""), []),
    "given up instead of a wait": (
        "429-retry-after-date.always",
        [refused("429-retry-after-date")],
        told_of(refused("429-retry-after-date"), "RateLimitError"),
        [],
    ),
    "one deliberate retry": ("400-moderation-flaky.always", [exchange(400, {}), good()], value(**PICTURE), []),
    "other requests besides": ("slow.always", [exchange(path="/v1/models"), exchange()], value(**PICTURE), []),
    # on the wire
    "another body": (
        "429-gpt-image-ipm.once",
        [LIMIT, good(request_body=b"other")],
        value(**PICTURE),
        ["changed-on-retry"],
    ),
    "another header": (
        "429-gpt-image-ipm.once",
        [LIMIT, good(request_headers=(*REQUEST, (b"accept", b"*/*")))],
        value(**PICTURE),
        ["changed-on-retry"],
    ),
    "another path": ("429-gpt-image-ipm.once", [LIMIT, good(path="/images/edits")], value(), ["changed-on-retry"]),
    "another boundary, another count": (
        "429-gpt-image-ipm.once",
        [
            LIMIT,
            good(
                request_headers=(
                    REQUEST[0],
                    (b"content-type", b"multipart/form-data; boundary=b2"),
                    (b"x-stainless-retry-count", b"1"),
                ),
                request_body=b"--b2\r\nprompt--b2--",
            ),
        ],
        value(**PICTURE),
        [],
    ),
    "too soon": ("429-retry-after.once", after(0.5, WAIT, good()), value(**PICTURE), ["too-soon"]),
    "too soon, and then silent": ("429-retry-after.once", after(0.5, WAIT, lost()), Hung(5, ""), ["too-soon"]),
    "too soon by far": (
        "429-retry-after-absurd.always",
        after(0.5, *[refused("429-retry-after-absurd")] * 3),
        told_of(refused("429-retry-after-absurd"), "RateLimitError"),
        ["too-soon"],
    ),
    "paid twice": ("conn-reset.once", [lost(dollars=0.04), good()], value(**PICTURE), ["double-billed"]),
    "paid twice, after a 524": (
        "524-cloudflare-html.once",
        [replace(refused("524-cloudflare-html"), dollars=0.04), good()],
        value(**PICTURE),
        ["double-billed"],
    ),
    "a quota, retried": (
        "429-insufficient-quota.always",
        [QUOTA] * 3,
        told_of(QUOTA, "RateLimitError"),
        ["retried-in-vain"],
    ),
    "a key, retried": ("401-invalid-key.once", [KEY, good()], value(**PICTURE), ["retried-in-vain"]),
    "too often": ("429-gpt-image-ipm.always", [LIMIT] * 4, told_of(LIMIT, "RateLimitError"), ["count"]),
    "never": ("429-gpt-image-ipm.always", [], told_of(LIMIT, "RateLimitError"), ["count"]),
    "refused by the API itself": (
        "429-gpt-image-ipm.once",
        [LIMIT, good(status=400, reply_body=KEY.reply_body)],
        told_of(KEY, "BadRequestError"),
        ["refused"],
    ),
    # what was told
    "an error for a picture": ("slow.always", [exchange()], raised("APIError"), ["failed"]),
    "an error after a good retry": (
        "429-gpt-image-ipm.once",
        [LIMIT, good()],
        told_of(LIMIT, "RateLimitError"),
        ["failed"],
    ),
    "a success for a refusal": ("401-invalid-key.always", [KEY], value(data=[]), ["swallowed"]),
    "a success for half a reply": ("body-truncated.always", [exchange(whole=False)], value(**PICTURE), ["swallowed"]),
    "a success for a stream without end": (
        "stream-eof-no-completed.always",
        [streamed({"type": "image_generation.partial_image", "b64_json": "aGk="})],
        value(events=[{"type": "image_generation.partial_image", "b64_json": "aGk="}]),
        ["swallowed"],
    ),
    "a success without a picture": (
        "200-null-b64.always",
        [exchange(200, {"data": [{"b64_json": None}]})],
        value(data=[{"b64_json": None}]),
        ["swallowed"],
    ),
    "the text of a success": ("200-wrong-content-type.always", [exchange()], value(text="{}"), ["swallowed"]),
    "nothing of a success": ("slow.always", [exchange()], value(), ["lost"]),
    "nothing of a good retry": ("429-gpt-image-ipm.once", [LIMIT, good()], value(data=[]), ["lost"]),
    "not tried again": ("429-gpt-image-ipm.always", [LIMIT], told_of(LIMIT, "RateLimitError"), ["gave-up"]),
    "not tried again, though told to": (
        "400-should-retry.always",
        [refused("400-should-retry")],
        told_of(refused("400-should-retry"), "BadRequestError"),
        ["gave-up"],
    ),
    "the parser's own": (
        "200-invalid-json.always",
        [exchange(200, b"{")],
        raised("JSONDecodeError", module="json.decoder"),
        ["raw"],
    ),
    "the transport's own": (
        "conn-reset.always",
        [lost()],
        raised("ConnectionResetError", module="builtins"),
        ["raw"],
    ),
    "the wrong kind": (
        "401-invalid-key.always",
        [KEY],
        told_of(KEY, "BadRequestError"),
        ["kind"],
    ),
    "late for lost": ("conn-reset.always", [lost()], raised("APITimeoutError"), ["kind"]),
    "no status": ("401-invalid-key.always", [KEY], told_of(KEY, "AuthenticationError", status=None), ["status-lost"]),
    "no code": ("401-invalid-key.always", [KEY], told_of(KEY, "AuthenticationError", code=None), ["code-lost"]),
    "no request id": (
        "401-invalid-key.always",
        [KEY],
        told_of(KEY, "AuthenticationError", request_id=None),
        ["request-id-lost"],
    ),
    "no message": (
        "401-invalid-key.always",
        [KEY],
        told_of(KEY, "AuthenticationError", message="Oh no."),
        ["message-lost"],
    ),
    "a message in a message": (
        "401-invalid-key.always",
        [KEY],
        told_of(KEY, "AuthenticationError", message=f"401 {json.loads(KEY.reply_body)}"),
        [],
    ),
    "an event's message": (
        "stream-error-server.always",
        [streamed({"type": "error", "error": {"code": "c", "message": "It failed"}})],
        raised("APIError", code="c", message="oh"),
        ["message-lost"],
    ),
    "an event's code": (
        "stream-error-flat.always",
        [streamed({"type": "error", "code": "c", "message": "It failed"})],
        raised("APIError", message="It failed"),
        ["code-lost"],
    ),
    # the end
    "it ended": ("500-server-error.always", [BROKEN], Crashed(3, "Traceback\nBoom"), ["crashed"]),
    "it hung": ("timeout-read-python.always", [lost(gone=True)], Hung(12.5, ""), ["hung"]),
    "it waits for days": (
        "429-retry-after-absurd.always",
        [refused("429-retry-after-absurd")],
        Hung(5, ""),
        ["hung"],
    ),
    # what recovers
    "given up, though it recovers": ("flaky-reset.always", [lost(dollars=0.04)], raised("APIConnectionError"), []),
    "the second of two failures": ("flaky-429.once", [exchange(429, {}), exchange()], value(**PICTURE), []),
    "the wrong kind of what recovers": (
        "flaky-429.always",
        [exchange(429, {})] * 3,
        raised("InternalServerError", status=429, request_id="req_1"),
        ["kind"],
    ),
}


@pytest.mark.parametrize(("behaviour", "exchanges", "answer", "expected"), TABLE.values(), ids=TABLE)
def test_a_fault_has_its_own_finding(
    behaviour: str, exchanges: list[Exchange], answer: Answer, expected: list[str]
) -> None:
    """And no other; what is right has none."""
    assert rules(f"fails.{behaviour}", exchanges, answer) == expected


def test_every_finding_of_a_failure_is_in_the_table() -> None:
    """Each rule of this group is met above, and none that has no meaning."""
    met = {rule for _, _, _, expected in TABLE.values() for rule in expected}
    ours = list(FINDINGS)[list(FINDINGS).index("failed") :]
    assert met == {*ours, "count", "lost", "refused"}


@pytest.mark.parametrize("rule", ["kind", "status-lost", "code-lost", "request-id-lost"])
def test_a_client_of_messages_is_judged_by_its_message(rule: str) -> None:
    """What it cannot tell is not asked of it."""
    told = [answer for _, _, answer, expected in TABLE.values() if expected == [rule]]
    modest = replace(HELLO, errors="message")
    message = json.loads(KEY.reply_body)["error"]["message"]

    assert told
    assert rules("fails.401-invalid-key.always", [KEY], raised("Oops", message=message), hello=modest) == []
    assert rules("fails.401-invalid-key.always", [KEY], raised("Oops", message="oh"), hello=modest) == ["message-lost"]
    assert rules("fails.401-invalid-key.always", [KEY], raised("KeyError", module="builtins"), hello=modest) == ["raw"]


def test_a_client_that_never_retries_need_not() -> None:
    """But it sends one request, as it says."""
    single = replace(HELLO, retries=False)
    error = told_of(LIMIT, "RateLimitError")

    assert rules("fails.429-gpt-image-ipm.always", [LIMIT], error, hello=single) == []
    assert rules("fails.429-gpt-image-ipm.always", [LIMIT] * 2, error, hello=single) == ["count"]


def test_a_client_has_names_of_its_own() -> None:
    """They win over those that everybody knows."""
    own = {"rate_limit": ("TooFast",), "authentication": ("WhoAreYou",)}
    fast, who = told_of(LIMIT, "TooFast"), told_of(LIMIT, "WhoAreYou")

    assert rules("fails.429-gpt-image-ipm.always", [LIMIT] * 2, fast, kinds=own) == []
    assert rules("fails.429-gpt-image-ipm.always", [LIMIT] * 2, who, kinds=own) == ["kind"]
    assert rules("fails.429-insufficient-quota.always", [QUOTA], told_of(QUOTA, "WhoAreYou"), kinds=own) == ["kind"]


def test_a_name_that_says_nothing_is_of_any_kind() -> None:
    """A client may have one class for all, if it tells the status."""
    assert rules("fails.401-invalid-key.always", [KEY], told_of(KEY, "ImageError")) == []


def test_the_nearest_name_decides() -> None:
    """A class may derive from one of another kind."""
    late = Raised("APITimeoutError", lineage=("APITimeoutError", "APIConnectionError"))
    assert is_kind(late, "timeout", {})
    assert not is_kind(late, "connection", {})


@pytest.mark.parametrize(
    ("name", "module", "raw"),
    [
        ("JSONDecodeError", "json.decoder", True),
        ("ReadTimeout", "httpx", True),
        ("RemoteDisconnected", "http.client", True),
        ("ProtocolError", "urllib3.exceptions", True),
        ("SyntaxError", "", True),
        ("TimeoutError", "builtins", True),
        ("TimeoutError", "", False),
        ("TimeoutError", "some_client", False),
        ("ValueError", "builtins", False),
        ("TypeError", "some_client.errors", False),
        ("APIError", "openai", False),
    ],
)
def test_a_raw_error_is_known_by_its_home(name: str, module: str, raw: bool) -> None:
    """A client may call its own class what it likes."""
    assert is_raw(Raised(name, module=module)) is raw


def test_who_waits_as_asked_is_told_from_who_hangs() -> None:
    """Only of what may pass, and of nothing that was not asked."""
    date, stall = SCENES["fails.429-retry-after-date.always"], SCENES["fails.timeout-read-python.always"]
    silent = Hung(5, "")

    assert is_waiting(case(date, [refused("429-retry-after-date")], silent))
    assert not is_waiting(case(date, [lost()], silent))
    assert not is_waiting(case(date, [], silent))
    assert not is_waiting(case(stall, [lost(gone=True)], silent))


def test_what_a_process_said_last_is_told() -> None:
    """A traceback's last line says most."""
    (found,) = judge(case(SCENES["fails.500-server-error.always"], [BROKEN], Crashed(3, "Traceback\nBoom\n")))
    assert found.text == "its process ended with status 3; its last words: Boom"


def test_names_stand_for_kinds_of_the_catalogue() -> None:
    """A kind that no scenario has would never be looked for."""
    kinds = {scenario.client.error for scenario in scenarios()}
    assert {kind for named in NAMES.values() for kind in named} <= kinds
