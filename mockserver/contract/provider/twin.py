"""Each endpoint as one document to draw from: its families side by side, and names of files in place of files.

Neither files nor data URLs can be drawn by chance: most would be no picture, and refused rightly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mockserver.contract.document.schemas import one_of
from mockserver.contract.provider import oracle, samples
from mockserver.contract.provider.facet import operation_document
from mockserver.contract.provider.slim import members
from mockserver.uploads import MOST_PICTURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mockserver.contract.document.families import Family, Media, Operation

_FEW: Final = 3
"""Pictures of one drawn request at most; that sixteen are fine and seventeen are not has facets of its own."""


def twin(operation: Operation, media: Media) -> dict[str, Any]:
    """Return an OpenAPI document of one endpoint whose right bodies are some of those that it grants."""
    branches = [_drawable(family) for family in oracle.known(operation, media)]
    schema = branches[0] if len(branches) == 1 else {"oneOf": branches}
    return operation_document(operation, schema, title=f"{operation} as {media}")


def symbolic(family: Family) -> dict[str, Any]:
    """Return the schema of all symbolic bodies that a family grants, as far as pictures have names."""
    return _with_pictures(family, tuple(samples.IMAGES), tuple(samples.REFERENCES), MOST_PICTURES)


def _drawable(family: Family) -> dict[str, Any]:
    schema = _with_pictures(family, samples.PLAIN, [f"data-{name}" for name in samples.PLAIN], _FEW)
    if "pattern" in family.parameters.get("size", {}):
        # the edges alone: schemathesis takes a tenth of a second to break a pattern of ten kilobytes
        schema["properties"]["size"] = one_of([*dict.fromkeys(value for _, value in members(family, "size"))])
    return schema


def _with_pictures(family: Family, images: Sequence[str], references: Sequence[str], most: int) -> dict[str, Any]:
    schema = family.schema()
    pictures = _files(family, images, most) if family.media == "form" else _references(references, most)
    schema["properties"] = {param: pictures.get(param, what) for param, what in schema["properties"].items()}
    return schema


def _files(family: Family, images: Sequence[str], most: int) -> Mapping[str, Any]:
    looks = oracle.stack(family)
    one = one_of([name for name in images if samples.refused("image", "image", name, looks) is None])
    several = {"type": "array", "items": one, "minItems": 1, "maxItems": most}
    masks = [name for name in samples.MASKS if samples.refused("mask", "mask", name, looks) is None]
    return {"image": {"anyOf": [one, several]} if looks == "newer" else one, "mask": one_of(masks)}


def _references(names: Sequence[str], most: int) -> Mapping[str, Any]:
    good = [samples.REFERENCES[name] for name in names if not samples.is_refused(name)]
    return {
        "images": {"type": "array", "items": {"enum": good}, "minItems": 1, "maxItems": most},
        "mask": {"enum": [{"image_url": samples.data_url("mask")}, None]},
    }
