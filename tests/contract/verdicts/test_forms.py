"""Each form of a matrix: what its reader needs is in it, and nothing that a client says can break out of it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from mockserver.contract.certify.report import badge, junit, markdown, page, sarif, terminal
from mockserver.contract.certify.report.sums import total
from mockserver.contract.certify.verdict import FINDINGS, Matrix

if TYPE_CHECKING:
    from collections.abc import Callable

    from mockserver.contract.certify.verdict import Verdict


def count(matrix: Matrix, verdict: Verdict) -> int:
    """Return how many cells have a verdict."""
    return sum(cell.verdict == verdict for each in matrix.certificates for cell in each.cells)


def only(matrix: Matrix, verdict: Verdict) -> Matrix:
    """Return the first client with the cells of one verdict."""
    first = matrix.certificates[0]
    cells = tuple(cell for cell in first.cells if cell.verdict == verdict)
    return replace(matrix, certificates=(replace(first, cells=cells),))


FORMS: dict[str, Callable[[Matrix], str]] = {
    "terminal": lambda matrix: terminal.render(matrix, terminal.Look()),
    "witnesses": lambda matrix: terminal.render(matrix, terminal.Look(witnesses=True)),
    "markdown": markdown.render,
    "junit": junit.render,
    "sarif": sarif.render,
    "page": page.render,
    "badge": badge.render,
    "endpoint": badge.endpoint,
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_holds_no_control_character(matrix: Matrix, form: str) -> None:
    """A terminal's cursor stays where it is, and every text can be written as UTF-8."""
    text = FORMS[form](matrix)

    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", text)
    assert text.endswith("\n")


@pytest.mark.parametrize("form", FORMS)
def test_a_form_says_something_of_an_empty_matrix(form: str) -> None:
    """No client, or a client without cells, is no reason to fail."""
    assert FORMS[form](Matrix((), "2026-11-25", "0.1.0", 42))


def test_the_terminal_draws_a_mark_for_each_cell(matrix: Matrix) -> None:
    """And keeps to its width."""
    text = terminal.render(matrix, terminal.Look(width=80))
    strips = [line for line in text.splitlines() if re.search("[●✗◐○]{2}", line)]

    assert sum(line.count("●") for line in strips) == count(matrix, "pass")
    assert sum(line.count("✗") for line in strips) == count(matrix, "fail")
    assert max(len(line) for line in text.splitlines() if "mockserver certify" not in line) <= 80


def test_the_terminal_spells_out_what_fails(matrix: Matrix) -> None:
    """Every failing behaviour by its id, with the command that shows it again."""
    text = terminal.render(matrix, terminal.Look())
    failing = {cell.behaviour.id for each in matrix.certificates for cell in each.cells if cell.verdict == "fail"}

    assert all(behaviour in text for behaviour in failing)
    assert "see mockserver certify --client 'litellm' --only" in text
    assert "POST /v1/images/generations" not in text


def test_the_terminal_tells_witnesses_where_they_are_asked_for(matrix: Matrix) -> None:
    """What went over the wire, and what came back."""
    text = terminal.render(matrix, terminal.Look(witnesses=True))

    assert "wire 1    POST /v1/images/generations → 429 after 0 s [429-rate-limit]" in text


@pytest.mark.parametrize("form", ["terminal", "markdown", "page"])
def test_a_person_is_told_of_stale_allowances(matrix: Matrix, form: str) -> None:
    """Of the client that has one."""
    assert FORMS[form](matrix).partition('<script type="application/json"')[0].count("the allowance of raw in") == 1


@pytest.mark.parametrize("colour", [True, False])
def test_colours_are_for_terminals(matrix: Matrix, colour: bool) -> None:
    """Elsewhere there are none."""
    assert ("\x1b[" in terminal.render(matrix, terminal.Look(colour=colour))) is colour


def test_what_holds_is_rounded_down(matrix: Matrix) -> None:
    """99.7 percent are not 100."""
    first = matrix.certificates[0]
    cells = [cell for cell in first.cells if cell.verdict == "pass"]
    cells += [cell for cell in first.cells if cell.verdict == "fail"][:1]
    text = markdown.render(replace(matrix, certificates=(replace(first, cells=tuple(cells)),)))

    assert "| **conform** | **99 %** |" in text


