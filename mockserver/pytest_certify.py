"""For pytest: one test function becomes an item for each behaviour that a client of the Images API should have."""

from __future__ import annotations

import os
import shlex
import sys
from contextlib import ExitStack
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mockserver.contract.certify.clients.client import Allowance
    from mockserver.contract.certify.examination import Examination
    from mockserver.contract.certify.verdict import Cell

    Tested = str | Sequence[str] | Callable[..., Any]

_FIXTURE: Final = "certify_images_client"
MARKER: Final = "images_behaviours"


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of the marker."""
    text = f"{MARKER}(*patterns): the behaviours that {_FIXTURE} is for, such as 'sends.*'; without it, all"
    config.addinivalue_line("markers", text)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make an item for each behaviour; nothing is started before the first of them runs."""
    if _FIXTURE not in metafunc.fixturenames:
        return
    patterns = [pattern for mark in metafunc.definition.iter_markers(MARKER) for pattern in mark.args]
    try:
        ids = _behaviours(patterns or [None])
    except ValueError as error:
        metafunc.parametrize(_FIXTURE, [error], indirect=True, ids=["mistake"])
    else:
        metafunc.parametrize(_FIXTURE, ids, indirect=True, ids=ids)


def _behaviours(patterns: Sequence[str | None]) -> list[str]:
    """Return the ids that patterns mean, None for all.

    Raises:
        ValueError: there is none, or no certification without the extra; the text says what to do.
    """
    if find_spec("schemathesis") is None:
        msg = f"{_FIXTURE} needs an extra: pip install 'images-mockserver[contract]'"
        raise ValueError(msg)
    from mockserver.contract.certify.behaviours import behaviours  # noqa: PLC0415 - only a suite that certifies pays

    wanted = {each.id for pattern in patterns for each in behaviours(pattern)}
    return [each.id for each in behaviours() if each.id in wanted]


class Certifier:
    """Certifies one behaviour of a client: that of the item which it was made for."""

    def __init__(self, behaviour: str, examinations: Examinations) -> None:
        self.behaviour = behaviour
        """Its id, as `mockserver certify --list` tells it."""

        self._examinations = examinations

    def __call__(  # noqa: PLR0913 - one argument per option of the command
        self,
        client: Tested,
        *,
        allow: str | Path | Sequence[Allowance] = (),
        python: str | None = None,
        seed: int = 42,
        examples: int = 40,
        deadline: float = 10.0,
    ) -> Cell:
        """Put the client to it, and end the test accordingly.

        A failure fails the test and tells the witness, one that is allowed is an expected failure (`xfail`) with its
        reason, and what the client cannot be asked is skipped.

        Args:
            client: a function or class of a module, `pkg.mod:name`, the name of a ready-made client, or the words of a
                command that speaks the line protocol.
            allow: a file of allowances, or allowances.
            python: the interpreter that the callable needs; None for this one.
            seed: what chance begins with.
            examples: requests by chance for each operation.
            deadline: seconds that a call may take.
        """
        __tracebackhide__ = True
        key = (_written(client), str(allow), python, seed, examples, deadline)
        examination = self._examinations.of(
            key, lambda: _examination(client, allow, python, (seed, examples, deadline))
        )
        cell = examination if isinstance(examination, str) else _asked(examination, self.behaviour)
        if isinstance(cell, str):
            pytest.fail(cell, pytrace=False)
        _end(cell)
        return cell


class Examinations:
    """Every client that this process certifies, with its server and its worker."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._kept: dict[object, Examination | str] = {}

    def of(self, key: object, make: Callable[[], Examination]) -> Examination | str:
        """Return the examination of a key, started where it is the first time; what keeps it from that as a text."""
        from mockserver.contract.certify.clients.client import ClientError  # noqa: PLC0415 - as above

        if key not in self._kept:
            try:
                self._kept[key] = self._stack.enter_context(make())
            except ClientError as error:
                self._kept[key] = str(error)
        return self._kept[key]


def _asked(examination: Examination, behaviour: str) -> Cell | str:
    """Return a cell, or what kept the client from being asked."""
    from mockserver.contract.certify.worker import WorkerError  # noqa: PLC0415 - as above

    try:
        return examination.cell(behaviour)
    except WorkerError as error:
        return str(error)


def _end(cell: Cell) -> None:
    __tracebackhide__ = True
    if cell.verdict == "absent":
        pytest.skip(cell.reason)
    if cell.verdict == "allowed":
        pytest.xfail(cell.reason)
    if cell.verdict == "fail":
        from mockserver.contract.certify.report.account import account  # noqa: PLC0415 - only a failure pays for it

        pytest.fail("\n".join(account(cell)), pytrace=False)


def _written(client: Tested) -> tuple[str, str]:
    """Return how a client is written on the command line: the option, and what stands behind it."""
    if isinstance(client, str):
        return "--client", client
    if callable(client):
        return "--client", f"{client.__module__}:{client.__qualname__}"
    return "--client-cmd", shlex.join(client)


def _examination(
    client: Tested, allow: str | Path | Sequence[Allowance], python: str | None, chance: tuple[int, int, float]
) -> Examination:
    """Prepare an examination of a client.

    Raises:
        ClientError: there is none of that name, or it cannot be had here.
    """
    from mockserver.contract.certify.again import again  # noqa: PLC0415 - only a suite that certifies pays for it
    from mockserver.contract.certify.clients import allowed, choice  # noqa: PLC0415 - as above
    from mockserver.contract.certify.examination import Examination  # noqa: PLC0415 - as above

    file = Path(allow) if isinstance(allow, str | Path) else None
    option, written = _written(client)
    if option == "--client":
        made = choice.named(written, told=lambda _text: None, python=python)
    else:
        made = choice.from_command(written)
    if callable(client):  # it is imported as here
        made = replace(made, env={**made.env, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))})
    allowances = allowed.load(file) if file else cast("Sequence[Allowance]", allow)
    made = replace(made, allowances=(*made.allowances, *allowances))
    replay = again(option, written, python=python, allow=file)
    seed, examples, deadline = chance
    return Examination(made, seed=seed, examples=examples, deadline=deadline, replay=replay)


@pytest.fixture(scope="session")
def _images_examinations() -> Iterator[Examinations]:
    """Every client that this process certifies."""
    with ExitStack() as stack:
        yield Examinations(stack)


@pytest.fixture
def certify_images_client(request: pytest.FixtureRequest, _images_examinations: Examinations) -> Certifier:
    """Certifies one behaviour of a client of the Images API; a test that uses it is an item for each behaviour."""
    if isinstance(request.param, ValueError):
        pytest.fail(str(request.param), pytrace=False)
    return Certifier(request.param, _images_examinations)
