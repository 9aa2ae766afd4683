"""A matrix as SARIF 2.1.0 (OASIS, 2020): a result for each finding, so that code scanning shows it beside the code."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from mockserver.contract.certify.report.account import account, sentence
from mockserver.contract.certify.report.sums import name
from mockserver.contract.certify.verdict import FINDINGS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mockserver.contract.certify.verdict import Cell, Certificate, Finding, Matrix

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_CALLABLE: Final = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")
_FILE: Final = re.compile(r"[^\s'\"]+\.(?:py|[cm]?[jt]sx?|rb|go|rs|php|sh|java|kt|cs|ex|exs)\b")


def render(matrix: Matrix) -> str:
    """Return the whole report. What is allowed is a suppressed result with its reason; what is absent is left out."""
    results = [
        _result(certificate, cell, finding)
        for certificate in matrix.certificates
        for cell in certificate.cells
        if cell.verdict in {"fail", "allowed"}
        for finding in cell.findings
    ]
    driver = {
        "name": "mockserver certify",
        "version": matrix.mockserver,
        "rules": _rules(result["ruleId"] for result in results),
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "images-api-conformance/"},
        "columnKind": "unicodeCodePoints",
        "properties": {"made": matrix.made, "seed": matrix.seed},
        "results": results,
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _rules(met: Iterable[str]) -> list[dict[str, Any]]:
    """Return every rule of the vocabulary, and those of another version that were met."""
    known = FINDINGS | {rule: "a rule of another version" for rule in met if rule not in FINDINGS}
    return [
        {
            "id": rule,
            "shortDescription": {"text": f"{meaning[0].upper()}{meaning[1:]}."},
            "defaultConfiguration": {"level": "error"},
        }
        for rule, meaning in known.items()
    ]


def _result(certificate: Certificate, cell: Cell, finding: Finding) -> dict[str, Any]:
    whole = f"{name(certificate)}/{cell.behaviour.id}"
    mark = f"{certificate.client}\0{cell.behaviour.id}\0{finding.rule}\0{finding.place}"
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": "error",
        "message": {"text": f"{certificate.client}, {cell.behaviour.id}: {sentence(finding)}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": where(certificate.client)},
                    "region": {"startLine": 1},
                },
                "logicalLocations": [{"fullyQualifiedName": whole, "kind": "member"}],
            }
        ],
        "partialFingerprints": {"finding/v1": hashlib.sha256(mark.encode(errors="replace")).hexdigest()},
        "properties": {"client": name(certificate), "about": cell.behaviour.about, "witness": list(account(cell))},
    }
    if cell.verdict == "allowed":
        result["suppressions"] = [{"kind": "external", "justification": cell.reason}]
    return result


def where(client: str) -> str:
    """Return the file that a client most likely is, which code scanning asks for: its module, its script, its name."""
    if _CALLABLE.fullmatch(client):
        return f"{client.partition(':')[0].replace('.', '/')}.py"
    file = _FILE.search(client)
    return quote(file[0] if file else client, errors="replace")
