"""Scripts: lines that say what goes wrong for whom, the same in a file, in JSON and in a method."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import tomllib
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mockserver import datafiles
from mockserver.lines import read_line, read_script
from mockserver.mock_server import MockServer
from mockserver.scenarios.positions import positions
from mockserver.scenarios.scenario import ScenarioError
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mockserver.images_api import ImagesApi

BODY = {"model": "gpt-image-1", "prompt": "a dot", "quality": "low", "size": "1024x1024"}
QUOTA = '[[line]]\nscenario = "quota"\n'

MISTAKES: dict[str, tuple[int, str, str]] = {
    "scenario": (2, '[[line]]\nscenario = "quotaa"\n', "no scenario 'quotaa': did you mean 'quota'?"),
    "no scenario": (1, "[[line]]\n", "one of scenario and steps must say what goes wrong"),
    "both": (1, QUOTA + "steps = []\n", "one of scenario and steps must say what goes wrong"),
    "scenario's kind": (2, "[[line]]\nscenario = 4\n", "scenario must name one"),
    "scenario's option": (2, '[[line]]\nscenario = "quota; tims=1"\n', "unknown option 'tims': did you mean 'times'?"),
    "key": (3, QUOTA + "mtach = {}\n", "unknown key 'mtach': did you mean 'match'?"),
    "option": (5, QUOTA + "options.after = 1\n\noptions.tims = 1\n", "unknown option 'tims': did you mean 'times'?"),
    "options' kind": (3, QUOTA + 'options = "x"\n', "options must be a table, such as { times = 1 }"),
    "option's value": (5, QUOTA + '[line.options]\nafter = 1\ntimes = "x"\n', "times must be a whole number from 1"),
    "option twice": (
        3,
        '[[line]]\nscenario = "quota; times=1"\noptions = { times = 2 }\n',
        "the option times is given twice",
    ),
    "match's kind": (3, QUOTA + "match = []\n", "match must be a table"),
    "match's key": (4, QUOTA + '[line.match]\nmodle = "x"\n', "unknown key of match 'modle': did you mean 'model'?"),
    "model": (3, QUOTA + "match.model = 1\n", 'model must be text, such as "gpt-image-1"'),
    "models": (5, QUOTA + 'match.model = [\n  "gpt-image-1",\n  1,\n]\n', "model must be text"),
    "prompt": (3, QUOTA + "match.prompt = 1\n", "prompt must be text that it holds"),
    "no prompts": (3, QUOTA + "match.prompt = []\n", "an empty list means no request"),
    "endpoint": (3, QUOTA + 'match.endpoint = "edit"\n', "unknown endpoint 'edit': did you mean 'edits'?"),
    "endpoints": (
        3,
        QUOTA + 'match.endpoint = ["edits", "image"]\n',
        "unknown endpoint 'image': it can be",
    ),
    "parameter": (
        6,
        QUOTA + '[line.match.parameters]\n# comment = 1\nsize = "1"\nqualty = "low"\n',
        "unknown parameter 'qualty': did you mean 'quality'?",
    ),
    "parameters' kind": (3, QUOTA + 'match.parameters = "n"\n', "parameters must be a table"),
    "parameter's kind": (3, QUOTA + "match.parameters.n = {}\n", "n must be text, a number, true, false, or a list"),
    "not finite": (3, QUOTA + "match.parameters.n = 1e400\n", "n must be text, a number, true, false, or a list"),
    "comparison": (3, QUOTA + 'match.parameters.n = ">=two"\n', "'>=two' is no comparison of numbers, such as >=2"),
    "expression": (3, QUOTA + 'match.prompt = "/(/"\n', "is no regular expression: missing )"),
    "slow expression": (3, QUOTA + 'match.prompt = "/(a+)+$/"\n', "may take too long on a hostile text: bound"),
    "expression of two lines": (3, QUOTA + "match.prompt = '''/a\n(/'''\n", "/a\\n(/ is no regular expression"),
    "long expression": (3, QUOTA + f'match.prompt = "/{"a" * 500}/"\n', "a pattern has 500 characters at most"),
    "call": (3, QUOTA + "match.call = 0\n", "call must be a whole number from 1, a range"),
    "call's kind": (3, QUOTA + "match.call = true\n", "call must be a whole number"),
    "no calls": (3, QUOTA + "match.call = []\n", "call must be a whole number"),
    "calls": (4, QUOTA + 'match.call = [1,\n"x-"]\n', "call must be a whole number"),
    "empty range": (3, QUOTA + 'match.call = "5-2"\n', "call 5-2 is an empty range"),
    "steps' kind": (2, '[[line]]\nsteps = "quota"\n', "steps must be a list, such as"),
    "no steps": (2, "[[line]]\nsteps = []\n", "steps must be a list, such as"),
    "step": (
        4,
        '[[line]]\nsteps = [\n  "quota", # fine\n  "resetting",\n]\n',
        "no scenario 'resetting': did you mean 'reset'?",
    ),
    "step's kind": (2, "[[line]]\nsteps = [1]\n", "a step is the name of a scenario, a list of faults, or []"),
    "step's options": (2, '[[line]]\nsteps = ["quota; times=1"]\n', "a step names a scenario alone: times=1 belongs"),
    "fault": (3, '[[line]]\nsteps = [[],\n[{ fault = "dely" }]]\n', "unknown fault 'dely': did you mean 'delay'?"),
    "fault's setting": (
        4,
        '[[line]]\nsteps = [\n  [{ fault = "delay", seconds = 1 },\n   { fault = "trickle", bytes_per_sec = 1 }]]\n',
        "unknown setting of trickle 'bytes_per_sec': did you mean 'bytes_per_second'?",
    ),
    "bare fault": (2, '[[line]]\nsteps = [{ faulty = "reset" }]\n', "a fault is a table such as"),
    "repeat": (3, '[[line]]\nsteps = ["quota"]\nrepeat = "always"\n', "repeat must be how often the steps are played"),
    "repeat's kind": (3, '[[line]]\nsteps = ["quota"]\nrepeat = true\n', "repeat must be how often"),
    "repeat alone": (3, QUOTA + "repeat = 2\n", "repeat belongs to steps"),
}


@pytest.fixture(scope="module")
def api() -> Iterator[MockServer]:
    """A server that several tests share, each in a space of its own."""
    with MockServer() as running:
        yield running


@pytest.mark.parametrize(("line", "text", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_the_same_through_every_door(
    api: MockServer, tmp_path: Path, line: int, text: str, said: str
) -> None:
    """With file and line where there are any, and nothing is added."""
    script = tmp_path / "script.toml"
    script.write_text(QUOTA + "# a good line, and then another\n\n" + text)
    with pytest.raises(ScenarioError) as told:
        read_script(script)
    place, _, message = str(told.value).partition(": ")
    assert (place, said in message) == (f"{script}:{line + 4}", True), told.value
    table = tomllib.loads(text)["line"][0]
    with api.space() as space:
        scripts = f"{api.url}/_mock/scripts?space={space.name}"
        reply = httpx.post(scripts, content=json.dumps(table))  # not JSON where a number is infinite: Python reads it
        assert (reply.status_code, reply.json()) == (400, {"error": message})
        with pytest.raises(ScenarioError) as raised:
            space.fail(**table)
        assert str(raised.value) == message
        assert httpx.get(scripts).json() == {"scripts": []}


FILES: dict[str, tuple[bytes, str]] = {
    "not TOML": (b"\n\n[[line\n", ":3: not TOML: "),
    "a value": (QUOTA.encode() + b"match = { model = gpt }\n", ":3: not TOML: Invalid value"),
    "the end": (b"[[line]]\nsteps = [", ":2: not TOML: "),
    "not UTF-8": (QUOTA.encode() + b"# \xff\n", ":3: not UTF-8: the byte 0xff begins no character"),
    "table": (b"\n[[lines]]\n", ":2: unknown table 'lines': did you mean 'line'?"),
    "line's kind": (b"line = 5\n", ":1: line must be tables, each headed [[line]]"),
    "lines' kind": (b'# none\nline = ["quota"]\n', ":2: line must be tables, each headed [[line]]"),
    "deep": (b"line = " + b"[" * 5000, ": not TOML that can be read: "),
    "digits": (b"line = " + b"1" * 5000, ": not TOML that can be read: "),
}


@pytest.mark.parametrize(("content", "said"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_script_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    """With the line, where there is one."""
    script = tmp_path / "script.toml"
    script.write_bytes(content)
    with pytest.raises(ScenarioError) as told:
        read_script(script)
    assert str(told.value).startswith(f"{script}{said}")


@pytest.mark.parametrize(
    ("content", "said"),
    [('[[line]]\nscenario = "nope"\n', "script.toml:2: no scenario 'nope'"), (None, "script.toml: No such file")],
)
def test_a_server_with_a_wrong_script_does_not_start(tmp_path: Path, content: str | None, said: str) -> None:
    """It says why in one line, with status 2."""
    if content is not None:
        (tmp_path / "script.toml").write_text(content)
    command = [sys.executable, "-m", "mockserver", "--port", "0", "--script", "script.toml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False)  # noqa: S603 - a fixed command
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"mockserver: {said}")
    assert len(done.stderr.splitlines()) == 1


def paths(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Give where everything lies in a parsed file."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, member in members:
        yield (*path, step)
        yield from paths(member, (*path, step))


CATALOGUE = sorted(datafiles.path("fixtures", "scenarios").glob("*.toml"))
ODD = r'''# [t]
"a \"b\" \u00e9" . 'c.d' = [ # [ not an array
  { x = "]", y = """
}\"""" }, [[]], "#", """\
  "quoted" """"", 1979-05-27T07:32:00Z,
  0x1F]
[t.u]
v.w = {}
[[t.z]]
[[t.z]]
k = 1
[t.z.sub]
l = true
'''


@pytest.mark.parametrize(
    "text", [ODD, *(file.read_text() for file in CATALOGUE)], ids=["odd", *(file.name for file in CATALOGUE)]
)
def test_everything_in_a_file_has_its_line(text: str) -> None:
    """As the standard parser reads it."""
    lines, written = positions(text), text.split("\n")
    for path in paths(tomllib.loads(text)):
        name = path[-1]
        assert path in lines
        assert not isinstance(name, str) or not name.isidentifier() or name in written[lines[path] - 1]


def test_lines_are_told_in_odd_files() -> None:
    """Quoted and dotted keys, strings of several lines, members of arrays, tables of arrays."""
    key = ('a "b" é', "c.d")
    expected = {key: 2, (*key, 0, "y"): 3, (*key, 1, 0): 4, (*key, 3): 4, (*key, 4): 5, (*key, 5): 6}
    expected |= {("t", "u", "v", "w"): 8, ("t", "z", 0): 9, ("t", "z", 1): 10, ("t", "z", 1, "sub", "l"): 13}
    lines = positions(ODD)
    assert {path: lines.get(path) for path in expected} == expected


CLIENT = httpx.Client()


@pytest.fixture(scope="module", autouse=True)
def _client() -> Iterator[None]:
    """Close it at the end; one for each request takes a hundred times as long as the request."""
    yield
    CLIENT.close()


def ask(api: ImagesApi, headers: dict[str, str] | None = None, **parameters: object) -> httpx.Response:
    """Ask for a picture; a parameter that is None is left out."""
    body = {name: value for name, value in {**BODY, **parameters}.items() if value is not None}
    sent = {"authorization": "Bearer sk-test", **(headers or {})}
    return CLIENT.post(f"{api.base_url}/images/generations", json=body, headers=sent, timeout=20)


FITS: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    ({}, {}, True),
    ({"endpoint": "generations"}, {}, True),
    ({"endpoint": "*"}, {}, True),
    ({"endpoint": ["edits", "variations"]}, {}, False),
    ({"model": "gpt-image-1"}, {}, True),
    ({"model": "gpt-image"}, {}, False),
    ({"model": "/^gpt-image/"}, {}, True),
    ({"model": ["dall-e-2", "dall-e-3"]}, {}, False),
    ({"model": "(absent)"}, {"model": None}, True),
    ({"prompt": "dot"}, {}, True),
    ({"prompt": "d.t"}, {}, False),
    ({"prompt": "/^a d.t$/"}, {}, True),
    ({"prompt": "/(?i)DOT/"}, {}, True),
    ({"prompt": "/square|circle/"}, {}, False),
    ({"prompt": ["square", "/dot$/"]}, {}, True),
    ({"prompt": "/a.*dot/"}, {"prompt": "a\nred\ndot"}, True),
    ({"parameters": {"quality": "low", "size": "1024x1024"}}, {}, True),
    ({"parameters": {"quality": "low", "size": "auto"}}, {}, False),
    ({"parameters": {"size": "/^1024x/"}}, {}, True),
    ({"parameters": {"size": ["auto", "1024x1024"]}}, {}, True),
    ({"parameters": {"user": "(absent)"}}, {}, True),
    ({"parameters": {"user": "(absent)"}}, {"user": "me"}, False),
    ({"parameters": {"user": "(absent)"}}, {"user": None}, True),
    ({"parameters": {"n": 2}}, {"n": 2}, True),
    ({"parameters": {"n": "2"}}, {"n": 2}, True),
    ({"parameters": {"n": ">=2"}}, {"n": 2}, True),
    ({"parameters": {"n": ">2"}}, {"n": 2}, False),
    ({"parameters": {"n": "!= 1"}}, {"n": 2}, True),
    ({"parameters": {"n": "!=1"}}, {}, False),
    ({"parameters": {"n": 1}}, {"n": "one"}, False),
    ({"parameters": {"stream": True}}, {"stream": True}, True),
    ({"parameters": {"stream": True}}, {}, False),
    ({"parameters": {"user": "/^test-/"}}, {"user": "test-7"}, True),
    ({"parameters": {"user": "/^\\[/"}}, {"user": [1]}, True),
]


@pytest.mark.parametrize(("match", "parameters", "fits"), FITS, ids=str)
def test_a_match_means_requests_by_what_they_ask(
    api: MockServer, match: dict[str, Any], parameters: dict[str, Any], fits: bool
) -> None:
    """The others are answered as ever."""
    with api.space() as space:
        space.fail("503-overloaded", match=match)
        assert (ask(space, **parameters).status_code == 503) is fits


def test_a_form_is_matched_like_json(api: MockServer) -> None:
    """Its numbers and truth values are text, its files are there or absent."""
    with api.space() as space:
        match = {"endpoint": "edits", "parameters": {"n": 2, "stream": False, "mask": "(absent)", "image": "(file)"}}
        space.fail("503-overloaded", match=match)

        def edit(*names: str) -> int:
            files = dict.fromkeys(names, ("a.png", b"not looked at", "image/png"))
            sent = {**BODY, "n": "2", "stream": "false"}
            reply = httpx.post(f"{space.base_url}/images/edits", data=sent, files=files, headers=KEY)
            return reply.status_code

        assert (edit("image"), edit("image", "mask")) == (503, 400)


KEY = {"authorization": "Bearer sk-test"}


@pytest.mark.parametrize(
    ("call", "failed"),
    [(3, [3]), ("3", [3]), ([1, 4], [1, 4]), ("2-3", [2, 3]), ("4-", [4, 5, 6]), ([1, "5-"], [1, 5, 6])],
    ids=str,
)
def test_a_line_is_for_the_nth_call_that_it_fits(api: MockServer, call: object, failed: list[int]) -> None:
    """Counted in its space, whatever the requests are, and whoever else plays for them."""
    with api.space() as space:
        space.fail("503-overloaded", match={"prompt": "dot", "call": call})
        found = []
        for number in range(1, 7):
            assert ask(space, prompt="a square").status_code == 200
            if ask(space, prompt=f"dot {number}").status_code == 503:
                found.append(number)
        assert found == failed


def test_calls_are_counted_whoever_plays(api: MockServer) -> None:
    """So that two lines may share them out, and a header may stand between."""
    with api.space() as space:
        space.fail("503-overloaded", match={"call": 1})
        space.fail("quota", match={"call": "3-"})
        replies = [ask(space, {"x-mock-scenario": "moderation"} if number == 3 else {}) for number in range(5)]
        assert [reply.status_code for reply in replies] == [503, 200, 429, 400, 429]


STEPS: list[tuple[dict[str, Any], list[int]]] = [
    ({"steps": ["503-overloaded", "quota"]}, [503, 429, 200, 200, 200]),
    ({"steps": ["503-overloaded", [], "quota"]}, [503, 200, 429, 200, 200]),
    ({"steps": ["503-overloaded", "quota"], "repeat": 2}, [503, 429, 503, 429, 200]),
    ({"steps": ["503-overloaded", []], "repeat": "forever"}, [503, 200, 503, 200, 503]),
    ({"steps": ["503-overloaded", "quota"], "repeat": "last"}, [503, 429, 429, 429, 429]),
    ({"steps": ["503-overloaded", "quota"], "options": {"after": 1}}, [200, 503, 429, 200, 200]),
    ({"steps": ["503-overloaded", "quota"], "options": {"times": 1}}, [503, 200, 200, 200, 200]),
    ({"steps": ["503-overloaded", "quota"], "options": {"every": 2}}, [200, 503, 200, 429, 200]),
    ({"steps": [{"fault": "refuse", "status": 418, "body": "tea"}]}, [418, 200, 200, 200, 200]),
    (
        {"steps": [[{"fault": "delay", "seconds": 0.01}, {"fault": "refuse", "status": 418, "body": "tea"}], []]},
        [418, 200, 200, 200, 200],
    ),
    ({"steps": ["flaky-503", "quota"]}, [503, 503, 200, 429, 200]),
]


@pytest.mark.parametrize(("line", "statuses"), STEPS, ids=str)
def test_steps_follow_the_attempts_of_a_request(api: MockServer, line: dict[str, Any], statuses: list[int]) -> None:
    """One after the other, and another request begins anew."""
    with api.space() as space:
        space.fail(**line)
        assert [ask(space).status_code for _ in statuses] == statuses
        assert ask(space, prompt="another").status_code == statuses[0]


def test_lines_are_tried_in_their_order(api: MockServer) -> None:
    """The first that fits and whose turn it is plays; the attempts that it takes are not seen by those behind."""
    with api.space() as space:
        space.fail_next("503-overloaded", times=2)
        space.fail_next("quota")
        assert [ask(space).status_code for _ in range(4)] == [503, 503, 429, 200]


def test_whoever_has_had_their_turn_leaves_it_to_the_next_door(api: MockServer) -> None:
    """Header, key, script, prompt."""
    with api.space() as space:
        space.fail_next("quota")
        headers = {"x-mock-scenario": "503-overloaded; times=1", "authorization": "Bearer sk-mock-408;times=1"}
        found = [ask(space, headers, prompt="a dot [mock:moderation times=1]").status_code for _ in range(5)]
        assert found == [503, 408, 429, 400, 200]
        assert [entry["played"][0]["door"] for entry in space.requests[:4]] == ["header", "key", "script/1", "prompt"]


def test_a_success_that_was_asked_for_is_one(api: MockServer) -> None:
    """An empty step is a turn like any other: the doors behind it wait."""
    with api.space() as space:
        space.fail(steps=[[]])
        assert ask(space, prompt="a dot [mock:quota]").status_code == 200


def test_chance_is_journalled_with_its_seed(api: MockServer) -> None:
    """And the same seed fails the same requests in another space."""
    options = {"probability": 0.5, "seed": 7}
    found = []
    for _ in "ab":
        with api.space() as space:
            space.fail("503-overloaded", options=options)
            found.append([ask(space, prompt=f"dot {number}").status_code for number in range(24)])
            failed = [entry for entry in space.requests if entry["status"] == 503]
            assert {entry["seed"] for entry in failed} == {7}
            assert {entry["played"][0]["seed"] for entry in failed} == {7}
    assert found[0] == found[1]
    assert 4 < found[0].count(503) < 20


def test_faults_of_ones_own_are_journalled_by_name(api: MockServer) -> None:
    """They belong to no scenario."""
    with api.space() as space:
        space.fail(steps=[[{"fault": "delay", "seconds": 0}, {"fault": "headers", "set": {"x-a": "b"}}]])
        assert ask(space).headers["x-a"] == "b"
        told = {"faults": ["delay", "headers"], "door": "script/1", "attempt": 1, "seed": 0}
        assert space.requests[0]["played"] == [told]


HOSTILE = ["/[a-z]+x/", "/a.*b.*c.*d/", "/(a|b|c).*d/", "/(?:a?){2}[ab]*c/", "/\\ba+c/"]


@pytest.mark.parametrize("expression", HOSTILE)
def test_a_hostile_prompt_does_not_hang_the_server(expression: str) -> None:
    """An expression sees the beginning of a text only, and its worst case is bounded."""
    line = read_line({"scenario": "quota", "match": {"prompt": expression}})
    texts = ["a" * 10_000_000, "ab" * 1_000_000, "a " * 1_000_000]
    began = time.process_time()
    assert not any(line.match.fits("generations", {"prompt": text}) for text in texts)
    assert time.process_time() - began < 3  # it takes a tenth of this on a slow machine


def test_the_lines_of_a_space_are_told(api: MockServer) -> None:
    """As they were asked for, and one can be taken out."""
    with api.space() as space:
        scripts = f"{api.url}/_mock/scripts?space={space.name}"
        line = {"steps": ["quota", []], "repeat": 2, "match": {"prompt": "\ud800", "call": "2-"}}
        added = httpx.post(scripts, content=json.dumps(line)).json()
        assert added == {"number": 1, "scenario": "429-insufficient-quota, success"}
        shown = {**line, "match": {"prompt": "\ufffd", "call": "2-"}}
        assert httpx.get(scripts).json() == {"scripts": [{"number": 1, **shown}]}
        assert httpx.delete(f"{api.url}/_mock/scripts/1?space={space.name}").json() == {"removed": 1}
        assert httpx.delete(f"{api.url}/_mock/scripts/1?space={space.name}").status_code == 404


def test_a_script_file_plays_in_every_space(tmp_path: Path) -> None:
    """Read once, at the start, and counted in each space by itself."""
    script = tmp_path / "script.toml"
    script.write_text('[[line]]\nscenario = "quota; times=1"\nmatch = { endpoint = "generations" }\n')
    with MockServer(Settings(script=str(script))) as server:
        script.unlink()
        for name in ("blue", "red"):
            assert [ask(server.space(name)).status_code for _ in range(2)] == [429, 200]


def test_the_script_of_the_readme_does_what_it_says(tmp_path: Path) -> None:
    """As the command writes it: by name, by match, in steps, by call, by chance."""
    command = [sys.executable, "-m", "mockserver", "scenarios", "script"]
    script = tmp_path / "script.toml"
    script.write_bytes(subprocess.run(command, capture_output=True, timeout=30, check=True).stdout)  # noqa: S603 - a fixed command
    with MockServer(Settings(script=str(script))) as api:
        assert [ask(api, model="dall-e-3", quality=None).status_code for _ in range(2)] == [429, 200]
        assert [ask(api, prompt="a gun", n=number).status_code for number in (2, 1)] == [400, 200]
        assert [ask(api, prompt="slow").status_code for _ in range(7)] == [503, 200, 200, 503, 200, 200, 200]
        assert [entry["played"][0].get("faults") for entry in api.requests[6:7]] == [["delay", "trickle"]]
        assert [is_reset(api, f"owl {number}") for number in range(6)] == [False, False, True, False, True, True]
        lucky = [ask(api, prompt="luck").status_code for _ in range(40)]
        assert 2 < lucky.count(500) < 16


def is_reset(api: ImagesApi, prompt: str) -> bool:
    """Return whether the connection is reset under a request."""
    try:
        return ask(api, prompt=prompt).status_code != 200
    except httpx.TransportError:
        return True


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/openai/deployments/mine/images/generations?api-version=2025-04-01-preview", {"prompt": "a dot"}),
        ("/openai/v1/images/generations", {"prompt": "a dot", "model": "mine"}),
    ],
    ids=["deployment", "v1"],
)
def test_azure_comes_through_the_same_doors(path: str, body: dict[str, str]) -> None:
    """Its key may name a scenario, a deployment is matched by its model, and its keys are counted apart."""
    with MockServer(Settings(deployments=(("mine", "gpt-image-1"),))) as api:

        def asked(key: str) -> int:
            return CLIENT.post(f"{api.url}{path}", json=body, headers={"api-key": key}, timeout=20).status_code

        assert [asked("sk-mock-503-overloaded;times=1") for _ in range(2)] == [503, 200]
        api.fail_next("quota", match={"model": "gpt-image-1"})
        assert [asked("a"), asked("b"), asked("a")] == [429, 429, 200]


@pytest.mark.parametrize(
    "model", ["\ud800", "\u65e5", "a\r\nb: c", "\0", "x" * 100_000], ids=["half", "other", "line", "null", "long"]
)
def test_what_a_client_sends_breaks_no_reply_that_tells_it_again(api: MockServer, model: str) -> None:
    """Half characters in a body, whatever in a header."""
    faults = [
        {"fault": "headers", "set": {"x-model": "{model}"}},
        {"fault": "refuse", "status": 418, "body": "{model}"},
    ]
    with api.space() as space:
        space.fail(steps=[faults])
        sent = json.dumps({**BODY, "model": model})
        reply = CLIENT.post(f"{space.base_url}/images/generations", content=sent, headers={**KEY, **JSON})
        assert reply.status_code == 418
        assert len(reply.headers["x-model"]) <= 8000


JSON = {"content-type": "application/json"}


def test_half_a_character_cannot_be_asked_for(api: MockServer) -> None:
    """Which JSON can say, and no reply."""
    line = '{"steps": [[{"fault": "comments", "text": "\\ud800"}]]}'
    reply = CLIENT.post(f"{api.url}/_mock/scripts", content=line)
    assert (reply.status_code, "half a character" in reply.text) == (400, True)
