"""A matrix as one HTML page that needs nothing else: no network, no other file, and no trust in what it shows.

Whatever a client or a reply says is escaped, and the page's policy lets its own style and script run, and no other.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mockserver.contract.certify.report.account import clean, sentence
from mockserver.contract.certify.report.document import document, to_json
from mockserver.contract.certify.report.sums import (
    GROUPS,
    VERDICTS,
    columns,
    grouped,
    name,
    percent,
    ratio,
    row,
    sections,
    total,
)
from mockserver.contract.certify.verdict import FINDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mockserver.contract.certify.report.sums import Section, Sum
    from mockserver.contract.certify.verdict import Cell, Certificate, Matrix

_HERE: Final = Path(__file__).parent
_NAMED: Final = 12
"""Columns up to which each has its title above it."""

_PAIRS: Final = "Each failure twice: as long as it lasts (…always), and when it passes after one attempt (…once)."


def render(matrix: Matrix) -> str:
    """Return the whole page."""
    style, script = ((_HERE / file).read_text("utf-8") for file in ("page.css", "page.js"))
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'"
    return "".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}; form-action \'none\'">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="light dark">\n',
            f"<title>Images API conformance</title>\n<style>{style}</style>\n</head>\n<body>\n",
            *_head(matrix),
            '<main id="main">\n',
            *_cards(matrix),
            *_tools(matrix),
            *_matrix(matrix),
            *_failing(matrix),
            "</main>\n",
            '<p id="hint" aria-hidden="true"></p>\n',
            '<aside id="witness" aria-label="Witness" tabindex="-1" hidden></aside>\n',
            f'<script type="application/json" id="data">{_data(matrix)}</script>\n',
            f"<script>{script}</script>\n</body>\n</html>\n",
        )
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _data(matrix: Matrix) -> str:
    """Return what the script reads, as JSON in which nothing can end the element that holds it."""
    text = to_json(document(matrix) | {"rules": FINDINGS}, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _text(text: str) -> str:
    return escape(clean(text))


def _head(matrix: Matrix) -> Iterator[str]:
    clients, found = len(matrix.certificates), len(columns(matrix))
    yield '<header>\n<a class="skip" href="#matrix">To the matrix</a>\n<h1>Conformance to the Images API</h1>\n'
    yield f"<p>{clients} {'client' if clients == 1 else 'clients'}, {found} behaviours. "
    yield f"Made on <time>{_text(matrix.made)}</time> by mockserver {_text(matrix.mockserver)}, seed {matrix.seed}.</p>"
    yield "\n</header>\n"


def _cards(matrix: Matrix) -> Iterator[str]:
    yield '<section class="cards" aria-label="Clients">\n'
    for each in matrix.certificates:
        found = total(each.cells)
        yield f'<article class="card {_state(found)}"><h2>{_text(each.client)}</h2>'
        yield f"<p>{_text(' · '.join(filter(None, (each.version, each.runtime)))) or '&nbsp;'}</p>"
        yield f'<p class="share">{percent(found)}</p>{_bar(found)}<p>{_told(found)}</p></article>\n'
    yield "</section>\n"


def _state(found: Sum) -> str:
    return "bad" if found.failed else "good" if found.judged else "none"


def _bar(found: Sum) -> str:
    """Return the sum as a bar; its lengths are attributes, since the policy forbids styles within the text."""
    whole = sum((found.passed, found.allowed, found.failed, found.absent)) or 1
    bar, x = "", 0.0
    for verdict, count in (("pass", found.passed), ("allowed", found.allowed), ("fail", found.failed)):
        width = 100 * count / whole
        bar += f'<rect class="{verdict}" x="{x:.3f}" width="{width:.3f}" height="4"/>'
        x += width
    return f'<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">{bar}</svg>'


def _told(found: Sum) -> str:
    parts = ((found.passed, "pass"), (found.failed, "fail"), (found.allowed, "allowed"), (found.absent, "absent"))
    return ", ".join(f"{number} {word}" for number, word in parts if number)


def _tools(matrix: Matrix) -> Iterator[str]:
    found = total(cell for each in matrix.certificates for cell in each.cells)
    counts = dict(
        zip(
            ("pass", "allowed", "fail", "absent"),
            (found.passed, found.allowed, found.failed, found.absent),
            strict=True,
        )
    )
    yield '<section class="tools" aria-label="Filter" hidden>\n'
    yield '<input type="search" id="search" placeholder="Filter by behaviour, rule or text" aria-label="Filter">\n'
    for verdict, meaning in VERDICTS.items():
        yield f'<button type="button" class="toggle" data-verdict="{verdict}" aria-pressed="true" title="{meaning}">'
        yield f'<i class="c {verdict}"></i>{verdict} <b>{counts[verdict]}</b></button>\n'
    yield '<p id="found" role="status"></p>\n</section>\n'


def _matrix(matrix: Matrix) -> Iterator[str]:
    alone = " alone" * (len(matrix.certificates) == 1)
    yield f'<section id="matrix" class="matrix{alone}" aria-label="Matrix">\n'
    last = ""
    for part in sections(columns(matrix)):
        if part.topic and part.group != last:
            yield f'<div class="wide"><h2>{_capital(GROUPS[part.group])}</h2><p>{_PAIRS}</p></div>\n'
        last = part.group
        yield from _grid(matrix, part)
    yield "</section>\n"


def _grid(matrix: Matrix, part: Section) -> Iterator[str]:
    titled = len(part.behaviours) <= _NAMED and not part.topic
    yield f'<div class="part"><table class="grid{" titled" * titled}">'
    yield f"<caption>{_text(_capital(part.heading))}</caption><thead>"
    yield '<tr><th scope="col"><span class="hidden">client</span></th>'
    for behaviour in part.behaviours:
        yield f'<th scope="col"><span{"" if titled else " class=hidden"}>{_text(behaviour.title)}</span></th>'
    yield '<th scope="col"><span class="hidden">sum</span></th></tr></thead><tbody>\n'
    for number, each in enumerate(matrix.certificates):
        yield from _row(each, number, part)
    yield "</tbody></table></div>\n"


def _row(certificate: Certificate, number: int, part: Section) -> Iterator[str]:
    places = {cell.behaviour.id: place for place, cell in enumerate(certificate.cells)}
    cells = row(certificate, part.behaviours)
    yield f'<tr><th scope="row" title="{_text(name(certificate))}">{_text(certificate.client)}</th>'
    for behaviour, cell in zip(part.behaviours, cells, strict=True):
        end = ' class="end"' if behaviour.id.endswith(".once") else ""
        yield f"<td{end}>{_cell(cell, f'{number}.{places[cell.behaviour.id]}') if cell else ''}</td>"
    found = total(filter(None, cells))
    yield f'<td class="sum">{ratio(found)}</td></tr>\n'


def _cell(cell: Cell, place: str) -> str:
    return f'<button type="button" class="c {cell.verdict}" data-at="{place}">{cell.verdict}</button>'


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _failing(matrix: Matrix) -> Iterator[str]:
    """Yield what fails in words, which needs no script."""
    yield '<section class="failing">\n<h2>What fails</h2>\n'
    failing = [(each, [cell for cell in each.cells if cell.verdict == "fail"]) for each in matrix.certificates]
    if not any(cells for _, cells in failing):
        yield "<p>Nothing.</p>\n"
    yield from (
        f'<p class="stale">{_text(name(each))}: {_text(text)}</p>\n' for each, _ in failing for text in each.stale
    )
    for number, (each, cells) in enumerate(failing):
        if cells:
            yield f"<details open><summary>{_text(name(each))} <b>{len(cells)}</b></summary>\n"
            yield from _rules(each, cells, number)
            yield "</details>\n"
    yield "</section>\n"


def _rules(certificate: Certificate, cells: Sequence[Cell], number: int) -> Iterator[str]:
    places = {cell.behaviour.id: place for place, cell in enumerate(certificate.cells)}
    for rule, members in grouped((cell for cell in cells if cell.findings), lambda cell: cell.findings[0].rule):
        yield f"<h3><code>{_text(rule)}</code> {_text(FINDINGS.get(rule, ''))} <b>{len(members)}</b></h3>\n<ul>\n"
        for text, alike in grouped(members, lambda cell: sentence(cell.findings[0])):
            yield f'<li><p class="said">{_text(text)}</p><p>'
            for cell in alike:
                at = f"{number}.{places[cell.behaviour.id]}"
                yield f'<button type="button" class="link" data-at="{at}">{_text(cell.behaviour.id)}</button> '
            yield "</p></li>\n"
        yield "</ul>\n"
