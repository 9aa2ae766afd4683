"""Scenarios: found by name, asked for in one spelling, read strictly."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

import pytest

from mockserver import datafiles
from mockserver.faults.delay import Delay
from mockserver.faults.places import METERS, Place
from mockserver.faults.reset import Reset
from mockserver.faults.scene import FAMILIES, WORDS
from mockserver.faults.table import FAULTS
from mockserver.scenarios import play
from mockserver.scenarios.catalogue import find, index, scenarios
from mockserver.scenarios.load import load, read, read_clients
from mockserver.scenarios.options import Options, read_options
from mockserver.scenarios.play import Act, Count, Play
from mockserver.scenarios.scenario import Scenario, ScenarioError

if TYPE_CHECKING:
    from pathlib import Path

CLIENTS = read_clients(datafiles.path("fixtures", "scenarios", "clients.toml"))
GOOD = """
[[scenario]]
id = "mine"
about = "a reset"
source = ["me"]
confidence = "assumed"
client = { error = "connection" }
steps = [[{ fault = "delay", seconds = 1 }, { fault = "reset", at = "events 2" }], []]
"""
REFUSE = GOOD.replace(
    GOOD[GOOD.index("steps") :],
    '\n[scenario.refuse]\nstatus = 429\nbody = "{}"\nheaders = { "retry-after" = "1" }\n',
)


def one(text: str) -> Scenario:
    """Return the first scenario of a text."""
    return next(read("some.toml", text.encode(), CLIENTS))


def test_every_scenario_of_the_catalogue_is_read() -> None:
    """Each says in one line what it is, where it was seen, and what a client does."""
    assert len(scenarios()) > 150
    for each in scenarios():
        assert re.fullmatch(r"[a-z0-9-]+", each.id)
        assert each.seen.sources, each.id
        assert each.client.advice.endswith("."), each.id
        assert "\n" not in each.about
        assert len(each.about) < 130


@pytest.mark.parametrize("name", ["rate_limit", "quota", "billing", "moderation", "timeout", "reset", "overloaded"])
def test_common_failures_have_short_names(name: str) -> None:
    """Also with a hyphen and in capitals."""
    assert find(name) is find(name.upper().replace("_", "-"))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("429-gpt-imge-ipm", "did you mean '429-gpt-image-ipm'?"),
        ("rate_limt", "did you mean 'rate_limit'?"),
        ("xyzzy", "`mockserver scenarios` lists them"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(name: str, told: str) -> None:
    """Or with where to look."""
    with pytest.raises(ScenarioError, match=re.escape(told)):
        find(name)


def test_no_two_scenarios_share_a_name() -> None:
    """An alias may not be another's id."""
    mine = one(GOOD)
    with pytest.raises(ScenarioError, match="'mine' is the name of mine and of mine"):
        index([mine, mine])


@pytest.mark.parametrize(
    ("spelling", "options"),
    [
        ("429-gpt-image-ipm", Options()),
        ("  rate_limit  ", Options()),
        ("429-gpt-image-ipm; times=1", Options(times=1)),
        ("429-gpt-image-ipm;times=1;after=2", Options(times=1, after=2)),
        ("429-gpt-image-ipm times=2, every=3", Options(times=2, every=3)),
        ("[mock:429-gpt-image-ipm delay=0.5]", Options(delay=0.5)),
        ("sk-mock-429-gpt-image-ipm", Options()),
        ("sk-mock-429-gpt-image-ipm;probability=0.2;seed=7", Options(probability=0.2, seed=7)),
    ],
)
def test_every_door_reads_the_same_spelling(spelling: str, options: Options) -> None:
    """A header, a prompt's tag, a key."""
    assert play.read(spelling) == Play.of(find("429-gpt-image-ipm"), options)


@pytest.mark.parametrize(
    ("spelling", "told"),
    [
        ("", "no scenario is named"),
        ("[mock:]", "no scenario is named"),
        ("nope-nope-nope", "no scenario 'nope-nope-nope'"),
        ("reset; tims=1", "unknown option 'tims': did you mean 'times'?"),
        ("reset; xyz=1", "unknown option 'xyz': it can be after, delay"),
        ("reset; times", "times: times must be a whole number from 1, such as times=2"),
        ("reset; times=0", "times=0: times must be"),
        ("reset; times=two", "times=two: times must be"),
        ("reset; delay=-1", "delay must be seconds, from 0 to a day"),
        ("reset; delay=nan", "delay must be"),
        ("reset; probability=2", "probability must be a number from 0 to 1"),
        ("reset; times=1 times=2", "the option times is given twice"),
    ],
)
def test_a_spelling_that_makes_no_sense_is_explained(spelling: str, told: str) -> None:
    """In one sentence."""
    with pytest.raises(ScenarioError, match=re.escape(told)):
        play.read(spelling)


