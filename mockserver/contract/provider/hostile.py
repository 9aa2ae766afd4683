"""Requests that no generator writes: hardly JSON, hardly forms, prompts to trip over; each with what is due to it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from mockserver.contract import form
from mockserver.contract.case import Part
from mockserver.contract.provider import oracle
from mockserver.contract.provider.case import JSON, Case, Request
from mockserver.contract.provider.expected import Refused
from mockserver.contract.provider.samples import IMAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mockserver.contract.document.families import Operation
    from mockserver.contract.provider.expected import Granted

UNPARSABLE: Final = Refused(None, None, says="could not parse the JSON body")
UNPARSABLE_FORM: Final = Refused(None, None, says="Could not parse multipart form")
OTHER_TYPE: Final = Refused(None, "unsupported_content_type", says="Unsupported content type")

_MODEL: Final = "gpt-image-1"
_HEAD: Final = '{"model": "gpt-image-1", "prompt": "a cat"'
_DEEP: Final = 100_000
_LONGEST_NUMBER: Final = 5000
"""Digits: more than Python makes an integer of, which is 4300."""


def hostile() -> Iterator[Case]:
    """Yield every hostile case."""
    for name, text in _NO_JSON.items():
        yield _json(name, text, (UNPARSABLE,))
    for name, (text, refused) in _JSON_REFUSED.items():
        yield _json(name, text, (refused,))
    for name, (text, said) in _GRANTED.items():
        yield _json(name, text, _due(said))
    yield from _content_types()
    yield from _forms()


def _json(name: str, text: str | bytes, due: Granted | tuple[Refused, ...], content_type: str | None = JSON) -> Case:
    data = text if isinstance(text, bytes) else text.encode()
    sent = Request("/images/generations", content_type, data)
    return Case(f"hostile/json:{name}", "generations", "json", {}, due, sent=sent)


def _due(said: Mapping[str, object]) -> Granted | tuple[Refused, ...]:
    return oracle.expected("generations", "json", {"model": _MODEL, "prompt": "a cat", **said})


_NO_JSON: Final[Mapping[str, str | bytes]] = {
    "empty": "",
    "space": " ",
    "cut": _HEAD,
    "trailing": _HEAD + "} x",
    "trailing-comma": _HEAD + ",}",
    "single-quotes": "{'model': 'gpt-image-1'}",
    "comment": _HEAD + "} // a cat",
    "bom": "\ufeff" + _HEAD + "}",
    "utf-16": (_HEAD + "}").encode("utf-16"),
    "latin-1": b'{"model": "gpt-image-1", "prompt": "caf\xe9"}',
    "raw-surrogate": b'{"model": "gpt-image-1", "prompt": "\xed\xa0\x80"}',
    "overlong": b'{"model": "gpt-image-1", "prompt": "\xc0\xaf"}',
    "raw-control": '{"model": "gpt-image-1", "prompt": "a\nb"}',
    "nan": _HEAD + ', "n": NaN}',
    "infinity": _HEAD + ', "n": Infinity}',
    "minus-infinity": _HEAD + ', "n": -Infinity}',
    "leading-zero": _HEAD + ', "n": 01}',
    "plus": _HEAD + ', "n": +1}',
    "hex": _HEAD + ', "n": 0x1}',
    "huge-number": _HEAD + f', "n": {"9" * _LONGEST_NUMBER}}}',
    "deep-list": "[" * _DEEP + "]" * _DEEP,
    "deep-user": _HEAD + ', "user": ' + "[" * _DEEP + "]" * _DEEP + "}",
    "deep-object": '{"a":' * _DEEP + "1" + "}" * _DEEP,
    "list": "[]",
    "string": '"a cat"',
    "number": "1",
    "null": "null",
    "true": "true",
}
"""What cannot be read as one JSON object."""

_JSON_REFUSED: Final[Mapping[str, tuple[str, Refused]]] = {
    "1e400": (_HEAD + ', "n": 1e400}', Refused("n", "invalid_type")),
    "-1e400": (_HEAD + ', "n": -1e400}', Refused("n", "invalid_type")),
    "1e300": (_HEAD + ', "n": 1e300}', Refused("n", "integer_above_max_value")),
    "1e-400": (_HEAD + ', "n": 1e-400}', Refused("n", "integer_below_min_value")),
    "minus-zero": (_HEAD + ', "n": -0.0}', Refused("n", "integer_below_min_value")),
    "4300-digits": (_HEAD + f', "n": {"9" * 4300}}}', Refused("n", "integer_above_max_value")),
    "duplicate-last-wins": (_HEAD + ', "n": 1, "n": 11}', Refused("n", "integer_above_max_value")),
    "duplicate-prompt": (_HEAD + ', "prompt": ""}', Refused("prompt", "empty_string")),
    "empty-key": (_HEAD + ', "": 1}', Refused("", "unknown_parameter")),
    "surrogate-key": (_HEAD + ', "\\ud800": 1}', Refused("\ud800", "unknown_parameter")),
    "nul-key": (_HEAD + ', "n\\u0000": 1}', Refused("n\0", "unknown_parameter")),
    "proto": (_HEAD + ', "__proto__": {}}', Refused("__proto__", "unknown_parameter")),
    "surrogate-size": (_HEAD + ', "size": "\\ud800"}', Refused("size", "invalid_value")),
    "fullwidth-digit": (_HEAD + ', "size": "\\uff11024x1024"}', Refused("size", "invalid_value")),
    "emoji-too-long": (
        json.dumps({"model": _MODEL, "prompt": "\U0001f98a" * 32_001}),
        Refused("prompt", "string_above_max_length"),
    ),
}
"""JSON that is refused for what it says."""

_GRANTED: Final[Mapping[str, tuple[str, Mapping[str, object]]]] = {
    "lone-surrogate": ('{"model": "gpt-image-1", "prompt": "a \\ud800 cat"}', {}),
    "reversed-pair": ('{"model": "gpt-image-1", "prompt": "\\udd8a\\ud83e"}', {}),
    "escaped-emoji": ('{"model": "gpt-image-1", "prompt": "\\ud83e\\udd8a"}', {}),
    "escaped-key": ('{"mod\\u0065l": "gpt-image-1", "prompt": "a cat"}', {}),
    "spaces": (' \t\r\n{"model": "gpt-image-1", "prompt": "a cat"}\r\n ', {}),
    "duplicate-right": (_HEAD + ', "n": 11, "n": 2}', {"n": 2}),
    "exponent": (_HEAD + ', "n": 2e0}', {"n": 2}),
    "emoji-longest": (json.dumps({"model": _MODEL, "prompt": "\U0001f98a" * 32_000}), {}),
    "one-endless-word": (json.dumps({"model": _MODEL, "prompt": "a" * 32_000}), {}),
    "lines": (json.dumps({"model": _MODEL, "prompt": "\n" * 32_000}), {}),
    "zalgo": (json.dumps({"model": _MODEL, "prompt": "Z" + "\u0335\u0321\u0489" * 5000}), {}),
    "every-plane": (json.dumps({"model": _MODEL, "prompt": "".join(map(chr, range(1, 0x11000, 0x101)))}), {}),
    "user-depth": (_HEAD + ', "user": ' + "[" * 200 + "]" * 200 + "}", {}),
}
"""JSON that is granted, hard as it may be to read or to draw."""


def _content_types() -> Iterator[Case]:
    good = _due({})
    for sent, due in {
        None: good,
        "application/json; charset=utf-8": good,
        "Application/JSON": good,
        "application/json;": good,
        "text/plain": (OTHER_TYPE,),
        "application/x-www-form-urlencoded": (OTHER_TYPE,),
        "application/jsonp": (OTHER_TYPE,),
        "application/vnd.api+json": (OTHER_TYPE,),
        "multipart/form-data; boundary=x": (OTHER_TYPE,),
        "": (OTHER_TYPE,),
        "/": (OTHER_TYPE,),
    }.items():
        yield _json(f"type:{sent}", _HEAD + "}", due, sent)
    body = form.body(_FIELDS["edits"])
    for sent in ("application/x-www-form-urlencoded", "multipart/mixed; boundary=x", "text/plain", "image/png"):
        for operation in _FIELDS:
            yield _form(operation, f"type:{sent}", body, OTHER_TYPE, content_type=sent)


_FIELDS: Final[Mapping[Operation, tuple[Part, ...]]] = {
    "edits": (Part("model", b"gpt-image-1"), Part("prompt", b"a cat"), IMAGES["alpha"].part("image")),
    "variations": (IMAGES["alpha"].part("image"),),
}
"""The parts of a form that each endpoint grants."""

_BOUNDARY: Final = form.CONTENT_TYPE.partition("boundary=")[2]


def _form(
    operation: Operation, name: str, data: bytes, *due: Refused, content_type: str | None = form.CONTENT_TYPE
) -> Case:
    request = Request(f"/images/{operation}", content_type, data)
    return Case(f"hostile/{operation}-form:{name}", operation, "form", {}, due, sent=request)


def _forms() -> Iterator[Case]:
    for operation, fields in _FIELDS.items():
        yield from _broken_forms(operation, form.body(fields))
        many = (Part(f"field-{number}", b"x") for number in range(500))
        unknown = Refused(None, None, says="field-0") if operation == "variations" else _UNKNOWN_FIELD
        yield _form(operation, "500-fields", form.body([*fields, *many]), UNPARSABLE_FORM, unknown)
    for name, (part, refused) in _REFUSED_PARTS.items():
        yield _form("edits", name, form.body([*_FIELDS["edits"], part]), refused)
    for param in ("prompt", "model", "n", "size", "stream"):
        others = [part for part in _FIELDS["edits"] if part.name != param]
        refused = Refused(param, "invalid_type")
        yield _form("edits", f"file-for-{param}", form.body([*others, IMAGES["png"].part(param)]), refused)
    for param in ("n", "size"):
        refused = Refused(None, None, says=f"'{param}'")
        for part in (IMAGES["png"].part(param), Part(f"{param}[]", b"1"), IMAGES["png"].part(f"{param}[]")):
            name = f"{'file' if part.filename else 'text'}-for-{part.name}"
            yield _form("variations", name, form.body([*_FIELDS["variations"], part]), refused)


_UNKNOWN_FIELD: Final = Refused("field-0", "unknown_parameter")
_REFUSED_PARTS: Final[Mapping[str, tuple[Part, Refused]]] = {
    "repeated:prompt": (Part("prompt", b"a dog"), Refused("prompt", "duplicate_parameter")),
    "repeated:model": (Part("model", b"gpt-image-2"), Refused("model", "duplicate_parameter")),
    "repeated:image": (IMAGES["png"].part("image"), Refused("image", "duplicate_parameter")),
    "repeated:array": (IMAGES["png"].part("image[]"), Refused("image", "duplicate_parameter")),
    "no-name": (Part("", b"x"), Refused("", "unknown_parameter")),
    "brackets-alone": (Part("[]", b"x"), Refused("", "unknown_parameter")),
    "numbered": (IMAGES["png"].part("image[1]"), Refused("image[1]", "unknown_parameter")),
    "array-of-one": (Part("size[]", b"1024x1024"), Refused("size", "invalid_type")),
    "other-digits": (Part("n", "\u0663".encode()), Refused("n", "invalid_type")),
    "5000-digits": (Part("n", b"9" * _LONGEST_NUMBER), Refused("n", "invalid_type")),
    "five-megabytes": (Part("user", b"x" * 5 * 1024 * 1024), UNPARSABLE_FORM),
}
"""What is refused beside the parts of a right edit."""


def _broken_forms(operation: Operation, whole: bytes) -> Iterator[Case]:
    middle = whole.index(b"PNG") + 20
    yield _form(operation, "no-boundary", whole, UNPARSABLE_FORM, content_type="multipart/form-data")
    yield _form(operation, "other-boundary", whole, UNPARSABLE_FORM, content_type="multipart/form-data; boundary=other")
    yield _form(operation, "empty", b"", UNPARSABLE_FORM)
    yield _form(operation, "no-end", whole[: whole.rindex(b"--" + _BOUNDARY.encode())], UNPARSABLE_FORM)
    yield _form(operation, "cut-in-a-file", whole[:middle], UNPARSABLE_FORM)
    yield _form(operation, "cut-in-a-head", whole[: whole.index(b"Content-Disposition") + 10], UNPARSABLE_FORM)
    yield _form(operation, "no-form", b'{"prompt": "a cat"}', UNPARSABLE_FORM)
