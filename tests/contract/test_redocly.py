"""The document for a linter of another house: Redocly's, a release that is named here, run where there is node."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.apis import NEWEST, Api
from mockserver.contract.certify.clients import environments
from mockserver.contract.certify.clients.client import ClientError
from mockserver.contract.certify.clients.environments import Environment
from mockserver.contract.document.openapi import document

if TYPE_CHECKING:
    from collections.abc import Callable

REDOCLY = Environment("redocly 2.77.0", "npm", ("@redocly/cli@2.77.0",))

NOT_FOR_US = (
    "no-illogical-composition-keywords",  # wants `model` in every object; ours are proved to have nothing in common
    "no-required-schema-properties-undefined",  # does not see properties beside the `anyOf` that requires one of them
)


@pytest.fixture(scope="module")
def lint(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[object], list[str]]:
    """Return the rules that a document breaks."""
    kept: pytest.Cache = request.config.cache
    try:
        folder = environments.made(REDOCLY, kept.mkdir("redocly"), print)
        node = environments.program("node")
    except ClientError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    program = folder / "node_modules" / "@redocly" / "cli" / "bin" / "cli.js"
    path = tmp_path_factory.mktemp("redocly") / "openapi.json"
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_COLOR": "1"}

    def rules(told: object) -> list[str]:
        path.write_text(json.dumps(told))
        skipped = [f"--skip-rule={rule}" for rule in NOT_FOR_US]
        done = subprocess.run(  # noqa: S603 - a fixed command
            [node, str(program), "lint", str(path), "--extends=recommended-strict", "--format=json", *skipped],
            env={**os.environ, **quiet},
            cwd=path.parent,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.stdout, done.stderr
        return [problem["ruleId"] for problem in json.loads(done.stdout)["problems"]]

    return rules


@pytest.mark.parametrize("api", [NEWEST, Api(date(2026, 11, 23))], ids=str)
def test_the_document_is_clean(api: Api, lint: Callable[[object], list[str]]) -> None:
    """By its strictest common set of rules."""
    assert lint(document(api)) == []


def bad_example(told: dict[str, Any]) -> None:
    """Show a request that no object takes."""
    request = told["paths"]["/v1/images/generations"]["post"]["requestBody"]["content"]["application/json"]
    request["examples"]["the-least"]["value"] = {"prompt": 1}


def nullable(told: dict[str, Any]) -> None:
    """Use a word of OpenAPI 3.0."""
    told["components"]["schemas"]["generations-dall-e-2"]["properties"]["n"]["nullable"] = True


def misspelt(told: dict[str, Any]) -> None:
    """Use a word that there is not."""
    told["components"]["schemas"]["generations-dall-e-2"]["requires"] = []


def dangling(told: dict[str, Any]) -> None:
    """Refer to nothing."""
    told["components"]["schemas"]["generations-dall-e-2"]["properties"]["n"] = {"$ref": "#/components/schemas/none"}


@pytest.mark.parametrize("plant", [bad_example, nullable, misspelt, dangling])
def test_the_linter_sees_what_is_planted(
    plant: Callable[[dict[str, Any]], None], lint: Callable[[object], list[str]]
) -> None:
    """So that a clean report means something."""
    told = json.loads(json.dumps(document()))
    plant(told)
    assert lint(told)