def test_a_tag_is_found_in_a_prompt_and_a_key_by_its_beginning() -> None:
    """Other prompts and keys ask for nothing."""
    asked = play.in_prompt("a fox [mock:reset times=1] in the snow")
    assert asked == Play.of(find("reset"), Options(times=1))
    assert play.in_prompt("a [mock] fox") is None
    assert play.in_key("sk-mock-reset") == Play.of(find("reset"))
    assert play.in_key("sk-mock") is None
    assert read_options({"times": 2, "probability": 0.5}) == Options(times=2, probability=0.5)


@pytest.mark.parametrize(
    ("options", "attempts"),
    [
        (Options(), [1, 2, 3, 4, 5, 6]),
        (Options(times=1), [1]),
        (Options(after=2), [3, 4, 5, 6]),
        (Options(every=3), [3, 6]),
        (Options(after=1, every=2, times=2), [3, 5]),
        (Options(probability=0), []),
    ],
)
def test_a_scenario_plays_at_its_attempts(options: Options, attempts: list[int]) -> None:
    """Counted from 1."""
    assert played(options, 6) == attempts


def played(options: Options, attempts: int, request: str = "", seed: int = 0) -> list[int]:
    """Return at which attempts of a request a reset plays."""
    asked, count = Play.of(find("reset"), options), Count()
    return [attempt for attempt in range(1, attempts + 1) if asked.act(count, request, seed)]


def test_chance_follows_the_seed() -> None:
    """The same seed, the same attempts; a seed of its own wins; times counts what was played."""
    fifth = Options(probability=0.2)
    assert played(fifth, 1000, seed=1) == played(fifth, 1000, seed=1)
    assert played(fifth, 1000, seed=1) != played(fifth, 1000, seed=2)
    assert 150 < len(played(fifth, 1000)) < 250
    assert played(Options(probability=0.2, seed=7), 1000, seed=1) == played(fifth, 1000, seed=7)
    assert played(Options(probability=0.2, times=3), 1000) == played(fifth, 1000)[:3]


def test_each_request_draws_its_own_luck() -> None:
    """A fifth of many requests fails at its first attempt, not all or none."""
    first = [played(Options(probability=0.2), 1, str(number)) for number in range(1000)]
    assert 150 < sum(map(len, first)) < 250


def test_the_acts_of_a_scenario_follow_its_steps() -> None:
    """One for each time it plays, the last repeated; a delay comes before whatever goes wrong."""
    asked, count = Play.of(one(GOOD), Options(after=1, delay=0.5)), Count()
    acts = [asked.act(count) for _ in range(4)]
    assert acts[0] is None
    faults = [act.faults for act in acts if act]
    assert faults == [(Delay(0.5), Delay(1.0), Reset(Place("events", 2))), (Delay(0.5),), (Delay(0.5),)]


@pytest.mark.parametrize(
    ("rounds", "lasting", "expected"),
    [(1, 0, "ab...."), (2, 0, "abab.."), (1, 2, "ababab"), (1, 1, "abbbbb"), (2, 1, "ababbb")],
)
def test_acts_are_played_in_rounds(rounds: int, lasting: int, expected: str) -> None:
    """And the last of them for ever, where they last."""
    names = {"a": find("reset"), "b": find("quota")}
    acts = tuple(Act(scenario, scenario.steps[0]) for scenario in names.values())
    asked, count = Play(acts, rounds=rounds, lasting=lasting), Count()
    found = [asked.act(count) for _ in expected]
    assert [act and act.scenario for act in found] == [names.get(letter) for letter in expected]


def test_a_scenario_knows_where_it_happens() -> None:
    """By endpoint, kind of reply and model."""
    assert find("stream-stall").happens("generations", streams=True)
    assert not find("stream-stall").happens("generations")
    assert not find("404-get-model").happens("generations")
    assert find("reset").happens("pictures")
    assert find("429-dalle-ipm").suits("dall-e-3")
    assert not find("429-dalle-ipm").suits("gpt-image-1")
    assert find("429-dalle-ipm").suits(None)


def test_a_reply_has_a_short_form() -> None:
    """`refuse` stands for one step with one reply."""
    told = one(REFUSE)
    assert told.steps[0][0].reply is not None  # type: ignore[attr-defined]  # it is a Refuse
    assert told.client.attempts == 3


