"""A worker that keeps to the protocol is asked again and again; one that does not is never waited for."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mockserver.contract.certify.lines import Asked, Told
from mockserver.contract.certify.worker import TAIL, Crashed, Hung, Worker, WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mockserver.server import ServerThread

    Work = Callable[..., Worker]

HELLO = 'print(\'{"ready": 1, "client": "toy", "can": {"generate": {}}}\', flush=True)\n'
ANSWER = 'print(\'{"id": 7, "ok": true, "value": {}}\', flush=True)\n'
README = Path(__file__).parents[3] / "mockserver" / "contract" / "certify" / "README.md"


def test_a_worker_says_hello_and_answers(work: Work, asked: Asked) -> None:
    """One process answers one line after the other."""
    worker = work(f"{HELLO}for _ in range(2):\n    input()\n    {ANSWER}")
    assert worker.hello.client == "toy"
    for _ in range(2):
        told = worker.ask(asked, 30)
        assert isinstance(told, Told)
        assert told.ok


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        ("", "it ended with status 0 before it said hello"),
        ("import sys; sys.exit('no such module')", "no such module"),
        ("print('Loading...', flush=True); input()", 'not a line of JSON: "Loading..."'),
        ("import os; os.write(1, b'\\xff\\n'); input()", "not UTF-8"),
        ("import os\nwhile True: os.write(1, b'x' * 65536)", "longer than 64 MiB"),
    ],
    ids=["nothing", "a failed start", "garbage", "not UTF-8", "a flood"],
)
def test_a_worker_that_says_no_hello_is_refused(work: Work, program: str, sentence: str) -> None:
    """Whatever comes in the place of the hello, its author is told, and what stood on stderr."""
    with pytest.raises(WorkerError, match=re.escape(sentence)):
        _ = work(program).hello


def test_a_worker_that_cannot_begin_says_why(work: Work) -> None:
    """Its own sentence is enough."""
    with pytest.raises(WorkerError, match=r"^there is no client here$"):
        _ = work("import sys; print('there is no client here', file=sys.stderr); sys.exit(78)").hello


def test_a_silent_worker_is_not_waited_for(work: Work) -> None:
    """The hello has a deadline."""
    with pytest.raises(WorkerError, match=r"nothing was said within 0\.1 s"):
        _ = work("input()", start_deadline=0.1).hello


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("print('debug', flush=True)", 'the answer is not a line of JSON: "debug"'),
        ('print(\'{"id": 8, "ok": true, "value": {}}\', flush=True)', "the answer has the id 8, and 7 was asked"),
        ("import os\nwhile True: os.write(1, b'x' * 65536)", "longer than 64 MiB"),
        ("while True: print('x', flush=True)", "not a line of JSON"),
    ],
    ids=["garbage", "another id", "a flood without an end", "a flood of lines"],
)
def test_a_worker_that_breaks_the_protocol_is_ended(work: Work, asked: Asked, answer: str, sentence: str) -> None:
    """The certification ends with a sentence, not with a guess."""
    with pytest.raises(WorkerError, match=re.escape(sentence)):
        work(f"{HELLO}input()\n{answer}\ninput()").ask(asked, 30)


def test_a_program_that_is_not_there_is_told() -> None:
    """A misspelt command is an error of its author, not a traceback."""
    with pytest.raises(WorkerError, match="no-such-program cannot be started: No such file"):
        _ = Worker(["no-such-program"]).hello


def test_a_worker_that_is_late_is_killed_and_started_again(work: Work, asked: Asked, tmp_path: Path) -> None:
    """Its deadline passes once; the next question finds a new process."""
    late = f"import os, pathlib, time\np = pathlib.Path({str(tmp_path / 'pid')!r})\nfirst = not p.exists()\n"
    late += f"if first: p.write_text(str(os.getpid()))\n{HELLO}if first: time.sleep(600)\ninput()\n{ANSWER}input()"
    worker = work(late)
    assert worker.hello
    hung = worker.ask(asked, 0.3)
    assert isinstance(hung, Hung)
    assert hung.seconds == 0.3
    assert isinstance(worker.ask(asked, 30), Told)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_worker_that_does_not_read_is_late(work: Work, asked: Asked) -> None:
    """A call longer than a pipe does not block whoever asks."""
    long = Asked(7, "generate", asked.base_url, "sk", {"prompt": "x" * 1_000_000})
    assert isinstance(work(f"{HELLO}import time; time.sleep(600)").ask(long, 0.5), Hung)


def test_a_worker_that_ends_is_told_with_its_last_words(work: Work, asked: Asked) -> None:
    """Status and the end of stderr are kept, and no more of it than is shown."""
    program = f"import sys\n{HELLO}input()\nsys.stderr.write('x' * 100_000 + 'last words')\nsys.exit(3)"
    crashed = work(program).ask(asked, 30)
    assert isinstance(crashed, Crashed)
    assert crashed.status == 3
    assert crashed.stderr.endswith("last words")
    assert len(crashed.stderr) == TAIL


def test_children_of_a_worker_end_with_it(asked: Asked) -> None:
    """A child that holds the worker's pipes open delays nothing."""
    program = "import subprocess, sys\nc = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    program += f"print(c.pid, file=sys.stderr, flush=True)\n{HELLO}input()"
    with Worker([sys.executable, "-c", program]) as worker:
        crashed = worker.ask(asked, 30)
    assert isinstance(crashed, Crashed)
    assert crashed.status == 0
    assert crashed.stderr.strip().isdigit()


def test_the_environment_names_no_other_api(work: Work, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client finds its base URL in each line, and the server past any proxy."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-real")
    monkeypatch.setenv("NO_PROXY", "example.org")
    answer = "import json, os; e = {k: v for k, v in os.environ.items() if k.startswith('OPENAI') or k == 'NO_PROXY'}\n"
    told = work(f"{HELLO}input()\n{answer}print(json.dumps({{'id': 7, 'ok': True, 'value': e}}), flush=True)").ask(
        asked, 30
    )
    assert isinstance(told, Told)
    assert told.value == {"NO_PROXY": "example.org,127.0.0.1,localhost"}


def test_the_worker_of_the_readme_works(work: Work, server: ServerThread) -> None:
    """What README.md shows as a whole worker is one: it asks the server, and tells a refusal."""
    program = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)[0]
    worker = work(program)
    asked = {"model": "gpt-image-1", "prompt": "a fox", "quality": "low", "size": "1024x1024"}
    good = worker.ask(Asked(1, "generate", server.base_url, "sk", asked, timeout=60), 90)
    assert isinstance(good, Told)
    assert good.value
    assert good.value["data"][0]["b64_json"].startswith("iVBORw0K")
    bad = worker.ask(Asked(2, "generate", server.base_url, "sk", {**asked, "n": 11}, timeout=60), 90)
    assert isinstance(bad, Told)
    assert bad.error
    assert (bad.error.name, bad.error.status) == ("HTTPError", 400)
