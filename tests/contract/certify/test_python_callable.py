"""Any callable of Python's as a client: what it may be, what it is given, and what it may return."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.contract.certify.clients import choice
from mockserver.contract.certify.lines import Asked, Told, Upload
from mockserver.contract.certify.worker import Worker, WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from mockserver.contract.certify.lines import Operation

    Starts = Callable[..., Worker]

URL = "http://127.0.0.1:1/s/a/v1"


@pytest.fixture
def starts(tmp_path: Path) -> Iterator[Starts]:
    """Return a worker for a callable of a module with some code, in the folder where that is."""
    workers: list[Worker] = []

    def start(code: str, target: str = "mine:generate", module: str = "mine.py") -> Worker:
        path = tmp_path / module
        path.parent.mkdir(exist_ok=True)
        path.write_text(code)
        workers.append(Worker(choice.from_callable(target).command, cwd=tmp_path))
        return workers[-1]

    yield start
    for worker in workers:
        worker.close()


def told(
    worker: Worker,
    op: Operation = "generate",
    *,
    url: str = URL,
    params: Mapping[str, Any] | None = None,
    files: Mapping[str, Upload | list[Upload]] | None = None,
) -> Told:
    """Return what a worker answers."""
    asked = Asked(7, op, url, "sk-1", {"prompt": "a dot"} if params is None else params, files or {})
    answer = worker.ask(asked, 20)
    assert isinstance(answer, Told), answer
    return answer


RETURNS = {
    "a dict": ("return {'created': 1, 'data': []}", {"created": 1, "data": []}),
    "an object of pydantic's": (
        "class Reply:\n        def model_dump(self): return {'created': 1}\n    return Reply()",
        {"created": 1},
    ),
    "an object of the SDK's": (
        "class R:\n        def to_dict(self): return {'created': 1}\n    return R()",
        {"created": 1},
    ),
    "a dataclass": (
        "import dataclasses\n    return dataclasses.make_dataclass('D', ['created', 'data'])(1, [])",
        {"created": 1, "data": []},
    ),
    "an object with attributes": ("import types\n    return types.SimpleNamespace(created=1)", {"created": 1}),
}


@pytest.mark.parametrize(("body", "value"), RETURNS.values(), ids=RETURNS)
def test_returns_a_reply(starts: Starts, body: str, value: object) -> None:
    """Whatever has fields becomes a dict."""
    assert told(starts(f"def generate(prompt):\n    {body}\n")).value == value


PICTURE = hashlib.sha256(b"picture").hexdigest()
PICTURES = {
    "bytes": ("bytes", "b'picture'", {"bytes_sha256": PICTURE}),
    "a list of bytes": ("list[bytes]", "[b'picture']", {"bytes_sha256": PICTURE}),
    "an optional URL": ("str | None", "'https://a.b/c.png'", {"url": "https://a.b/c.png"}),
    "base64": ("str", "'cGljdHVyZQ=='", {"b64_json": "cGljdHVyZQ=="}),
    "a path": ("pathlib.Path", "pathlib.Path(__file__)", None),
}


@pytest.mark.parametrize(("hint", "value", "picture"), PICTURES.values(), ids=PICTURES)
def test_returns_pictures(starts: Starts, hint: str, value: str, picture: object) -> None:
    """A function that is annotated so gives its caller the pictures alone."""
    code = f"import pathlib\ndef generate(prompt) -> {hint}:\n    return {value}\n"
    worker = starts(code)
    expected = picture or {"bytes_sha256": hashlib.sha256(code.encode()).hexdigest()}
    assert worker.hello.can["generate"].returns == "pictures"
    assert told(worker).value == {"data": [expected]}


def test_pictures_without_an_annotation_are_not_judged(starts: Starts) -> None:
    """They would look like a reply that lost everything else; it is told what to write."""
    answer = told(starts("def generate(prompt):\n    return b'picture'\n"))
    assert answer.cannot == "it returns a bytes: annotate it, as in `-> bytes`, and its pictures alone are compared"


STREAMS = {
    "a generator": "def generate(prompt, stream=False):\n    yield {'type': 'a'}\n    yield {'type': 'b'}\n",
    "a list": "def generate(prompt, stream=False):\n    return [{'type': 'a'}, {'type': 'b'}]\n",
    "an async generator": (
        "async def generate(prompt, stream=False):\n    yield {'type': 'a'}\n    yield {'type': 'b'}\n"
    ),
    "a coroutine of one": (
        "async def events():\n    yield {'type': 'a'}\n    yield {'type': 'b'}\n"
        "async def generate(prompt, stream=False):\n    return events()\n"
    ),
}


@pytest.mark.parametrize("code", STREAMS.values(), ids=STREAMS)
def test_streams_events(starts: Starts, code: str) -> None:
    """Of a function that takes `stream`, whatever it hands them out in."""
    worker = starts(code)
    assert worker.hello.can["generate"].stream
    answer = told(worker, params={"prompt": "a", "stream": True})
    assert answer.value == {"events": [{"type": "a"}, {"type": "b"}]}


OBJECT = """
class Client:
    def generate(self, prompt): return {"op": "generate"}
    async def edit(self, image, mask=None): return {"image": str(image), "mask": str(mask)}
