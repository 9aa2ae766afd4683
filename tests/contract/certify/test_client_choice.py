"""What a user writes for a client, and what is said where that is none."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mockserver.contract.certify.clients import allowed, choice, registry
from mockserver.contract.certify.clients.client import ClientError
from mockserver.contract.certify.clients.registry import ready_made

if TYPE_CHECKING:
    from collections.abc import Callable

ADAPTERS = Path(choice.ADAPTERS)


@pytest.mark.parametrize("row", ready_made().values(), ids=list(ready_made()))
def test_a_ready_made_client_is_whole(row: registry.ReadyMade) -> None:
    """Its adapter is there, its packages are pinned, its allowances can be read."""
    assert (ADAPTERS / row.adapter[0]).is_file()
    separator = {"pip": "==", "npm": "@"}[row.kind]
    for packages in row.releases:
        assert all(separator in package[1:] for package in packages), packages
    assert all(version[0].isdigit() for version in row.versions)
    assert isinstance(row.allowances, tuple)


def test_every_file_of_allowances_is_of_a_client() -> None:
    """None is forgotten."""
    files = {path.stem for path in (registry.HERE / "allowances").glob("*")}
    assert files <= set(ready_made())


def test_a_bare_name_means_the_newest() -> None:
    """The first release."""
    row = ready_made()["openai-python"]
    assert row.environment().packages == row.releases[0]


@pytest.mark.parametrize(
    ("name", "version", "packages"),
    [
        ("openai-python", "3.50.0", ("openai==3.50.0",)),
        ("ai-sdk", "6.0.1", ("ai@6.0.1", "@ai-sdk/openai@3.0.141")),
        ("ai-sdk", "99.0.0", ("ai@99.0.0", "@ai-sdk/openai@4.0.118")),
        ("langchain-js", "1.5.0", ("@langchain/openai@1.5.0", "@langchain/core@1.4.0", "openai@7.57.0")),
    ],
)
def test_any_version_can_be_asked_for(name: str, version: str, packages: tuple[str, ...]) -> None:
    """With the other packages of its major version, else of the newest."""
    environment = ready_made()[name].environment(version)
    assert (environment.name, environment.packages) == (f"{name} {version}", packages)


def test_a_callable_is_run_by_this_python() -> None:
    """In the folder where the user is."""
    client = choice.named("my_pkg.images:generate", told=pytest.fail)
    assert client.name == "my_pkg.images:generate"
    assert client.command == (sys.executable, str(ADAPTERS / "python_callable.py"), "my_pkg.images:generate")
    assert client.cwd is None


def test_a_callable_is_run_by_the_python_that_is_named(tmp_path: Path) -> None:
    """A path, or what the PATH finds."""
    client = choice.named("a:b", told=pytest.fail, python=sys.executable)
    assert client.command[0] == sys.executable
    with pytest.raises(ClientError, match=r"nopython: there is no such program$"):
        choice.named("a:b", told=pytest.fail, python=str(tmp_path / "nopython"))


def test_a_command_is_split_as_a_shell_does() -> None:
    """And keeps its name."""
    client = choice.from_command(f"'{sys.executable}' -c 'import this'")
    assert client.command == (sys.executable, "-c", "import this")
    assert client.name == f"'{sys.executable}' -c 'import this'"


@pytest.mark.parametrize(
    ("choose", "text", "said"),
    [
        (choice.from_command, "", "an empty command: write what starts a worker, as in `node my_client.js`"),
        (choice.from_command, "node 'a", '"node \'a" is no command: no closing quotation'),
        (choice.from_command, "nonode a.js", "nonode: there is no such program on the PATH"),
        (
            choice.from_callable,
            "a-b:c",
            "'a-b:c' is no callable: write `module:attribute`, as in my_pkg.images:generate",
        ),
        (choice.from_callable, "a:", "'a:' is no callable: write `module:attribute`, as in my_pkg.images:generate"),
    ],
)
def test_what_cannot_be_run_is_said(choose: Callable[[str], object], text: str, said: str) -> None:
    """Before anything is started."""
    with pytest.raises(ClientError) as raised:
        choose(text)
    assert str(raised.value) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "openai-pyton",
            "no ready-made client 'openai-pyton': did you mean openai-python? A callable is written `module:attribute`",
        ),
        ("my_pkg", f"no ready-made client 'my_pkg': there are {', '.join(ready_made())}. A callable is written"),
        ("litellm@latest", "'latest' is no version: write litellm@"),
        ("litellm@", "'' is no version: write litellm@"),
        ("litellm@1 --pre", "'1 --pre' is no version: write litellm@"),
    ],
)
def test_an_unknown_client_is_refused(text: str, said: str) -> None:
    """With the nearest right spelling."""
    with pytest.raises(ClientError) as raised:
        choice.named(text, told=pytest.fail)
    assert str(raised.value).startswith(said)


GOOD = '[[allowance]]\nbehaviours = "sends.*"\nrule = "added"\nreason = "its default"\nplaces = "n"\n'


def test_allowances_are_read(tmp_path: Path) -> None:
    """One table each."""
    path = tmp_path / "mine.toml"
    path.write_text(GOOD)
    (one,) = allowed.load(path)
    assert (one.behaviours, one.rule, one.reason, one.places, one.versions) == (
        "sends.*",
        "added",
        "its default",
        "n",
        "*",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "mine.toml is not TOML: "),
        ("[[allowances]]", 'mine.toml has "allowances"; write "allowance"'),
        (GOOD.replace("added", "add"), "mine.toml, allowance 1 has the rule 'add'; write 'added'"),
        (GOOD.replace("its default", " "), "mine.toml, allowance 1 has no reason; say why this is right"),
        (GOOD.replace("reason", "why"), 'mine.toml, allowance 1 has "why"; known are'),
        (GOOD.replace("places", "place"), 'mine.toml, allowance 1 has "place"; write "places"'),
        ('allowance = "n"', 'mine.toml has "n" as "allowance", which must be a list'),
        ("allowance = [1]", "mine.toml, allowance 1 is 1, not an object"),
    ],
)
def test_faulty_allowances_are_refused(text: str, said: str, tmp_path: Path) -> None:
    """With the file, the table and what to write."""
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(ClientError) as raised:
        allowed.load(path)
    assert str(raised.value).startswith(said)


def test_missing_allowances_are_told(tmp_path: Path) -> None:
    """By their path."""
    with pytest.raises(ClientError, match=r"none\.toml cannot be read: No such file or directory"):
        allowed.load(tmp_path / "none.toml")
