"""A matrix as JUnit XML, as CI servers read it: a suite for each client, a test case for each cell.

The elements and attributes are those of the schema that Jenkins' xUnit plugin publishes (junit-10.xsd).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from mockserver.contract.certify.report.account import account, sentence
from mockserver.contract.certify.report.sums import name, total

if TYPE_CHECKING:
    from mockserver.contract.certify.verdict import Cell, Certificate, Matrix

_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot say, or discourages."""


def render(matrix: Matrix) -> str:
    """Return the whole report. What is allowed passes, and says why; what is absent is skipped."""
    found = total(cell for certificate in matrix.certificates for cell in certificate.cells)
    seconds = sum(certificate.seconds for certificate in matrix.certificates)
    cells = sum(len(certificate.cells) for certificate in matrix.certificates)
    root = ET.Element(
        "testsuites",
        name="Images API conformance",
        tests=str(cells),
        failures=str(found.failed),
        errors="0",
        time=_seconds(seconds),
    )
    for certificate in matrix.certificates:
        _suite(root, certificate, matrix)
    ET.indent(root, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(root: ET.Element, certificate: Certificate, matrix: Matrix) -> None:
    found = total(certificate.cells)
    suite = ET.SubElement(
        root,
        "testsuite",
        name=_text(name(certificate)),
        tests=str(len(certificate.cells)),
        failures=str(found.failed),
        errors="0",
        skipped=str(found.absent),
        time=_seconds(certificate.seconds),
        timestamp=f"{_text(matrix.made)}T00:00:00",
    )
    properties = ET.SubElement(suite, "properties")
    told = {"mockserver": matrix.mockserver, "seed": str(matrix.seed), "runtime": certificate.runtime}
    for key, value in told.items():
        ET.SubElement(properties, "property", name=key, value=_text(value))
    for cell in certificate.cells:
        _case(suite, cell, certificate)


def _case(suite: ET.Element, cell: Cell, certificate: Certificate) -> None:
    place = ".".join(filter(None, (_text(certificate.client), cell.behaviour.group, _text(cell.behaviour.topic))))
    case = ET.SubElement(suite, "testcase", name=_text(cell.behaviour.id), classname=place, time=_seconds(cell.seconds))
    if cell.verdict == "absent":
        ET.SubElement(case, "skipped", message=_text(cell.reason))
    elif cell.verdict == "fail":
        first = cell.findings[0] if cell.findings else None
        message = f"{first.rule}: {sentence(first)}" if first else "it fails"
        failure = ET.SubElement(case, "failure", type=_text(first.rule if first else "fail"), message=_text(message))
        failure.text = _text("\n".join(account(cell)))
    elif cell.verdict == "allowed":
        ET.SubElement(case, "system-out").text = _text("\n".join(account(cell)))


def _text(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"
