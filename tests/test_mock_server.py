"""The server for tests of any framework: in a `with` block, in unittest, in asyncio, and under pytest-xdist."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import anyio
import httpx
import pytest

from mockserver import ImagesApi, MockServer, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ASKED = {"model": "gpt-image-1", "prompt": "a dot", "quality": "low", "size": "1024x1024"}


def draw(api: ImagesApi, **parameters: object) -> int:
    """Ask for a picture, and return the status."""
    headers = {"authorization": f"Bearer {api.api_key}"}
    url = f"{api.base_url}/images/generations"
    return httpx.post(url, json=ASKED | parameters, headers=headers, timeout=60).status_code


@pytest.fixture(scope="module")
def shared() -> Iterator[MockServer]:
    """One server for the tests that take a space of it."""
    with MockServer() as running:
        yield running


def test_a_block_speaks_in_sentences() -> None:
    """What goes wrong, what was asked, what must hold, what it cost."""
    with MockServer() as api:
        api.fail_next("rate_limit")
        assert [draw(api), draw(api)] == [429, 200]
        api.verify({"status": 200, "param.quality": "low"}, exactly=1)
        api.assert_all_legal()
        api.assert_nothing_billed_twice()
        assert [request["status"] for request in api.requests] == [429, 200]
        assert 0 < api.dollars < 0.1
        assert "429 POST /v1/images/generations" in api.told()
        with pytest.raises(AssertionError, match="but found 1 among 2"):
            api.verify({"status": 200}, exactly=2)
        assert [draw(api, n=11), draw(api, n=11)] == [429, 400]
        with pytest.raises(AssertionError, match="refused 1 of"):
            api.assert_all_legal()


def test_time_limits_and_days_are_those_of_the_api(shared: MockServer) -> None:
    """They can be moved, set and chosen."""
    with shared.space() as api:
        api.freeze()
        api.limit(images_per_minute=1)
        assert [draw(api), draw(api)] == [200, 429]
        api.advance(60)
        assert draw(api) == 200
        api.thaw()
        api.limit()
        assert [draw(api), draw(api)] == [200, 200]
        api.as_of("2025-06-01")
        assert draw(api, model="gpt-image-2") == 400


def test_coverage_is_asserted(shared: MockServer) -> None:
    """What was never met is named."""
    with shared.space() as api:
        api.fail_next("429-slow-down")
        draw(api)
        api.assert_coverage(0.001)
        with pytest.raises(AssertionError, match=r"error coverage is 0\.\d%, less than 50\.0%; never met: "):
            api.assert_coverage(0.5)


def test_the_environment_names_it_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where that is wanted; what stood there before comes back."""
    monkeypatch.setenv("OPENAI_BASE_URL", "before")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with MockServer() as api:
        assert os.environ["OPENAI_BASE_URL"] == "before"
    with MockServer(Settings(api_keys=("sk-mine",)), set_env=True) as api:
        expected = {"OPENAI_BASE_URL": api.base_url, "OPENAI_API_KEY": "sk-mine"}
        assert {name: os.environ[name] for name in expected} == expected == api.env
        assert draw(api) == 200
        with api.space(set_env=True) as other:
            assert os.environ["OPENAI_BASE_URL"] == other.base_url
            assert draw(other) == 200
        assert os.environ["OPENAI_BASE_URL"] == api.base_url
    assert os.environ["OPENAI_BASE_URL"] == "before"
    assert "OPENAI_API_KEY" not in os.environ


def test_spaces_never_meet_and_are_forgotten(shared: MockServer) -> None:
    """Each has a name, an address and a life of its own."""
    with shared.space() as one, shared.space() as two:
        assert one.name != two.name
        one.fail("quota")
        assert [draw(one), draw(two)] == [429, 200]
        assert len(one.requests) == len(two.requests) == 1
        assert not shared.requests
    with shared.space(one.name) as again:
        assert not again.requests
        assert draw(again) == 200


@pytest.mark.parametrize("name", ["", "a b", "-a", "a/b", "a" * 65])
def test_a_space_has_a_name_that_a_path_can_hold(shared: MockServer, name: str) -> None:
    """And the others are refused."""
    with pytest.raises(ValueError, match="cannot name a space"):
        shared.space(name)


def test_it_is_started_and_stopped_by_hand() -> None:
    """Prepared before, asked after, and started again."""
    api = MockServer()
    with pytest.raises(RuntimeError, match="not started"):
        _ = api.base_url
    api.stop()
    api.fail("quota")
    api.start()
    first = api.url
    try:
        assert draw(api) == 429
        with pytest.raises(RuntimeError, match=f"running already, at {api.url}"):
            api.start()
    finally:
        api.stop()
        api.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(first)
    assert len(api.requests) == 1
    with api:
        assert draw(api) == 429
    assert len(api.requests) == 2


def test_a_block_ends_where_its_test_fails() -> None:
    """The port is closed."""
    with pytest.raises(ZeroDivisionError), MockServer() as api:
        raise ZeroDivisionError
    with pytest.raises(httpx.ConnectError):
        httpx.get(api.url)