BROKEN: dict[str, tuple[str, str]] = {
    "not TOML": ("[[scenario", "some.toml:1: not TOML: Expected ']]'"),
    "unknown table": ("[[scenaro]]", "some.toml:1: unknown table 'scenaro': did you mean 'scenario'?"),
    "no id": ("[[scenario]]\nabout = 'x'", "some.toml:1: a scenario has no id"),
    "unknown key": (GOOD + "aboutt = 'x'", "some.toml:9: mine: unknown key 'aboutt': did you mean 'about'?"),
    "missing": (GOOD.replace('about = "a reset"', ""), "some.toml:2: mine: about is missing"),
    "wrong kind": (GOOD.replace('"a reset"', "3"), "some.toml:4: mine: about is 3: it must be a string"),
    "both": (GOOD + "refuse = { status = 400 }", "one of refuse and steps must say what goes wrong"),
    "endpoint": (GOOD + 'endpoints = ["edit"]', "some.toml:9: mine: unknown endpoint 'edit': did you mean 'edits'?"),
    "confidence": (GOOD.replace("assumed", "assumd"), "some.toml:6: mine: unknown confidence 'assumd': did you mean"),
    "no steps": (GOOD.replace("[[{", "[{").replace("}], []]", "}]"), "steps must be a list of lists of faults"),
    "no fault": (GOOD.replace('fault = "delay"', "x = 1"), "a fault is a table such as"),
    "unknown fault": (
        GOOD.replace('"delay"', '"dely"'),
        "some.toml:8: mine: unknown fault 'dely': did you mean 'delay'",
    ),
    "unknown setting": (
        GOOD.replace("seconds", "second"),
        "unknown setting of delay 'second': did you mean 'seconds'?",
    ),
    "setting missing": (GOOD.replace(", seconds = 1", ""), "some.toml:8: mine: delay needs seconds"),
    "setting's kind": (GOOD.replace("seconds = 1", "seconds = true"), "delay.seconds: True must be a whole number"),
    "place": (GOOD.replace("events 2", "evnt 2"), "reset.at: 'evnt 2' is no place: write start, head, body"),
    "fault's own": (GOOD.replace('"reset", at = "events 2"', '"cut", at = "start"'), "cut: a cut is inside something"),
    "client's key": (GOOD.replace("error =", "errer ="), "unknown key of client 'errer': did you mean 'error'?"),
    "client's error": (GOOD.replace('"connection" }', '"connekt" }'), "unknown error 'connekt': did you mean"),
    "client's kind": (GOOD.replace('" }\nsteps', '", attempts = "3" }\nsteps'), "client.attempts is '3', which is of"),
    "client empty": (GOOD.replace('error = "connection"', ""), "client.error is missing"),
    "headers": (REFUSE.replace('= "1"', "= 1"), "refuse.headers: 1 must be a string"),
    "header's name": (REFUSE.replace('"retry-after"', '"retry after"'), "'retry after' cannot be the name of a header"),
    "header's value": (REFUSE.replace('"1"', '"a\\nb"'), "cannot stand in the head of a reply"),
    "status": (REFUSE.replace("429", "42"), "refuse: status is 42: a reply has one from 200 to 999"),
    "below zero": (GOOD.replace("seconds = 1", "seconds = -1"), "delay.seconds: -1 must be a number from 0"),
    "not a number": (GOOD.replace("seconds = 1", "seconds = nan"), "delay.seconds: nan must be a number from 0"),
    "too much": (
        GOOD.replace("delay", "wrong-length").replace("seconds = 1", "by = 1_000_000_000_000"),
        "up to 1000000000",
    ),
    "too long ago": (GOOD.replace("delay", "expired-links").replace("seconds = 1", "hours = 1e6"), "hours are 1e+06"),
    "family": (REFUSE + 'family = "nobody"', "refuse: family is 'nobody': it can be api"),
}


@pytest.mark.parametrize(("text", "told"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_is_said_with_its_place(text: str, told: str) -> None:
    """File and line, and the nearest right spelling."""
    with pytest.raises(ScenarioError, match=re.escape(told)):
        one(text)


def test_every_kind_of_setting_is_read() -> None:
    """Numbers, lists, tables, truth values."""
    steps = """steps = [[
      { fault = "split", sizes = [1, 2], pause = 0.5 },
      { fault = "headers", set = { a = "b" }, drop = ["c"] },
      { fault = "reset", answered = false },
      { fault = "error-frame", frame = "x", after = 1 },
      { fault = "trickle", bytes_per_second = 1 },
    ]]"""
    split, headers, reset, frame, trickle = one(GOOD[: GOOD.index("steps")] + steps).steps[0]
    told: list[Any] = [split, headers, reset, frame, trickle]
    assert (told[0].sizes, told[1].set, told[1].drop) == ((1, 2), (("a", "b"),), ("c",))
    assert (told[2].answered, told[3].after, told[4].bytes_per_second) == (False, 1, 1.0)


def test_the_guide_names_every_fault_setting_family_and_word() -> None:
    """Nothing can be added without being told."""
    guide = datafiles.path("fixtures", "scenarios", "README.md").read_text("utf-8")
    settings = {field.name for kind in FAULTS.values() for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    for word in (*FAULTS, *settings, *FAMILIES, *METERS):
        assert re.search(rf"`{word}\b", guide), word
    for word in WORDS:
        assert f"`{{{word}}}`" in guide


def test_a_folder_without_clients_is_refused(tmp_path: Path) -> None:
    """What clients do is part of every scenario."""
    with pytest.raises(ScenarioError, match=r"clients\.toml: cannot be read"):
        list(load(tmp_path))
