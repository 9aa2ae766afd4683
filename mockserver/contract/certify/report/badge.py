"""A matrix as a badge: an SVG of our own, or the JSON that shields.io's endpoint badge reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

from mockserver.contract.certify.report.sums import percent, total

if TYPE_CHECKING:
    from mockserver.contract.certify.report.sums import Sum
    from mockserver.contract.certify.verdict import Matrix

_LABEL: Final = "Images API"
_COLOURS: Final = (
    (100.0, "#2f9e44"),
    (95.0, "#74a800"),
    (80.0, "#e08e0b"),
    (0.0, "#d6336c"),
)
"""From which share, in percent, which colour."""

_NARROW, _WIDE = "fijlrtI.,:;'|!()[] ", "mwMW%@"
"""Characters that take half, and half again, the room of the others."""

_SIZE: Final = 11
_PAD: Final = 7


def render(matrix: Matrix) -> str:
    """Return the badge as SVG, which needs no font, script or network."""
    message, colour = said(matrix)
    left, right = _width(_LABEL) + 2 * _PAD, _width(message) + 2 * _PAD
    title = quoteattr(f"{_LABEL}: {message}")
    texts = "".join(
        f'<text x="{x:.1f}" y="15" fill="#000" fill-opacity=".25" textLength="{width}">{escape(text)}</text>'
        f'<text x="{x:.1f}" y="14" textLength="{width}">{escape(text)}</text>'
        for text, x, width in ((_LABEL, left / 2, left - 2 * _PAD), (message, left + right / 2, right - 2 * _PAD))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" aria-label={title}>'
        f"<title>{escape(f'{_LABEL}: {message}')}</title>"
        f'<clipPath id="r"><rect width="{left + right}" height="20" rx="4"/></clipPath>'
        f'<g clip-path="url(#r)"><rect width="{left}" height="20" fill="#444c56"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{colour}"/></g>'
        f'<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="{_SIZE}">'
        f"{texts}</g></svg>\n"
    )


def endpoint(matrix: Matrix) -> str:
    """Return the badge as the JSON of https://shields.io/badges/endpoint-badge."""
    message, colour = said(matrix)
    return json.dumps({"schemaVersion": 1, "label": _LABEL, "message": message, "color": colour}) + "\n"


def said(matrix: Matrix) -> tuple[str, str]:
    """Return what the badge says and its colour: of one client its share, of several the least one."""
    sums = [total(certificate.cells) for certificate in matrix.certificates]
    judged = [found for found in sums if found.share is not None]
    if not judged:
        return "not judged", "#868e96"
    least = min(judged, key=lambda found: found.share or 0.0)
    return f"{percent(least)} conform", _colour(least)


def _colour(found: Sum) -> str:
    return next(colour for least, colour in _COLOURS if (found.share or 0.0) >= least)


def _width(text: str) -> int:
    """Return about how many pixels a text takes in Verdana of 11 pixels; `textLength` makes it exact."""
    units = sum(0.55 if letter in _NARROW else 1.45 if letter in _WIDE else 1.0 for letter in text)
    return round(units * 6.6)
