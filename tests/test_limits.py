"""Limits that fill, refuse and recover, on a clock that nobody waits for."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mockserver.errors import ApiError
from mockserver.limits import Limits
from mockserver.models import MODELS, Model
from mockserver.server import ServerThread
from mockserver.settings import Settings

GPT, DALL_E = MODELS["gpt-image-2"], MODELS["dall-e-3"]
BODY = {"model": "gpt-image-2", "prompt": "a dot", "quality": "low", "size": "1024x1024"}


def refusal(limits: Limits, count: int = 1, now: float = 0.0, model: Model = GPT) -> str:
    """Return what is said of one request too many."""
    with pytest.raises(ApiError) as refused:
        limits.take(model, count, 0.01, now)
    return str(refused.value)


@pytest.mark.parametrize(("limit", "delay"), [(5, "12s"), (250, "240ms"), (4000, "15ms"), (20, "3s"), (50, "1.2s")])
def test_a_full_bucket_says_when_to_try_again(limit: int, delay: str) -> None:
    """60 seconds by the limit, as in the recorded sentences."""
    limits = Limits(images_per_minute=limit)
    for _ in range(limit):
        limits.take(GPT, 1, 0.01, 0.0)
    said = refusal(limits)
    assert f"Limit {limit}, Used {limit}, Requested 1. Please try again in {delay}." in said


def test_a_bucket_empties_with_time() -> None:
    """After the told delay, one more; after a minute, all."""
    limits = Limits(tier=1)
    limits.take(GPT, 5, 0.01, 0.0)
    refusal(limits, now=11.9)
    limits.take(GPT, 1, 0.01, 12.0)
    refusal(limits, now=12.0)
    limits.take(GPT, 5, 0.01, 72.0)


def test_models_of_one_family_share_a_bucket() -> None:
    """Every gpt-image; each DALL-E has its own."""
    limits = Limits(tier=1)
    limits.take(GPT, 5, 0.01, 0.0)
    refusal(limits, model=MODELS["gpt-image-1"])
    limits.take(DALL_E, 1, 0.01, 0.0)


def test_a_request_that_is_too_large_is_told_so() -> None:
    """Waiting does not help, and nothing is counted."""
    limits = Limits(tier=1)
    assert "Request too large for gpt-image-2" in refusal(limits, count=10)
    limits.take(GPT, 5, 0.01, 0.0)


def test_dall_e_is_refused_in_words_of_its_own() -> None:
    """With the legacy layout."""
    limits = Limits(images_per_minute=0)
    assert "Limit: 0/1min. Current: 1/1min." in refusal(limits, model=DALL_E)


@pytest.mark.parametrize(("model", "rule"), [(GPT, "budget-spent"), (DALL_E, "dall-e-budget-spent")])
def test_money_does_not_come_back(model: Model, rule: str) -> None:
    """A 400 that time does not mend."""
    limits = Limits(dollars=0.015)
    limits.take(model, 1, 0.01, 0.0)
    assert f"400 {rule}:" in refusal(limits, now=1e9, model=model)


def test_a_client_waits_a_minute_in_no_time() -> None:
    """Limits set, filled, and recovered over HTTP, in one space alone."""
    with ServerThread(Settings()) as server:
        control = f"{server.url}/_mock"
        headers = {"authorization": "Bearer k@blue"}

        def ask(sent: dict[str, str]) -> int:
            return httpx.post(f"{server.base_url}/images/generations", json=BODY, headers=sent).status_code

        assert ask(headers) == 200
        set_to = httpx.post(f"{control}/limits?space=blue", json={"images_per_minute": 2, "dollars": None}).json()
        assert set_to == {"tier": None, "images_per_minute": 2, "dollars": None, "spent": 0.0}
        assert [ask(headers) for _ in range(3)] == [200, 200, 429]
        assert ask({"authorization": "Bearer k"}) == 200
        httpx.post(f"{control}/clock?space=blue", json={"advance": 30})
        assert [ask(headers) for _ in range(2)] == [200, 429]
        assert httpx.get(f"{control}/limits?space=blue").json()["spent"] > 0


@pytest.mark.parametrize("wanted", [{"tier": 6}, {"tier": "1"}, {"images_per_minute": 1.5}, {"dollars": -1}, {"x": 1}])
def test_a_limit_that_is_none_is_refused(server: ServerThread, wanted: dict[str, Any]) -> None:
    """And nothing is set."""
    assert httpx.post(f"{server.url}/_mock/limits", json=wanted).status_code == 400


def test_a_tier_is_chosen_at_the_start() -> None:
    """`--tier 1` allows five pictures a minute."""
    with ServerThread(Settings(tier=1)) as server:
        headers = {"authorization": "Bearer k"}
        replies = [httpx.post(f"{server.base_url}/images/generations", json=BODY, headers=headers) for _ in range(6)]
    assert [reply.status_code for reply in replies] == [200] * 5 + [429]
    assert replies[-1].json()["error"]["type"] == "input-images"
