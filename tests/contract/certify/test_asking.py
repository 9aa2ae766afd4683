"""What a client is asked: only what the server takes, only what the client can say, and the same every time."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from mockserver.contract.certify.asking import Call, calls
from mockserver.contract.certify.facets import facets
from mockserver.contract.certify.lines import Can, Upload
from mockserver.contract.certify.topics import TOPICS, Topic
from mockserver.contract.document.families import families

if TYPE_CHECKING:
    from pathlib import Path

ANY = Can(stream=True)
BY_NAME = {topic.name: topic for topic in TOPICS}
NARROW = {
    "any": ANY,
    "no streams": Can(),
    "one model": Can(models=frozenset({"gpt-image-2"}), stream=True),
    "few words": Can(params=frozenset({"model", "prompt", "n", "output_compression", "background"}), stream=True),
    "no model": Can(params=frozenset({"prompt", "mask", "stream", "partial_images"}), stream=True),
}


def body(call: Call) -> dict[str, Any]:
    """Return a call as the contract's schemas see it, where a file is text."""
    files = {part: "file" if isinstance(one, Upload) else ["file"] * len(one) for part, one in call.files.items()}
    return {**call.params, **files}


def takers(topic: Topic, call: Call) -> list[str]:
    """Return the families that take a call."""
    return [
        family.name
        for family in families(topic.operation, "json" if topic.op == "generate" else "form")
        if jsonschema_rs.is_valid(family.schema(), body(call))
    ]


@pytest.mark.parametrize("can", NARROW.values(), ids=NARROW)
@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_every_call_can_be_said_and_is_taken(topic: Topic, can: Can) -> None:
    """Nothing is asked that the API would refuse, nor what the hello does not name; a picture needs no word."""
    for call in calls(topic, can, 1, 7):
        assert len(takers(topic, call)) == 1, call.params
        said = {*call.params, *(call.files.keys() - {"image"})}
        assert can.params is None or said <= can.params
        assert can.models is None or call.params.get("model", "gpt-image-2") in can.models
        assert can.stream or "stream" not in call.params


@pytest.mark.parametrize("name", ["generate", "edit", "vary"])
def test_every_value_of_every_parameter_is_asked(name: str) -> None:
    """The enumeration meets each member of each list, and both ends of each range."""
    topic = BY_NAME[name]
    asked = {(param, json.dumps(value)) for call in calls(topic, ANY, 0, 42) for param, value in call.params.items()}
    for family in families(topic.operation, "json" if topic.op == "generate" else "form"):
        for param, told in family.parameters.items():
            ends = [told["minimum"], told["maximum"]] if "minimum" in told and param != "partial_images" else []
            for value in (*ends, *(one for one in told.get("enum", ()) if one is not None)):
                assert (param, json.dumps(value)) in asked


@pytest.mark.parametrize(
    ("name", "can"),
    [
        ("generate", Can(params=frozenset({"model"}))),
        ("generate", Can(models=frozenset({"imagen"}), params=frozenset({"model"}))),
        ("edit-mask", Can(params=frozenset({"model", "prompt"}))),
        ("edit-several", Can(models=frozenset({"dall-e-2"}))),
        ("nulls", Can(params=frozenset({"model", "prompt"}))),
    ],
)
def test_what_cannot_be_said_is_not_asked(name: str, can: Can) -> None:
    """There are no calls where a client has no word for what a topic needs."""
    assert calls(BY_NAME[name], can, 8, 42) == []


def test_the_same_seed_asks_the_same_in_every_process() -> None:
    """A witness can be played again elsewhere; another seed asks something else."""
    program = (
        "import json; from mockserver.contract.certify.asking import calls\n"
        "from mockserver.contract.certify.lines import Can; from mockserver.contract.certify.topics import TOPICS\n"
        "print(json.dumps([call.params for call in calls(TOPICS[0], Can(stream=True), 20, 42)]))"
    )
    run = [sys.executable, "-c", program]
    elsewhere = subprocess.run(run, capture_output=True, check=True, timeout=120).stdout  # noqa: S603 - this Python
    here = [call.params for call in calls(TOPICS[0], ANY, 20, 42)]
    assert json.loads(elsewhere) == here
    assert [call.params for call in calls(TOPICS[0], ANY, 20, 43)] != here


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_numbers_and_nulls_are_plain(topic: Topic) -> None:
    """No language has to tell 10.0 from 10, and null is said in one topic alone, in each call of it."""
    for call in calls(topic, ANY, 8, 42):
        assert not any(isinstance(value, float) for value in call.params.values())
        assert (None in call.params.values()) == topic.nulls


@pytest.mark.parametrize("topic", [topic for topic in TOPICS if topic.op != "vary"], ids=lambda topic: topic.name)
def test_prompts_hold_what_clients_stumble_over(topic: Topic) -> None:
    """Ends of lines, white space, quotes, and what lies beyond the BMP."""
    prompts = [call.params["prompt"] for call in calls(topic, ANY, 8, 42)]
    for text in ("\n", "\r\n", "\r", "  ", '"', "\\", "🦊"):
        assert any(text in prompt for prompt in prompts) or topic.nulls, text


def test_a_rule_across_parameters_is_kept_by_either() -> None:
    """Compression is asked of lossy formats, and the lossless one without compression."""
    family = next(one for one in families("generations") if "output_compression" in one.parameters)
    formats = [
        (facet["properties"]["output_format"]["enum"], facet["properties"]["output_compression"]["minimum"])
        for facet in facets(family, ANY, {}, nulls=False)
    ]
    assert formats == [(["webp", "jpeg"], 0), (["png", "webp"], 100)]


def test_only_what_a_rule_needs_must_be_there() -> None:
    """The format is said where compression hangs on it; elsewhere the shortest call is a model and a prompt."""
    family = next(one for one in families("generations") if "output_compression" in one.parameters)
    needed = [facet["required"] for facet in facets(family, ANY, {}, nulls=False)]
    assert needed == [["model", "output_format", "prompt"], ["model", "prompt"]]


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    """What is made leaves no directory of hypothesis where the user works, and the user's own where it was."""
    program = (
        "from hypothesis import configuration\n"
        "from mockserver.contract.certify import asking, lines, topics\n"
        "before = configuration.storage_directory('examples').path\n"
        "asking.calls(topics.TOPICS[0], lines.Can(models=frozenset({'dall-e-3'})), 4, 42)\n"
        "assert configuration.storage_directory('examples').path == before\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120, cwd=tmp_path)  # noqa: S603 - this Python
    assert list(tmp_path.iterdir()) == []
