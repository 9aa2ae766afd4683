"""For pytest: a running server, started once, and a space of its own for each test."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from typing import TYPE_CHECKING, Any, Final, cast

import pytest

from mockserver.pytest_tally import OPTION, Tally

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

    from mockserver.journal.kept import Journal
    from mockserver.server import ServerThread
    from mockserver.worlds import World, Worlds

_TALLY: Final = pytest.StashKey[Tally]()
_API: Final = pytest.StashKey["ImagesApi"]()

_KEPT: Final = 1000
"""Exchanges that each test's journal keeps."""

MARKER = "images_scenario"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare what a run may be asked for."""
    text = "fail the run where it met less than PERCENT of the refusals and scenarios of the Images API"
    parser.getgroup("Images API").addoption(OPTION, type=float, default=0.0, metavar="PERCENT", help=text)


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of the marker, and begin to count."""
    config.stash[_TALLY] = Tally(config.getoption(OPTION))
    config.pluginmanager.register(config.stash[_TALLY])
    config.addinivalue_line("markers", f"{MARKER}(name, **options): a scenario that fails the requests of this test")


class ImagesApi:
    """The Images API as one test sees it: nobody else's requests, failures, clock or files."""

    def __init__(self, server: ServerThread, worlds: Worlds, space: str) -> None:
        self._worlds = worlds
        self.space = space
        self.url = f"{server.url}/s/{space}"
        """Where the server lies for this test."""

        self.base_url = f"{self.url}/v1"
        """What a client takes as its base URL; it stands in `OPENAI_BASE_URL` too."""

        self.api_key = "sk-mock"

    def __repr__(self) -> str:
        return f"<images_api at {self.base_url}>"

    @property
    def _world(self) -> World:
        return self._worlds.world(self.space)

    def fail(self, scenario: str, *, match: Mapping[str, Any] | None = None, **options: Any) -> None:  # noqa: ANN401 - what each option takes is said by itself
        """Let requests fail by the name of a scenario: all of them, or as `times`, `after`, `every`… say.

        Args:
            scenario: id or alias, for instance `rate_limit`; `mockserver scenarios` lists them.
            match: `endpoint`, `model`, `prompt` and `parameters` of the requests that are meant; None for all.
            options: `times`, `after`, `every`, `delay`, `probability`, `seed`.

        Raises:
            ScenarioError: the scenario, an option or the match is unknown; the text names the nearest.
        """
        from mockserver.lines import read_line  # noqa: PLC0415 - only a test that plays pays for it

        line = read_line({"scenario": scenario, "options": options, "match": dict(match or {})})
        self._world.space.script.add(*line)

    def fail_next(self, scenario: str, times: int = 1, **options: Any) -> None:  # noqa: ANN401 - as above
        """Let each request fail at its first `times` attempts, and succeed when it is tried again."""
        self.fail(scenario, times=times, **options)

    @property
    def journal(self) -> Journal:
        """All that this test asked, for questions beyond those below."""
        kept = self._world.journal
        if kept is None:
            message = "images_server keeps no journal; give it Settings(journal=1000)"
            raise RuntimeError(message)
        return kept

    @property
    def requests(self) -> list[dict[str, Any]]:
        """What this test asked and got, oldest first, as `/_mock/journal` tells it."""
        from mockserver.journal.shown import export  # noqa: PLC0415 - only a test that asks pays for it

        return cast("list[dict[str, Any]]", export(self.journal)["entries"])

    @property
    def dollars(self) -> float:
        """What the real API would have charged for this test."""
        from mockserver.ledger import ledger  # noqa: PLC0415 - as above

        return ledger(self.journal).dollars

    def verify(self, match: Mapping[str, Any] | None = None, **expectation: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
        """Assert that the requests of this test are as expected.

        Args:
            match: which are meant, by `endpoint`, `model`, `status`, `prompt`, `param.size`…; None for all.
            expectation: `exactly`, `at_least`, `at_most`, `fields`, `order`; at least one request without any.

        Raises:
            AssertionError: they are not; the text shows what came nearest, and what differs.
            QueryError: a filter is unknown; the text names the nearest.
        """
        from mockserver.journal.verify import verify  # noqa: PLC0415 - as above

        verdict = verify(self.journal, {"match": dict(match or {}), **expectation})
        _assert(verdict.passed, verdict.text)

    def assert_all_legal(self) -> None:
        """Assert that the API refused nothing of its own accord; failures that were asked for do not count."""
        from mockserver.journal.shown import told_in_a_line  # noqa: PLC0415 - as above

        refused = [told_in_a_line(entry) for entry in self.journal.entries() if entry.rule and not entry.played]
        _assert(not refused, "\n".join([f"the Images API refused {len(refused)} of this test's requests", *refused]))

    def assert_nothing_billed_twice(self) -> None:
        """Assert that no request was paid for again after its reply was lost."""
        from mockserver.ledger import billed_twice  # noqa: PLC0415 - as above

        pairs = billed_twice(self.journal)
        told = [f"#{pair.first} and #{pair.second}: {pair.reason}, ${pair.dollars:.3f}" for pair in pairs]
        _assert(not pairs, "\n".join(["requests were billed twice", *told]))

    def told(self) -> str:
        """Return the requests of this test, a line each."""
        from mockserver.journal.shown import told_in_a_line  # noqa: PLC0415 - as above

        return "\n".join(told_in_a_line(entry) for entry in self.journal.entries())

    def freeze(self, at: float | None = None) -> None:
        """Let this test's time stand still, now or at a moment in Unix seconds."""
        self._world.space.clock.freeze(at)

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once: a limit recovers, a picture's URL expires."""
        self._world.space.clock.advance(seconds)

    def as_of(self, day: str) -> None:
        """Serve the API of a day, written `YYYY-MM-DD`: its models, what it demands, the keys of its replies."""
        self._world.space.served.day = date.fromisoformat(day)

    def limit(self, *, images_per_minute: int | None = None, dollars: float | None = None) -> None:
        """Allow so many pictures a minute, or so much money; None is no limit."""
        limits = self._world.space.limits
        limits.images_per_minute, limits.dollars = images_per_minute, dollars


def _assert(held: bool, text: str) -> None:  # noqa: FBT001 - what an assertion is about
    __tracebackhide__ = True
    if not held:
        raise AssertionError(text)


@pytest.fixture(scope="session")
def images_server() -> Iterator[ServerThread]:
    """The server behind `images_api`, one for each process of the test run."""
    from mockserver.app import create_app  # noqa: PLC0415 - only a run that uses it pays for it
    from mockserver.server import ServerThread  # noqa: PLC0415 - as above
    from mockserver.settings import Settings  # noqa: PLC0415 - as above

    with ServerThread(app=create_app(Settings(journal=_KEPT))) as server:
        yield server


@pytest.fixture
def images_api(
    images_server: ServerThread, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ImagesApi]:
    """The Images API for this test alone; `OPENAI_BASE_URL` and `OPENAI_API_KEY` name it."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", request.node.name)[:40].strip("-._") or "test"
    worlds = cast("Worlds", images_server.app)
    api = ImagesApi(images_server, worlds, f"t-{name}-{hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:8]}")
    monkeypatch.setenv("OPENAI_BASE_URL", api.base_url)
    monkeypatch.setenv("OPENAI_API_KEY", api.api_key)
    for mark in reversed(list(request.node.iter_markers(MARKER))):
        api.fail(*mark.args, **mark.kwargs)
    request.node.stash[_API] = api
    yield api
    request.config.stash[_TALLY].add(request.node.nodeid, api.journal)
    worlds.delete(api.space)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what a test asked and got where it failed."""
    report = yield
    api = item.stash.get(_API, None)
    if api is not None and report.when == "call" and report.failed:
        report.sections.append(("requests to the Images API", api.told() or "there were none"))
    return report