def test_an_event_loop_goes_on_beside_it() -> None:
    """It serves the loop that started it."""

    async def main() -> list[int]:
        async with MockServer() as api, httpx.AsyncClient(timeout=60) as client:
            api.fail_next("503-overloaded")
            url, headers = f"{api.base_url}/images/generations", {"authorization": "Bearer sk-test"}
            ask = (client.post(url, json=ASKED | {"prompt": f"{n % 4}"}, headers=headers) for n in range(8))
            found = [reply.status_code for reply in await asyncio.gather(*ask)]
            api.verify({"status": 200}, exactly=4)
            return found

    assert sorted(asyncio.run(main())) == [200] * 4 + [503] * 4


@pytest.mark.parametrize("seconds", [0, 0.01])
def test_a_cancelled_block_leaves_no_server_behind(seconds: float) -> None:
    """Its end is waited for."""
    server = MockServer()

    async def main() -> None:
        with anyio.move_on_after(seconds):
            async with server:
                await anyio.sleep(60)

    asyncio.run(main())
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url)


UNITTEST = """
import os
import unittest

from mockserver import MockServer
from openai import OpenAI, RateLimitError


class Drawing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(MockServer())

    def setUp(self):
        self.api = self.enterContext(self.server.space(set_env=True))

    def draw(self):
        with OpenAI(max_retries=0) as client:
            return client.images.generate(model="gpt-image-1", prompt="a fox", quality="low")

    def test_one(self):
        self.api.fail("rate_limit")
        with self.assertRaises(RateLimitError):
            self.draw()

    def test_two(self):
        self.draw()
        self.api.verify(exactly=1)

    def test_three(self):
        self.draw()
        self.api.verify(exactly=2)


class Async(unittest.IsolatedAsyncioTestCase):
    async def test_four(self):
        api = await self.enterAsyncContext(MockServer(set_env=True))
        self.assertEqual(os.environ["OPENAI_BASE_URL"], api.base_url)
"""


def test_unittest_has_it_without_pytest(tmp_path: Path) -> None:
    """In a process that never loads pytest; what does not hold is a failure, not an error."""
    (tmp_path / "test_drawing.py").write_text(UNITTEST)
    (tmp_path / "pytest.py").write_text("raise RuntimeError('not wanted')")
    done = subprocess.run(
        [sys.executable, "-m", "unittest", "-v"], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert "Ran 4 tests" in done.stderr
    assert "FAILED (failures=1)" in done.stderr
    assert "expected exactly 2" in done.stderr


@pytest.mark.skipif(importlib.util.find_spec("xdist") is None, reason="pytest-xdist is not installed")
def test_each_worker_of_xdist_has_one(pytester: pytest.Pytester) -> None:
    """On a port of its own, with spaces that tests of one worker share it by."""
    pytester.makepyfile(
        """
        import httpx
        import pytest
        from mockserver import MockServer


        @pytest.fixture(scope="session")
        def server():
            with MockServer() as running:
                yield running


        @pytest.fixture
        def api(server):
            with server.space() as own:
                yield own


        @pytest.mark.parametrize("number", range(16))
        def test_many(api, number):
            if number % 2:
                api.fail("quota")
            asked = {"model": "gpt-image-1", "prompt": "a dot", "quality": "low"}
            headers = {"authorization": "Bearer sk-mock"}
            reply = httpx.post(api.base_url + "/images/generations", json=asked, headers=headers, timeout=60)
            assert reply.status_code == (429 if number % 2 else 200)
            api.verify(exactly=1)
        """
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider", "-n", "2").assert_outcomes(passed=16)


def test_two_hundred_spaces_at_once_share_nothing() -> None:
    """Each has its own failures, attempts, limits, clock, journal and ledger."""
    small = {"model": "dall-e-2", "prompt": "a dot", "size": "256x256", "response_format": "b64_json"}
    expected = {0: [429, 200], 1: [200, 429], 2: [200, 200]}

    async def live(client: httpx.AsyncClient, api: ImagesApi, number: int) -> list[int]:
        api.freeze(1_000_000_000 + number)
        if number % 3 == 0:
            api.fail_next("429-dalle-ipm")
        if number % 3 == 1:
            api.limit(images_per_minute=1)
        statuses = []
        for _ in range(2):
            reply = await client.post(f"{api.base_url}/images/generations", json=small | {"user": f"{number}"})
            statuses.append(reply.status_code)
            if reply.status_code == 200:
                assert reply.json()["created"] == 1_000_000_000 + number
        return statuses

    async def all_at_once(apis: list[ImagesApi]) -> list[list[int]]:
        limits, headers = httpx.Limits(max_connections=32), {"authorization": "Bearer k"}
        async with httpx.AsyncClient(headers=headers, limits=limits, timeout=60) as client:
            return await asyncio.gather(*[live(client, api, number) for number, api in enumerate(apis)])

    with MockServer() as server:
        apis = [server.space() for _ in range(200)]
        seen = asyncio.run(all_at_once(apis))
        assert seen == [expected[number % 3] for number in range(200)]
        for number, api in enumerate(apis):
            api.verify({"param.user": f"{number}"}, exactly=2)
            assert len(api.requests) == 2
            assert api.dollars == pytest.approx(0.016 * seen[number].count(200))
        assert not server.requests
