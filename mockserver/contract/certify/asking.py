"""The calls of a topic: made by schemathesis from the rule table, and as much of them as a client can say."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from mockserver import datafiles
from mockserver.contract import inputs
from mockserver.contract.certify.facets import facets
from mockserver.contract.certify.generated import drawn, enumerated
from mockserver.contract.certify.lines import Asked, Operation, Upload
from mockserver.contract.document.families import families
from mockserver.contract.document.schemas import FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from mockserver.contract.certify.generated import Body, Schema
    from mockserver.contract.certify.lines import Can
    from mockserver.contract.certify.topics import Topic
    from mockserver.contract.document.families import Family, Media

_ANY_MODEL: Final = ("alpha.png", "mask.png")
"""Square PNG files with alpha: what the legacy stack reads."""

_NEWER_MODELS: Final = ("square.png", "square.jpg", "square.webp", "alpha.png")
"""All as large as the mask."""

_MASK: Final = "mask.png"

_PROMPTS: Final = (
    "a fox\nand a hare",
    "a fox\r\nand a hare",
    "a fox\rand a hare",
    "  a fox, with room around  ",
    'a "fox" \\ and a \'hare\' & more; 100 % = all? {"n": 2} <b>',
    "ein Füchslein e\u0301 \u2028 🦊👩‍👩‍👧 \U00020bb7",
    '--boundary\r\nContent-Disposition: form-data; name="n"\r\n\r\n3',
)
"""What chance seldom meets and clients stumble over: ends of lines, white space, quotes, what is beyond the BMP."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is to be asked, wherever the server is."""

    op: Operation
    params: Mapping[str, Any]
    files: Mapping[str, Upload | Sequence[Upload]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How long it is: the shortest call that shows a fault is its witness."""
        return len(json.dumps(self.params)) + sum(
            1 if isinstance(one, Upload) else len(one) for one in self.files.values()
        )

    def asked(self, number: int, base_url: str, api_key: str, timeout: float) -> Asked:
        """Return the line that asks it of a server."""
        return Asked(number, self.op, base_url, api_key, self.params, self.files, timeout=timeout)


def calls(topic: Topic, can: Can, examples: int, seed: int) -> list[Call]:
    """Return the calls of a topic; none where the client cannot say any.

    Args:
        topic: what is asked for.
        can: what a caller of the client can say of the operation.
        examples: how many are drawn by chance, or a few more, over all families.
        seed: what chance begins with.
    """
    media: Media = "json" if topic.op == "generate" else "form"
    schemas = [schema for family in families(topic.operation, media) for schema in _facets(topic, family, can)]
    listed = itertools.chain.from_iterable(map(enumerated, schemas))
    chance = itertools.chain.from_iterable(drawn(schema, -(-examples // len(schemas)), seed) for schema in schemas)
    bodies = [*_telling(listed), *_hand_written(schemas), *chance]
    return [_call(topic, body) for body in bodies if not topic.nulls or None in body.values()]


def _telling(bodies: Iterable[Body]) -> Iterator[Body]:
    """Yield the bodies of which each says something new: a value of a parameter, or a parameter to a model."""
    said: set[tuple[str, str]] = set()
    for body in bodies:
        model = str(body.get("model"))
        says = {pair for name, value in body.items() for pair in ((name, json.dumps(value)), (model, name))}
        if not says <= said:
            said |= says
            yield body


def _hand_written(schemas: Sequence[Schema]) -> Iterator[Body]:
    """Yield what chance seldom meets, in the shortest body of one family after the other."""
    talking = [schema for schema in schemas if "prompt" in schema["properties"]]
    for prompt, schema in zip(_PROMPTS, itertools.cycle(talking), strict=False):
        shortest: Body = min(enumerated(schema), key=len)
        yield {**shortest, "prompt": prompt}


def _facets(topic: Topic, family: Family, can: Can) -> list[Schema]:
    pinned: dict[str, Schema | None] = {}
    if topic.stream and not (can.stream and "stream" in family.parameters):
        return []
    if topic.stream or not can.stream:
        pinned["stream"] = {"enum": [True]} if topic.stream else None
    elif "stream" in family.parameters:
        family = _still(family)
    if topic.images != "none":
        newer = family.parameters["image"] != FILE
        if topic.images == "several" and not newer:
            return []
        pinned["image"] = _pictures(topic, _NEWER_MODELS if newer else _ANY_MODEL)
        pinned["mask"] = {"enum": [_MASK]} if topic.mask else None
    return facets(family, can, pinned, nulls=topic.nulls)


def _still(family: Family) -> Family:
    """Return a family of which no stream is asked, but in so many words."""
    stream = {**family.parameters["stream"], "enum": [False]}
    return replace(family, parameters={**family.parameters, "stream": stream})


def _pictures(topic: Topic, names: Sequence[str]) -> Schema:
    file = {"enum": list(names)}
    return file if topic.images == "one" else {"type": "array", "items": file, "minItems": 2, "maxItems": 3}


def _call(topic: Topic, body: Body) -> Call:
    files = {part: body[part] for part in ("image", "mask") if part in body}
    params = {name: value for name, value in body.items() if name not in files}
    uploads: dict[str, Upload | list[Upload]] = {
        part: [_upload(one) for one in names] if isinstance(names, list) else _upload(names)
        for part, names in files.items()
    }
    return Call(topic.op, params, uploads)


def _upload(name: str) -> Upload:
    return Upload(str(datafiles.path("fixtures", "images", name)), name, inputs.declared_type(name))