def test_markdown_tells_what_holds_without_allowances(matrix: Matrix) -> None:
    """What is allowed counts as held, and the share without it stands below."""
    first = matrix.certificates[0]
    passing = next(cell for cell in first.cells if cell.verdict == "pass")
    cells = (passing, replace(passing, verdict="allowed", reason="it is known"))
    text = markdown.render(replace(matrix, certificates=(replace(first, cells=cells),)))

    assert "| **conform** | **100 %** |" in text
    assert "| where nothing is allowed | 50 % |" in text


def test_markdown_has_a_row_for_each_topic_and_a_column_for_each_client(matrix: Matrix) -> None:
    """As a README or a pull request shows it."""
    lines = [line for line in markdown.render(matrix).splitlines() if line.startswith("|")]

    assert lines[0].count("|") == 7
    assert re.match(r"\| what it sends \| 7/7 \| \d/8", lines[2])
    assert any(line.startswith("| failures: transport |") for line in lines)


def test_markdown_shows_hostile_text_as_it_is(matrix: Matrix) -> None:
    """No row of a table breaks, no element opens."""
    text = markdown.render(matrix)
    rows = [line for line in text.splitlines() if line.startswith("| sends")]

    assert rows
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 4 for line in rows)
    assert not re.search(r"(?<!\\)<(?!/?(details|summary)>)", re.sub(r"(?m)^ {4}.*$", "", text))


JUNIT: dict[str, set[str]] = {
    "testsuites": {"name", "time", "tests", "failures", "errors"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "timestamp"},
    "properties": set(),
    "property": {"name", "value"},
    "testcase": {"name", "time", "classname"},
    "failure": {"type", "message"},
    "skipped": {"message"},
    "system-out": set(),
}
"""Elements and attributes of junit-10.xsd that are used."""


def test_junit_has_a_case_for_each_cell(matrix: Matrix) -> None:
    """In the words of the schema, and with sums that are true."""
    root = ET.fromstring(junit.render(matrix))  # noqa: S314 - our own text

    assert all(set(each.attrib) <= JUNIT[each.tag] for each in root.iter())
    assert len(root.findall(".//testcase")) == sum(len(each.cells) for each in matrix.certificates)
    assert len(root.findall(".//failure")) == count(matrix, "fail") == int(root.get("failures", ""))
    assert len(root.findall(".//skipped")) == count(matrix, "absent")
    assert all(re.fullmatch(r"\d+\.\d{3}", each.get("time", "0.000")) for each in root.iter())


def test_junit_tells_the_witness_of_a_failure_and_the_reason_of_an_allowance(matrix: Matrix) -> None:
    """So that a CI server shows them."""
    failure = ET.fromstring(junit.render(only(matrix, "fail"))).find(".//failure")  # noqa: S314 - our own text
    allowed = ET.fromstring(junit.render(only(matrix, "allowed"))).find(".//system-out")  # noqa: S314 - our own text

    assert failure is not None
    assert failure.get("type") in FINDINGS
    assert "replay    mockserver certify" in (failure.text or "")
    assert allowed is not None
    assert "allowed   known since 2026" in (allowed.text or "")


def results(text: str) -> list[dict[str, Any]]:
    """Return the results of a SARIF log."""
    found: list[dict[str, Any]] = json.loads(text)["runs"][0]["results"]
    return found