client = Client()
"""


@pytest.mark.parametrize("target", ["mine:client", "mine:Client"])
def test_an_object_has_an_operation_by_method(starts: Starts, target: str) -> None:
    """Sync or not; of a class, an object is made."""
    worker = starts(OBJECT, target)
    assert set(worker.hello.can) == {"generate", "edit"}
    assert told(worker).value == {"op": "generate"}
    files = {"image": Upload("/a.png", "a.png", "image/png"), "mask": Upload("/m.png", "m.png", "image/png")}
    assert told(worker, "edit", params={}, files=files).value == {"image": "/a.png", "mask": "/m.png"}


def test_a_module_has_an_operation_by_function(starts: Starts) -> None:
    """A module is an attribute of its package."""
    starts("from . import mine\n", module="pkg/__init__.py")
    code = "def vary(image):\n    return {'images': [str(one) for one in image]}\n"
    worker = starts(code, "pkg:mine", "pkg/mine.py")
    assert set(worker.hello.can) == {"vary"}
    files = {"image": [Upload("/a.png", "a.png", None), Upload("/b.png", "b.png", None)]}
    assert told(worker, "vary", params={}, files=files).value == {"images": ["/a.png", "/b.png"]}


def test_says_what_its_signature_takes(starts: Starts) -> None:
    """Its parameters, without what the harness gives it; any where it takes `**options`."""
    named = starts("def generate(prompt, *, n=1, size=None, base_url, timeout): return {}")
    can = named.hello.can["generate"]
    assert (can.params, can.stream, can.returns) == (frozenset({"prompt", "n", "size"}), False, "reply")
    assert starts("def generate(prompt, **options): return {}").hello.can["generate"].params is None


def test_is_given_what_its_signature_names(starts: Starts) -> None:
    """Address, key, retries and timeout go to a function that wants them, the others by name or place."""
    code = "def generate(prompt, /, *, base_url, api_key, max_retries, timeout, **more):\n    return locals()\n"
    assert told(starts(code), params={"prompt": "a", "n": 2}).value == {
        "prompt": "a", "base_url": URL, "api_key": "sk-1", "max_retries": 2, "timeout": 5.0, "more": {"n": 2},
    }  # fmt: skip


def test_cannot_say_what_its_signature_does_not_take(starts: Starts) -> None:
    """The case is left out."""
    worker = starts("def generate(prompt, width): return {}")
    assert told(worker).cannot == "missing a required argument: 'width'"
    assert told(worker, params={"prompt": "a", "n": 1}).cannot


def test_finds_the_server_in_its_environment(starts: Starts) -> None:
    """Under the names that SDKs read."""
    code = """
