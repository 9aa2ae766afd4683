"""What is drawn by chance from a strategy of schemathesis: the same for the same seed, and nothing is left behind."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import hypothesis
from hypothesis import configuration

if TYPE_CHECKING:
    from collections.abc import Iterator

_HOME: Final = "__hypothesis_home_directory"
"""Where hypothesis remembers the directory that it was told."""


def drawn(strategy: Any, examples: int, seed: int) -> list[Any]:  # noqa: ANN401 - schemathesis' own
    """Return the bodies of as many cases as `examples`; none for 0."""
    found: list[Any] = []
    if not examples:
        return found

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(strategy)
    def keep(case: Any) -> None:  # noqa: ANN401 - as above
        found.append(case.body)

    with elsewhere():
        keep()
    return found


@contextmanager
def elsewhere() -> Iterator[None]:
    """Let hypothesis keep its tables of Unicode out of the working directory, and forget that afterwards."""
    before = getattr(configuration, _HOME)
    configuration.set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "mockserver-hypothesis")
    try:
        yield
    finally:
        configuration.set_hypothesis_home_dir(before)
