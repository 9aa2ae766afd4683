"""The operations of the document, path by path."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from mockserver.contract.document import answers, refusals
from mockserver.contract.document.examples import shown
from mockserver.contract.document.requests import body
from mockserver.models import models_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mockserver.apis import Api
    from mockserver.contract.document.components import Components
    from mockserver.contract.document.families import Operation
    from mockserver.models import Model
    from mockserver.rules import Rule

    Schema = dict[str, Any]
    Rows = Iterable[tuple[Model, Mapping[str, Rule]]]

_REFUSED: Final = (400, 401, 413, 429)


def images(operation: Operation, api: Api, components: Components) -> dict[str, Any] | None:
    """Return the operation of an endpoint that makes pictures, or None where that API has none."""
    told = shown(operation, api) if operation in {"generations", "edits"} and not api.azure else None
    request = body(operation, api, components, told.requests if told else {})
    if request is None:
        return None
    identifier, summary, _, _ = _IMAGES[operation]
    reply, event = answered(operation, api, components)
    content: dict[str, Any] = {"application/json": {"schema": reply}}
    if told:
        content["application/json"]["examples"] = told.replies
    if event:
        content["text/event-stream"] = {"schema": event, **({"examples": told.events} if told else {})}
    return {
        "operationId": f"azure{identifier[:1].upper()}{identifier[1:]}" if api.azure else identifier,
        "tags": ["Azure" if api.azure else "Images"],
        "summary": summary,
        "requestBody": request,
        "responses": {
            "200": {
                "description": "The pictures; one event after the other where a stream is asked for.",
                "headers": refusals.headers(*refusals.OF_API),
                "content": content,
            },
            **refusals.refusals(_REFUSED, {400: told.refusals} if told else {}),
        },
    }


def answered(operation: Operation, api: Api, components: Components) -> tuple[Schema, Schema | None]:
    """Return the reply of an endpoint, and an event of its streams; None where it has none."""
    _, _, singular, rows_of = _IMAGES[operation]
    rows, door = list(rows_of(api)), "azure-" if api.azure else ""
    replies = answers.any_of(answers.pictures(row, rules, singular, api, components) for row, rules in rows)
    events = [event for row, rules in rows for event in answers.events(row, rules, singular, components)]
    reply = components.put(f"{door}{operation}-reply", replies)
    return reply, components.put(f"{door}{operation}-event", answers.any_of(events)) if events else None


def azure(operation: Operation, api: Api, components: Components) -> dict[str, Any] | None:
    """Return the operation of Azure's newer paths, where `model` names a deployment."""
    told = images(operation, replace(api, azure=True), components)
    if told is None:
        return None
    told["security"] = [{"azure": []}, {"bearer": []}]
    told["responses"]["401"] = refusals.azure_refusal("No key, or not one that the server accepts.")
    told["responses"]["404"] = refusals.azure_refusal("No deployment of that name.")
    return told


def _generating(api: Api) -> Rows:
    return ((row, row.generate) for row in models_of(api).values())


def _editing(api: Api) -> Rows:
    return ((row, row.edit) for row in models_of(api).values() if row.edit)


def _varying(api: Api) -> Rows:
    return ((row, row.generate) for row in models_of(api).values() if row.files)


_IMAGES: Final[Mapping[Operation, tuple[str, str, str, Callable[[Api], Rows]]]] = {
    "generations": ("createImage", "Make pictures of a prompt.", "generation", _generating),
    "edits": ("createImageEdit", "Make pictures of a prompt and of pictures.", "edit", _editing),
    "variations": ("createImageVariation", "Make pictures like a picture.", "variation", _varying),
}
