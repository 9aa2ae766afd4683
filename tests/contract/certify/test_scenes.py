"""Which failures are played: all that an image request can meet, each twice, and none longer than it must be."""

from __future__ import annotations

import pytest

from mockserver.contract.certify.lines import Can
from mockserver.contract.certify.scenes import Scene, scenes
from mockserver.faults.delay import Delay
from mockserver.faults.refuse import Refuse
from mockserver.scenarios.catalogue import scenarios

SCENES = {scene.behaviour.id: scene for scene in scenes()}
ENDPOINTS = {"generate": "generations", "edit": "edits"}
EVERYTHING = Can(stream=True)


def scene(name: str) -> Scene:
    """Return a scene by the middle and the end of its id."""
    return SCENES[f"fails.{name}"]


def test_a_scenario_is_played_twice() -> None:
    """Except where no request for a picture can meet it."""
    elsewhere = {one.id for one in scenarios() if not {*one.endpoints} - {"models", "files", "pictures"}}
    played = [one.id for one in scenarios() if one.id not in elsewhere]

    assert elsewhere >= {"404-get-model", "blob-403-expired"}
    assert list(SCENES) == [f"fails.{name}.{lasts}" for name in played for lasts in ("always", "once")]


@pytest.mark.parametrize("one", SCENES.values(), ids=SCENES)
def test_a_scene_can_happen_and_is_short(one: Scene) -> None:
    """Its request meets the scenario, with a model of ours, and nothing in it pauses for long."""
    params = one.params(one.models(EVERYTHING)[0])
    faults = [fault for step in one.scenario.steps for fault in step]

    assert one.scenario.happens(ENDPOINTS[one.operation], streams=one.streams)
    assert params.get("stream", False) is one.streams
    assert one.scenario.suits(params["model"]) or not one.scenario.suits("gpt-image-1")
    assert all(fault.seconds <= 0.3 for fault in faults if isinstance(fault, Delay))
    assert one.deadline < 40
    assert one.behaviour.topic == one.scenario.topic
    assert bool(one.files()) is (one.operation == "edit")


@pytest.mark.parametrize(
    ("name", "quick"),
    [
        ("429-gpt-image-ipm", True),
        ("500-server-error", True),
        ("429-retry-after", False),
        ("429-retry-after-ms", False),
        ("429-retry-after-zero", False),
        ("401-invalid-key", False),
    ],
)
def test_a_refusal_that_may_pass_says_so_quickly(name: str, quick: bool) -> None:
    """Unless it names a wait of its own."""
    (fault,) = scene(f"{name}.always").scenario.steps[0]
    assert isinstance(fault, Refuse)
    assert (("retry-after-ms", "20") in fault.headers) is quick


@pytest.mark.parametrize(
    ("name", "timeout", "deadline"),
    [
        ("500-server-error.once", 10.0, 38.0),
        ("429-retry-after.always", 10.0, 38.0),
        ("timeout-read-python.always", 1.5, 12.5),
        ("one-byte-per-second.once", 1.5, 12.5),
        ("slow-body.always", 10.0, 38.0),
        ("429-retry-after-date.always", 10.0, 5.0),
        ("429-retry-after-absurd.once", 10.0, 5.0),
    ],
)
def test_a_scene_has_its_time(name: str, timeout: float, deadline: float) -> None:
    """Little where no reply comes, or where nobody waits to the end."""
    assert (scene(name).timeout, scene(name).deadline) == (timeout, deadline)


@pytest.mark.parametrize(
    ("name", "can", "model"),
    [
        ("429-slow-down.always", EVERYTHING, "gpt-image-1"),
        ("429-dalle-ipm.always", EVERYTHING, "dall-e-3"),
        ("429-dalle-ipm.always", Can(models=frozenset({"dall-e-2"})), "dall-e-2"),
        ("429-dalle-ipm.always", Can(models=frozenset({"gpt-image-2"})), "gpt-image-2"),
        (
            "stream-stall.always",
            Can(stream=True, params=frozenset({"model", "prompt", "partial_images"})),
            "gpt-image-1",
        ),
    ],
)
def test_a_client_is_asked_for_what_it_can(name: str, can: Can, model: str) -> None:
    """With the scenario's model where it knows it, or another."""
    assert scene(name).lack(can) == ""
    assert scene(name).models(can)[0] == model


@pytest.mark.parametrize(
    ("name", "can", "lack"),
    [
        ("429-dalle-ipm.always", None, "it makes no pictures"),
        ("400-url-not-image.always", None, "it makes no edits"),
        ("429-dalle-ipm.always", Can(models=frozenset({"other"})), "it knows no model that can be asked this"),
        ("429-dalle-ipm.always", Can(params=frozenset({"prompt"})), "its caller cannot say model"),
        ("stream-stall.always", Can(), "it makes no streams"),
        (
            "stream-stall.always",
            Can(params=frozenset({"model", "prompt"}), stream=True),
            "its caller cannot say partial_images",
        ),
        (
            "stream-stall.always",
            Can(stream=True, models=frozenset({"dall-e-3"})),
            "it knows no model that can be asked this",
        ),
    ],
)
def test_what_a_client_lacks_is_told(name: str, can: Can | None, lack: str) -> None:
    """So that an absent cell has its reason."""
    assert scene(name).lack(can) == lack