def test_sarif_has_a_result_for_each_finding(matrix: Matrix) -> None:
    """With a rule that the log tells, a location, a message and a fingerprint of its own."""
    log = json.loads(sarif.render(matrix))
    rules = {rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    found = log["runs"][0]["results"]
    findings = sum(len(cell.findings) for each in matrix.certificates for cell in each.cells)

    assert log["version"] == "2.1.0"
    assert len(found) == findings
    assert {each["ruleId"] for each in found} <= rules == set(FINDINGS)
    assert len({each["partialFingerprints"]["finding/v1"] for each in found}) == findings
    assert all(each["message"]["text"] and each["locations"][0]["physicalLocation"] for each in found)


def test_sarif_suppresses_what_is_allowed(matrix: Matrix) -> None:
    """With the reason; what is absent is no result."""
    assert all(each["suppressions"][0]["justification"] for each in results(sarif.render(only(matrix, "allowed"))))
    assert not any("suppressions" in each for each in results(sarif.render(only(matrix, "fail"))))
    assert not results(sarif.render(only(matrix, "absent")))


@pytest.mark.parametrize(
    ("client", "file"),
    [
        ("my_pkg.images:generate", "my_pkg/images.py"),
        ("node src/my_client.js --fast", "src/my_client.js"),
        ("openai-python", "openai-python"),
        ("./client <x>", "./client%20%3Cx%3E"),
        ("a/../b: 100%", "a/../b%3A%20100%25"),
    ],
)
def test_sarif_points_to_a_file(client: str, file: str) -> None:
    """The one that the client most likely is."""
    assert sarif.where(client) == file


def test_the_badge_tells_the_least_share(matrix: Matrix) -> None:
    """As SVG and for shields.io."""
    endpoint = json.loads(badge.endpoint(matrix))
    svg = ET.fromstring(badge.render(matrix))  # noqa: S314 - our own text

    assert endpoint == {"schemaVersion": 1, "label": "Images API", "message": "65 % conform", "color": "#d6336c"}
    assert svg.get("aria-label") == "Images API: 65 % conform"


def test_the_badge_is_green_where_everything_holds(matrix: Matrix) -> None:
    """And grey where nothing was judged."""
    assert json.loads(badge.endpoint(only(matrix, "pass")))["color"] == "#2f9e44"
    assert json.loads(badge.endpoint(only(matrix, "absent")))["message"] == "not judged"


class Elements(HTMLParser):
    """What a browser makes of a page: elements with attributes, and the text of each kind of element."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.data = ""
        self._reads = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.found.append((tag, dict(attrs)))
        self._reads = dict(attrs).get("id") == "data"

    def handle_data(self, data: str) -> None:
        """Note the JSON that the script reads."""
        self.data += data * self._reads

    def handle_endtag(self, _tag: str) -> None:
        """End an element."""
        self._reads = False


@pytest.fixture(scope="module")
def elements(matrix: Matrix) -> Elements:
    """The elements of the page."""
    parser = Elements()
    parser.feed(page.render(matrix))
    parser.close()
    return parser


def test_the_page_needs_nothing_else(elements: Elements) -> None:
    """No element loads anything, and the policy would not let it."""
    kinds = {tag for tag, _ in elements.found}
    attributes = {name for _, attributes in elements.found for name in attributes}

    assert not kinds & {"img", "link", "iframe", "object", "embed", "base", "form"}
    assert not attributes & {"src", "style", "srcset", "action"}
    assert not [name for name in attributes if name.startswith("on")]
    assert {value["href"] for tag, value in elements.found if tag == "a"} == {"#matrix"}
    assert any("default-src 'none'" in (value.get("content") or "") for tag, value in elements.found if tag == "meta")


def test_the_page_runs_its_own_script_alone(elements: Elements) -> None:
    """Whatever a prompt closes: there are two scripts, one of them data."""
    assert [value.get("type") for tag, value in elements.found if tag == "script"] == ["application/json", None]


def test_the_page_has_a_cell_for_each_verdict(elements: Elements, matrix: Matrix) -> None:
    """Each a button that leads to its place in the data."""
    data = json.loads(elements.data)
    cells = [value for tag, value in elements.found if tag == "button" and "c" in (value["class"] or "").split()]

    assert len(cells) == sum(len(each.cells) for each in matrix.certificates)
    for value in cells:
        row, column = map(int, (value["data-at"] or "").split("."))
        assert value["class"] == f"c {data['certificates'][row]['cells'][column]['verdict']}"


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_script_of_the_page_is_javascript() -> None:
    """As far as a parser can tell."""
    script = Path(page.__file__).with_name("page.js")
    done = subprocess.run(["node", "--check", script], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603, S607 - a fixed command

    assert done.returncode == 0, done.stderr


def test_the_sum_leaves_out_what_is_absent(matrix: Matrix) -> None:
    """A client is judged by what it can be asked."""
    assert total(only(matrix, "absent").certificates[0].cells).share is None
    assert total(only(matrix, "allowed").certificates[0].cells).share == 100
