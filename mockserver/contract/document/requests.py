"""The bodies of requests: one closed object for each family, of which a request fits exactly one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from mockserver.contract.document.families import families
from mockserver.uploads import PICTURE_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mockserver.apis import Api
    from mockserver.contract.document.components import Components
    from mockserver.contract.document.families import Family, Media, Operation

    Schema = dict[str, Any]

MEDIA_TYPES: Final[Mapping[Media, str]] = {"json": "application/json", "form": "multipart/form-data"}

_PICTURES: Final = {"contentType": ", ".join(PICTURE_TYPES)}

_LARGE: Final = 300
"""Characters from which on a parameter's schema gets a name."""


def body(operation: Operation, api: Api, components: Components, examples: Mapping[str, Any]) -> Schema | None:
    """Return the request body of an endpoint, or None where no model has it; `examples` are those of its JSON."""
    content: dict[str, Any] = {}
    kinds: tuple[Media, ...] = ("json", "form")
    for media in kinds:
        found = families(operation, media, api)
        if not found:
            continue
        schemas = [_component(family, api, components) for family in found]
        content[MEDIA_TYPES[media]] = {"schema": schemas[0] if len(schemas) == 1 else {"oneOf": schemas}}
        if media == "form":
            content[MEDIA_TYPES[media]]["encoding"] = _encoding(found)
        elif examples:
            content[MEDIA_TYPES[media]]["examples"] = dict(examples)
    return {"required": True, "content": content} if content else None


def _component(family: Family, api: Api, components: Components) -> Schema:
    told = on_the_wire(family)
    told["properties"] = {
        param: _property(param, schema, family, components) for param, schema in told["properties"].items()
    }
    door = "azure-" if api.azure else ""
    media = f"-{family.media}" if family.operation == "edits" else ""
    told["description"] = f"For {', '.join(family.models)}."
    return components.put(f"{door}{family.operation}{media}-{family.name}", told)


def _property(param: str, schema: Schema, family: Family, components: Components) -> Schema:
    told = components.put(f"{param}-in-{family.media}", schema) if len(json.dumps(schema)) > _LARGE else schema
    return {**told, "default": family.defaults[param]} if param in family.defaults else told


def on_the_wire(family: Family) -> Schema:
    """Return the object of a family with several files as a form has them: parts of a name that ends in `[]`."""
    told = family.schema()
    if family.media == "json" or "anyOf" not in told["properties"]["image"]:
        return told
    one, several = told["properties"]["image"]["anyOf"]
    told["properties"] |= {"image": one, "image[]": several}
    told["required"] = [param for param in told["required"] if param != "image"]
    return {**told, "oneOf": [{"required": ["image"]}, {"required": ["image[]"]}]}


def _encoding(found: Iterable[Family]) -> Schema:
    """Return the media types of files, part by part."""
    names = {name for family in found for name in on_the_wire(family)["properties"]}
    return {name: _PICTURES for name in ("image", "image[]", "mask") if name in names}
