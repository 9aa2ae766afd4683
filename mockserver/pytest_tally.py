"""What all tests of a run asked of the Images API, told at its end; the sums of pytest-xdist's workers included."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from mockserver.journal.kept import Journal

OPTION: Final = "--images-coverage"
_SENT: Final = "images_api"
_LISTED: Final = 10


@dataclass
class Sums:
    """What was met, as a worker can send it."""

    requests: int = 0
    dollars: float = 0.0
    refused: list[str] = field(default_factory=list)
    """Requests that the API refused of its own accord, a line each."""

    twice: list[str] = field(default_factory=list)
    """What was billed twice, a line each."""

    rules: list[str] = field(default_factory=list)
    scenarios: list[str] = field(default_factory=list)

    def add(self, other: Sums) -> None:
        """Take in another's."""
        self.requests += other.requests
        self.dollars += other.dollars
        self.refused += other.refused
        self.twice += other.twice
        self.rules = list(dict.fromkeys(self.rules + other.rules))
        self.scenarios = list(dict.fromkeys(self.scenarios + other.scenarios))


class Tally:
    """Sums up over a run, and fails it where fewer failures were met than it asks for."""

    def __init__(self, least: float) -> None:
        self.sums = Sums()
        self.least = least
        """Share of refusals and scenarios, in percent."""

    def add(self, test: str, journal: Journal) -> None:
        """Take in what one test asked."""
        from mockserver.coverage import coverage  # noqa: PLC0415 - only a run that uses the server pays for it
        from mockserver.journal.shown import told_in_a_line  # noqa: PLC0415 - as above
        from mockserver.ledger import billed_twice, ledger  # noqa: PLC0415 - as above

        entries, met = journal.entries(), coverage(journal, _scenarios())
        refused = [entry for entry in entries if entry.rule and not entry.played]
        self.sums.add(
            Sums(
                requests=len(entries) + journal.dropped,
                dollars=ledger(journal).dollars,
                refused=[f"{test} {told_in_a_line(entry)}" for entry in refused],
                twice=[f"{test} #{one.first} and #{one.second}: {one.reason}" for one in billed_twice(journal)],
                rules=list(met.rules.done),
                scenarios=list(met.scenarios.done),
            )
        )

    def share(self) -> float:
        """Return how much of all refusals and scenarios was met, in percent."""
        from mockserver.sources import RULES  # noqa: PLC0415 - as above

        return 100 * (len(self.sums.rules) + len(self.sums.scenarios)) / (len(RULES) + len(_scenarios()))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Send the sums of a worker home; let a run fail that met too little."""
        output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[_SENT] = asdict(self.sums)
        elif self.least and self.share() < self.least and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:  # noqa: ANN401, ARG002 - pytest-xdist's own
        """Take in what a worker sent."""
        sent = getattr(node, "workeroutput", {}).get(_SENT)
        if sent is not None:
            self.sums.add(Sums(**sent))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell the sums, where there are any."""
        sums = self.sums
        if not sums.requests and not self.least:
            return
        say = terminalreporter.write_line
        terminalreporter.section("Images API")
        say(f"{sums.requests} requests, ${sums.dollars:.3f} saved")
        _list(say, "refused by the API itself", sums.refused)
        _list(say, "billed twice", sums.twice)
        say(f"met {len(sums.scenarios)} scenarios and {len(sums.rules)} refusals: error coverage {self.share():.1f} %")
        if self.share() < self.least:
            say(f"which is less than the {self.least:g} % of {OPTION}", red=True)


def _list(say: Any, what: str, lines: list[str]) -> None:  # noqa: ANN401 - a bound method of pytest's
    if lines:
        say(f"{len(lines)} {what}:")
        for line in lines[:_LISTED]:
            say(f"  {line}")
        if len(lines) > _LISTED:
            say(f"  and {len(lines) - _LISTED} more")


def _scenarios() -> list[str]:
    from mockserver.scenarios.catalogue import scenarios  # noqa: PLC0415 - as above

    return [scenario.id for scenario in scenarios()]
