"""What people type: options, their variables, mistakes and the help."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mockserver import __version__
from mockserver.cli import main
from mockserver.cli.serve import command
from mockserver.server import bind

OPTIONS = ("host", "port", "api-key", "latency", "picture-bytes", "seed", "log-level", "workers")
MOCKSERVER = [sys.executable, "-W", "error", "-m", "mockserver"]


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own choices out."""
    for option in OPTIONS:
        monkeypatch.delenv(variable(option), raising=False)


def variable(option: str) -> str:
    """Return the environment variable of `option`."""
    return f"MOCKSERVER_{option.upper().replace('-', '_')}"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command line that ends by itself."""
    return subprocess.run(  # noqa: S603  # our own command
        [*MOCKSERVER, *arguments], capture_output=True, text=True, timeout=20, check=False
    )


def parsed(*arguments: str) -> dict[str, object]:
    """Return the values that `serve` reads from a command line."""
    with command.make_context("serve", list(arguments)) as context:
        return context.params


READ = [
    ("host", "::1", "::1"),
    ("port", "0", 0),
    ("port", "65535", 65535),
    ("latency", "none", 0.0),
    ("latency", "real", 1.0),
    ("latency", "0.1", 0.1),
    ("picture-bytes", "Real", "real"),
    ("seed", "-7", -7),
    ("log-level", "DEBUG", "debug"),
    ("workers", "64", 64),
]


@pytest.mark.parametrize(("option", "text", "value"), READ)
def test_an_option_is_read(option: str, text: str, value: object) -> None:
    """A flag means what it says."""
    assert parsed(f"--{option}", text)[option.replace("-", "_")] == value


@pytest.mark.parametrize(("option", "text", "value"), READ)
def test_a_variable_is_read(option: str, text: str, value: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment says the same as a flag."""
    monkeypatch.setenv(variable(option), text)
    assert parsed()[option.replace("-", "_")] == value


def test_keys_are_gathered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys come from repeated flags or from one variable with spaces."""
    monkeypatch.setenv("MOCKSERVER_API_KEY", " sk-a\tsk-b ")
    assert parsed()["api_key"] == ("sk-a", "sk-b")
    assert parsed("--api-key", "sk-c", "--api-key", "sk-d")["api_key"] == ("sk-c", "sk-d")


def test_a_flag_wins_over_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is typed now overrides what was set before."""
    monkeypatch.setenv("MOCKSERVER_PORT", "1")
    assert parsed("--port", "2")["port"] == 2


def test_an_empty_variable_is_no_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that a script left empty means the default."""
    monkeypatch.setenv("MOCKSERVER_PORT", "")
    assert parsed()["port"] == 8080


MISTAKES = {
    "--prot 1": "no option --prot: did you mean --port?",
    "--xyzzy": "no option --xyzzy: see mockserver serve --help",
    "sreve": "no command sreve: did you mean serve?",
    "teapot": "no command teapot: the commands are serve,",
    "serve teapot": "got unexpected extra argument (teapot)",
    "--port": "option '--port' requires an argument",
    "--port x": "--port: 'x' is not a whole number from 0 to 65535",
    "--port 65536": "--port: '65536' is not a whole number from 0 to 65535",
    "--port -1": "--port: '-1' is not a whole number from 0 to 65535",
    "--workers 0": "--workers: '0' is not a whole number from 1 to 64",
    "--workers 65": "--workers: '65' is not a whole number from 1 to 64",
    "--seed 1.5": "--seed: '1.5' is not a whole number",
    "--latency soon": "--latency: 'soon' is not none, real, or a factor of 0 or more such as 0.1",
    "--latency -0.1": "--latency: '-0.1' is not none, real, or a factor of 0 or more",
    "--latency nan": "--latency: 'nan' is not none, real,",
    "--latency 1e999": "--latency: '1e999' is not none, real,",
    "--picture-bytes heavy": "--picture-bytes: 'heavy' is not light or real",
    "--log-level loud": "--log-level: 'loud' is not debug, info, warning or error",
    "--api-key kéy": "--api-key: 'kéy' is not a key: printable ASCII without spaces",
    "--host nowhere.invalid --port 0": "host 'nowhere.invalid' cannot be resolved",
}


@pytest.mark.parametrize(("typed", "said"), MISTAKES.items(), ids=MISTAKES)
def test_a_mistake_is_one_line(typed: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A bad command line is answered with one line on stderr, and status 2."""
    assert main(typed.split()) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith(f"mockserver: {said}")
    assert output.err.count("\n") == 1


@pytest.mark.parametrize("option", ["host", "api-key"])
def test_an_empty_value_is_a_mistake(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An option is given a value or left out."""
    assert main([f"--{option}", ""]) == 2
    assert capsys.readouterr().err.startswith(f"mockserver: --{option}: '' is not ")


def test_a_bad_variable_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A mistake in the environment is looked for there."""
    monkeypatch.setenv("MOCKSERVER_WORKERS", "many")
    assert main([]) == 2
    said = "mockserver: MOCKSERVER_WORKERS: 'many' is not a whole number from 1 to 64\n"
    assert capsys.readouterr().err == said


def test_a_port_in_use_is_one_line() -> None:
    """The most common failure says what to do."""
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        ended = run("--port", str(port))
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"mockserver: port {port} on 127.0.0.1 is in use: stop what listens")
    assert ended.stderr.count("\n") == 1


def test_the_version_is_told() -> None:
    """`python -m mockserver` is `mockserver`."""
    ended = run("--version")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"mockserver {__version__}\n", "")


@pytest.mark.parametrize("typed", ["--help", "-h", "serve --help"])
def test_the_help_shows_everything(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every option and its variable are on one page of 80 columns."""
    assert main(typed.split()) == 0
    page = capsys.readouterr().out
    for option in OPTIONS:
        assert f"  --{option} " in page
        assert variable(option) in page
    assert max(map(len, page.splitlines())) <= 80


def test_the_help_needs_no_server() -> None:
    """Help and version are quick: nothing that only the server needs is imported."""
    code = "import sys; from mockserver.cli import main; main(['--help']); print(sorted(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603  # our own
    assert "'uvicorn'" not in ended.stdout
    assert "'mockserver.contract'" not in ended.stdout


def test_the_server_starts_light() -> None:
    """Pictures, names and the contract are not paid for before they are needed."""
    code = "import sys, mockserver.cli.serve, mockserver.server, mockserver.app; print(sorted(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603  # our own
    heavy = {"'PIL'", "'faker'", "'mockserver.contract'", "'h11'", "'httpx'"}
    assert {name for name in heavy if name in ended.stdout} == set()
