"""A matrix as a JSON document and back, without loss."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

from mockserver.contract.certify.report.reading import DocumentError, read_value
from mockserver.contract.certify.report.sums import columns, total
from mockserver.contract.certify.verdict import Behaviour, Matrix
from mockserver.journal.plain import plain

SCHEMA: Final = "mockserver-certify/1"
"""What the document calls itself; the number changes when a reader of the old one would misread the new one."""


def write(matrix: Matrix) -> str:
    """Return the matrix as JSON: each behaviour once, cells that name it, and the sums for readers in a hurry."""
    return to_json(document(matrix), indent=1) + "\n"


def to_json(value: object, **how: Any) -> str:  # noqa: ANN401 - json's own
    """Return JSON in ASCII that every reader takes: a number that JSON lacks, which a client may tell, becomes text."""
    try:
        return json.dumps(value, allow_nan=False, **how)
    except ValueError:
        return json.dumps(plain(value), allow_nan=False, **how)


def document(matrix: Matrix) -> dict[str, Any]:
    """Return what `write` writes, as JSON-ready values."""
    content = asdict(matrix)
    for certificate in content["certificates"]:
        for cell in certificate["cells"]:
            cell["behaviour"] = cell["behaviour"]["id"]
    certificates = content.pop("certificates")
    return {
        "schema": SCHEMA,
        **content,
        "summary": [{"client": each.client, **asdict(total(each.cells))} for each in matrix.certificates],
        "behaviours": [asdict(behaviour) for behaviour in columns(matrix)],
        "certificates": certificates,
    }


def read(text: str | bytes) -> Matrix:
    """Return the matrix that a document tells.

    Raises:
        DocumentError: it is no such document, or one of another version.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        msg = f"it is no JSON document: {error}"
        raise DocumentError(msg) from None
    found = content.get("schema") if isinstance(content, dict) else None
    if found != SCHEMA:
        msg = f"it says schema {found!r}, where {SCHEMA!r} is read: `mockserver certify --json FILE` writes that"
        raise DocumentError(msg)
    told = read_value(tuple[Behaviour, ...], content.get("behaviours"), "behaviours", {})
    matrix: Matrix = read_value(Matrix, content, "", {behaviour.id: behaviour for behaviour in told})
    return matrix
