"""Each client through Azure's door: only an endpoint, a key and an `api-version` tell it about the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clients.judging import Told, judge_events, judge_picture

if TYPE_CHECKING:
    from clients.conftest import Client

WAYS = ("mapped", "named", "bound", "v1")
"""By a mapped deployment, by one named like its model, by one that the client was made with, and by the v1 paths."""


@pytest.mark.parametrize("way", WAYS)
def test_generates(told_by_azure: Told, way: str) -> None:
    """However the deployment is named."""
    judge_picture(told_by_azure[f"generate {way}"])


@pytest.mark.parametrize("way", WAYS)
def test_edits(client: Client, told_by_azure: Told, way: str) -> None:
    """However the deployment is named, but where openai-node 4 forgets to name it."""
    told = told_by_azure[f"edit {way}"]
    if str(client) == "node@4.104.0" and way in {"mapped", "named"}:
        # It looks for the model of a form in the wrong place, and posts to a path without a deployment.
        assert (told["error"], told["code"]) == ("NotFoundError", "404")
    else:
        judge_picture(told, inputs=1)


def test_streams(told_by_azure: Told) -> None:
    """Partial pictures, then the picture."""
    judge_events(told_by_azure["generate streamed"], "image_generation")


@pytest.mark.parametrize(
    ("step", "error", "status", "code"),
    [
        ("wrong key", "AuthenticationError", 401, "401"),
        ("no deployment", "NotFoundError", 404, "DeploymentNotFound"),
        ("no deployment v1", "NotFoundError", 404, "DeploymentNotFound"),
    ],
)
def test_raises_its_own_error(told_by_azure: Told, step: str, error: str, status: int, code: str) -> None:
    """Azure's words, which name no parameter."""
    refusal = told_by_azure[step]
    assert (refusal["error"], refusal["status"], refusal["code"]) == (error, status, code)
    assert refusal["param"] is None
