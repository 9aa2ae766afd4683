"""The Images API as one test sees it: what is to go wrong, what was asked, what must hold; each method a sentence."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any, Self, cast

from mockserver.coverage import coverage
from mockserver.journal.shown import export, told_in_a_line
from mockserver.journal.verify import verify
from mockserver.ledger import billed_twice, ledger
from mockserver.lines import KEYS, read_line
from mockserver.scenarios.catalogue import scenarios
from mockserver.scenarios.options import OPTIONS
from mockserver.scenarios.origin import Origin
from mockserver.spaces import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import TracebackType

    from mockserver.journal.kept import Journal
    from mockserver.server import ServerThread
    from mockserver.worlds import World, Worlds


class ImagesApi:
    """One space of a server: nobody else's requests, failures, limits, clock or files.

    As a `with` block it stands in the environment where it was asked to, and is forgotten at the end.
    """

    def __init__(self, server: ServerThread, worlds: Worlds, space: str, *, set_env: bool = False) -> None:
        """See a `space` of the `worlds` that a `server` serves; `set_env` lets `env` stand in the environment."""
        self._server = server
        self._worlds = worlds
        self._set_env = set_env
        self._ends = ExitStack()
        self.name = space
        """Of the space."""

        self.api_key = next(iter(worlds.default.space.settings.api_keys), "sk-mock")
        """A key that the server takes."""

    def __repr__(self) -> str:
        return f"<images_api, space {self.name}>"

    def __enter__(self) -> Self:
        self._begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.close()
        self._worlds.delete(self.name)

    def _begin(self) -> None:
        if self._set_env:
            self._ends.enter_context(_environment(self.env))

    @property
    def url(self) -> str:
        """Where the server lies for this test. Raises `RuntimeError` before it was started."""
        if not self._server.url:
            message = "the server is not started: use `with MockServer() as api:`, or call start()"
            raise RuntimeError(message)
        return self._server.url if self.name == DEFAULT else f"{self._server.url}/s/{self.name}"

    @property
    def base_url(self) -> str:
        """What a client takes as its base URL; raises as `url` does."""
        return f"{self.url}/v1"

    @property
    def env(self) -> dict[str, str]:
        """The variables by which OpenAI's clients find it, for `os.environ` or a process of yours."""
        return {"OPENAI_BASE_URL": self.base_url, "OPENAI_API_KEY": self.api_key}

    @property
    def _world(self) -> World:
        return self._worlds.world(self.name)

    def fail(
        self,
        scenario: str | None = None,
        *,
        steps: Sequence[object] | None = None,
        repeat: int | str | None = None,
        match: Mapping[str, Any] | None = None,
        options: Mapping[str, Any] | None = None,
        **more: Any,  # noqa: ANN401 - what each option takes is said by itself
    ) -> None:
        """Let requests fail by the name of a scenario: all of them, or as `times`, `after`, `every`… say.

        The arguments are those of a line of a script file, and behave alike.

        Args:
            scenario: id or alias, for instance `rate_limit`; `mockserver scenarios` lists them.
            steps: in place of it, what goes wrong at one attempt after another, `["503-overloaded", "reset", []]`.
            repeat: how often the steps are played; `"forever"`, or `"last"` for the last of them.
            match: `endpoint`, `model`, `prompt`, `parameters` and `call` of the requests that are meant; None for all.
            options: `times`, `after`, `every`, `delay`, `probability`, `seed`.
            more: the same, without braces.

        Raises:
            ScenarioError: the scenario, an option or the match is unknown; the text names the nearest.
        """
        Origin().known(more, (*OPTIONS, *KEYS))
        both = {**options, **more} if isinstance(options, dict) else options or more
        asked = {"scenario": scenario, "steps": steps, "repeat": repeat, "options": both, "match": match}
        line = {name: value for name, value in asked.items() if value is not None}
        self._world.space.script.add(read_line(line))

    def fail_next(self, scenario: str, times: int = 1, **options: Any) -> None:  # noqa: ANN401 - as above
        """Let each request fail at its first `times` attempts, and succeed when it is tried again."""
        self.fail(scenario, times=times, **options)

    @property
    def journal(self) -> Journal:
        """All that this test asked, for questions beyond those below."""
        kept = self._world.journal
        if kept is None:
            message = "this server keeps no journal; give it Settings(journal=1000)"
            raise RuntimeError(message)
        return kept

    @property
    def requests(self) -> list[dict[str, Any]]:
        """What this test asked and got, oldest first, as `/_mock/journal` tells it."""
        return cast("list[dict[str, Any]]", export(self.journal)["entries"])

    @property
    def dollars(self) -> float:
        """What the real API would have charged for this test."""
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
        __tracebackhide__ = True
        verdict = verify(self.journal, {"match": dict(match or {}), **expectation})
        _assert(verdict.passed, verdict.text)

    def assert_all_legal(self) -> None:
        """Assert that the API refused nothing of its own accord; failures that were asked for do not count."""
        __tracebackhide__ = True
        refused = [told_in_a_line(entry) for entry in self.journal.entries() if entry.rule and not entry.played]
        _assert(not refused, "\n".join([f"the Images API refused {len(refused)} of this test's requests", *refused]))

    def assert_nothing_billed_twice(self) -> None:
        """Assert that no request was paid for again after its reply was lost."""
        __tracebackhide__ = True
        pairs = billed_twice(self.journal)
        told = [f"#{pair.first} and #{pair.second}: {pair.reason}, ${pair.dollars:.3f}" for pair in pairs]
        _assert(not pairs, "\n".join(["requests were billed twice", *told]))

    def assert_coverage(self, least: float) -> None:
        """Assert that at least this share, from 0 to 1, of all refusals and scenarios was met."""
        __tracebackhide__ = True
        short = coverage(self.journal, [scenario.id for scenario in scenarios()]).shortfall(least)
        _assert(not short, short)

    def told(self) -> str:
        """Return the requests of this test, a line each."""
        return "\n".join(told_in_a_line(entry) for entry in self.journal.entries())

    def freeze(self, at: float | None = None) -> None:
        """Let this test's time stand still, now or at a moment in Unix seconds."""
        self._world.space.clock.freeze(at)

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once: a limit recovers, a picture's URL expires."""
        self._world.space.clock.advance(seconds)

    def thaw(self) -> None:
        """Let time run again, from where it stood."""
        self._world.space.clock.thaw()

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


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Let variables stand in the environment for a while, and what stood there come back."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