import os
def generate(prompt):
    return {name: os.environ[name] for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE", "OPENAI_API_KEY")}
"""
    assert told(starts(code)).value == {"OPENAI_BASE_URL": URL, "OPENAI_API_BASE": URL, "OPENAI_API_KEY": "sk-1"}


def test_a_client_of_its_module_is_made_for_each_address(starts: Starts) -> None:
    """A module, and what it imports beside it, is imported anew where the address is another one."""
    starts("import os\nurl = os.environ['OPENAI_BASE_URL']\n", module="other.py")
    worker = starts(
        "import other\ncalls = []\ndef generate(prompt):\n    calls.append(1)\n"
        "    return {'url': other.url, 'n': len(calls)}\n"
    )
    addresses = ("http://127.0.0.1:1/v1", "http://127.0.0.1:1/v1", "http://127.0.0.1:2/v1")
    values = [told(worker, url=url).value for url in addresses]
    assert values == [{"url": url, "n": n} for url, n in zip(addresses, (1, 2, 1), strict=True)]


def test_calls_share_a_loop(starts: Starts) -> None:
    """A client that is kept may hold connections of it."""
    code = """
import asyncio
loops = set()
async def generate(prompt):
    loops.add(asyncio.get_running_loop())
    return {"loops": len(loops)}
"""
    worker = starts(code)
    assert [told(worker).value for _ in range(2)] == [{"loops": 1}] * 2


def test_what_it_prints_is_no_answer(starts: Starts) -> None:
    """As it is imported, and as it is called."""
    assert told(starts("print('hello')\ndef generate(prompt):\n    print('again')\n    return {}\n")).value == {}


def test_names_of_the_adapter_are_free(starts: Starts) -> None:
    """A user's module may be called as one of ours."""
    assert told(starts("def generate(prompt): return {'mine': True}", "loop:generate", "loop.py")).value == {
        "mine": True
    }


def test_tells_the_fields_of_an_error(starts: Starts) -> None:
    """As its own attributes name them, and no others."""
    code = """
class ImagesError(RuntimeError):
    status, code, param, type, request_id = 429, "slow_down", None, "requests", "req_1"
class TooFast(ImagesError): pass
def generate(prompt): raise TooFast("wait")
"""
    error = told(starts(code)).error
    assert error is not None
    assert (error.name, error.module, error.message) == ("TooFast", "mine", "wait")
    assert error.lineage == ("TooFast", "ImagesError", "RuntimeError", "Exception", "BaseException")
    assert (error.status, error.code, error.param, error.type, error.request_id) == (
        *(429, "slow_down", None, "requests", "req_1"),
    )


STATUSES = {
    "of its own": ("error.status = 429", 429),
    "of its response": ("error.response = types.SimpleNamespace(status_code=429)", 429),
    "none": ("error.status = '429'; error.code = 429", None),
}


@pytest.mark.parametrize(("told_by", "status"), STATUSES.values(), ids=STATUSES)
def test_finds_the_status_of_an_error(starts: Starts, told_by: str, status: int | None) -> None:
    """Where exceptions of Python's libraries have it."""
    code = f"import types\ndef generate(prompt):\n    error = RuntimeError()\n    {told_by}\n    raise error\n"
    error = told(starts(code)).error
    assert error is not None
    assert (error.status, error.code) == (status, None)


def test_says_more_of_itself_in_an_attribute(starts: Starts) -> None:
    """What no signature tells."""
    code = """
def generate(prompt): return [b"picture"]
generate.certify = {"returns": "pictures", "models": ["a"], "retries": False, "errors": "message", "version": "2"}
"""
    hello = starts(code).hello
    assert (hello.retries, hello.errors, hello.version) == (False, "message", "2")
    assert (hello.can["generate"].returns, hello.can["generate"].models) == ("pictures", frozenset({"a"}))


def test_tells_the_version_of_its_distribution(starts: Starts) -> None:
    """Or of its package, where that is in none."""
    assert starts("__version__ = '3'\ndef generate(prompt): return {}").hello.version == "3"


WRONG = {
    "no module": ("", "mnie:generate", "mnie:generate: there is no module 'mnie'; did you mean 'mine'? (sys.path: "),
    "no module in a package": ("", "json.decodr:x", "there is no module 'json.decodr'; did you mean 'decoder'?"),
    "not a package": ("", "mine.a:b", "there is no module 'mine.a'"),
    "no attribute": (
        "def generate(): pass",
        "mine:generates",
        "mine:generates: mine has no 'generates'; did you mean 'generate'?",
    ),
    "not callable": (
        "generate = 1",
        "mine:generate",
        "is of type int: neither callable nor something with generate, edit, vary",
    ),
    "its import fails": ("import nothing_of_this_name", "mine:generate", "No module named 'nothing_of_this_name'"),
    "it fails": ("1 / 0", "mine:generate", "ZeroDivisionError: division by zero"),
    "it says too much": (
        "def generate(): pass\ngenerate.certify = {'retrys': 1}",
        "mine:generate",
        "its `certify` says ['retrys']; known are ['errors', 'models', 'retries', 'returns', 'stream', 'version']",
    ),
}


@pytest.mark.parametrize(("code", "target", "said"), WRONG.values(), ids=WRONG)
def test_what_is_none_is_said(starts: Starts, code: str, target: str, said: str) -> None:
    """Before anything is asked, and nothing else."""
    with pytest.raises(WorkerError) as raised:
        _ = starts(code, target).hello
    assert str(raised.value).startswith(target)
    assert said in str(raised.value)
