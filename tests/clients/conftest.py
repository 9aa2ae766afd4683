"""The clients, the places where they live, and their journeys, which run side by side."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openai
import pytest
from PIL import Image

from clients import environments
from mockserver.contract.certify.clients.client import ClientError
from mockserver.server import ServerThread
from mockserver.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from clients.judging import Told

HERE = Path(__file__).parent
KEY = "sk-test"
DOORS = ("openai", "azure")


@dataclass(frozen=True, slots=True)
class Client:
    """One release of one SDK."""

    language: str
    version: str

    def __str__(self) -> str:
        """Return its name in reports."""
        return f"{self.language}@{self.version}"

    def command(self, cache: Path) -> list[str]:
        """Return what starts its journeys, in an environment that has it."""
        if self.language == "node":
            package = "openai" if self.version.startswith("7.") else f"openai-{self.version.partition('.')[0]}"
            return [environments.node(), str(HERE / "node" / "journey.mjs"), package]
        own = self.version == openai.__version__
        python = Path(sys.executable) if own else environments.python(cache, self.version)
        return [str(python), str(HERE / "journey.py")]


CLIENTS = (
    Client("python", openai.__version__),
    Client("python", "2.54.0"),
    Client("python", "1.109.1"),
    Client("node", "7.57.0"),
    Client("node", "4.104.0"),
)


@pytest.fixture(scope="session")
def guarded() -> Iterator[ServerThread]:
    """A server that knows its key, and a deployment."""
    with ServerThread(Settings(api_keys=(KEY,), deployments=(("my-images", "gpt-image-1"),))) as server:
        yield server


@pytest.fixture(scope="session")
def environment_of(guarded: ServerThread) -> dict[str, dict[str, str]]:
    """What an application is told, by door."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "AZURE_"))}
    azure = {
        "AZURE_OPENAI_ENDPOINT": guarded.url,
        "AZURE_OPENAI_API_KEY": KEY,
        "OPENAI_API_VERSION": "2025-04-01-preview",
    }
    return {
        "openai": {**bare, "OPENAI_BASE_URL": guarded.base_url, "OPENAI_API_KEY": KEY},
        "azure": {**bare, **azure},
    }


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two pictures, a mask for the first, and a text."""
    folder = tmp_path_factory.mktemp("pictures")
    Image.new("RGB", (256, 256), "red").save(folder / "a.png")
    Image.new("RGB", (256, 128), "blue").save(folder / "b.png")
    Image.new("RGBA", (256, 256), (0, 0, 0, 0)).save(folder / "mask.png")
    (folder / "note.txt").write_text("not a picture")
    return folder


@pytest.fixture(scope="session")
def cache(request: pytest.FixtureRequest) -> Path:
    """A folder that outlives the run."""
    kept: pytest.Cache = request.config.cache
    return kept.mkdir("clients")


@pytest.fixture(scope="session")
def had() -> Callable[[Callable[[], Any]], Any]:
    """Return what can be had; else skip with the reason, and in CI fail."""

    def get(source: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever it returns
        try:
            return source()
        except ClientError as missing:
            if "CI" in os.environ:
                pytest.fail(f"CI must have it: {missing}")
            pytest.skip(f"not to be had here: {missing}")

    return get


@pytest.fixture(scope="session")
def journeys(
    environment_of: Mapping[str, Mapping[str, str]], pictures: Path, cache: Path
) -> Iterator[dict[Client, Future[dict[str, Told]]]]:
    """What each client will have been told, by door."""

    def journey(client: Client) -> dict[str, Told]:
        command = client.command(cache)
        return {door: _run([*command, door, str(pictures)], environment_of[door]) for door in DOORS}

    with ThreadPoolExecutor(3) as pool:
        yield {client: pool.submit(journey, client) for client in CLIENTS}


def _run(command: list[str], environment: Mapping[str, str]) -> Told:
    done = subprocess.run(  # noqa: S603 - fixed commands
        command, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    told: Told = json.loads(done.stdout)
    return told


@pytest.fixture(scope="session", params=CLIENTS, ids=str)
def client(request: pytest.FixtureRequest) -> Client:
    """Return each client in turn."""
    found: Client = request.param
    return found


@pytest.fixture(scope="session")
def told(
    client: Client, journeys: Mapping[Client, Future[dict[str, Told]]], had: Callable[[Callable[[], Any]], Any]
) -> Told:
    """What the client was told through OpenAI's own door, by step."""
    found: Told = had(journeys[client].result)["openai"]
    return found


@pytest.fixture(scope="session")
def told_by_azure(
    client: Client, journeys: Mapping[Client, Future[dict[str, Told]]], had: Callable[[Callable[[], Any]], Any]
) -> Told:
    """What the client was told through Azure's door, by step."""
    found: Told = had(journeys[client].result)["azure"]
    return found
