"""One request of the gate, and what must come of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mockserver.contract import form
from mockserver.contract.case import Part
from mockserver.contract.provider import oracle
from mockserver.contract.provider.samples import IMAGES, MASKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mockserver.contract.document.families import Media, Operation
    from mockserver.contract.provider.expected import Granted, Refused

JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Request:
    """What goes onto the wire."""

    path: str
    """Below the base URL."""

    content_type: str | None
    """None sends no such header."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Case:
    """One request, symbolic, and what is due to it."""

    id: str
    """The facet's, with the number of the case among its cases and the model that is asked."""

    operation: Operation
    media: Media
    body: Mapping[str, Any]
    due: Granted | tuple[Refused, ...]
    """Of several refusals any may be told."""

    about: frozenset[str] = frozenset()
    """The parameters whose rule is tried; empty where it is all of them."""

    sent: Request | None = None
    """What is sent in place of the body, where no body says it."""

    def request(self) -> Request:
        """Return the request; made anew each time, as some are very large."""
        return self.sent or encoded(self.operation, self.media, self.body)

    @property
    def model(self) -> str | None:
        """The model that it names."""
        name = self.body.get("model")
        return name if isinstance(name, str) else None


def encoded(operation: Operation, media: Media, body: Mapping[str, Any]) -> Request:
    """Return a symbolic body as it goes onto the wire."""
    path = f"/images/{operation}"
    if media == "json":
        return Request(path, JSON, json.dumps(body).encode())
    return Request(path, form.CONTENT_TYPE, form.body(parts(body)))


def parts(body: Mapping[str, Any]) -> Iterator[Part]:
    """Yield the parts of a form: files by their names, a list in the array spelling, everything else as text."""
    for param, value in body.items():
        if param in oracle.PICTURES:
            names = MASKS if param == "mask" else IMAGES
            several = isinstance(value, list)
            for name in value if isinstance(value, list) else [value]:
                sample = names.get(name) if isinstance(name, str) else None
                spelt = f"{param}[]" if several else param
                yield sample.part(spelt) if sample else Part(spelt, oracle.as_text(name).encode())
        else:
            yield Part(param, oracle.as_text(value).encode("utf-8", "surrogatepass"))
