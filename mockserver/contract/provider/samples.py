"""Files that go in, by a name that stands for each in a symbolic form: what is sent, and how each stack takes it."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from mockserver.contract import inputs
from mockserver.contract.case import Part
from mockserver.contract.provider.expected import USER, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Stack = Literal["newer", "legacy", "variation"]
"""Who looks at a picture: gpt-image on edits, dall-e-2 on edits, dall-e-2 on variations."""

_NEWER_LIMIT: Final = 50 * 1024 * 1024
_LEGACY_LIMIT: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sample:
    """One file, or a text in a file's place."""

    file: str
    """Name in fixtures/images; empty for a text."""

    newer: str = ""
    """A key of `_REFUSALS`: what edits with gpt-image say; empty where they take it."""

    legacy: str = ""
    variation: str = ""
    type: str | None = "image/png"
    """As declared; None declares none."""

    size: int = 0
    """Bytes that it is padded to, with zeros behind the picture's end; 0: as it is."""

    def part(self, name: str) -> Part:
        """Return the part of a form that carries it."""
        if not self.file:
            return Part(name, b"a text where a file is due")
        return Part(name, inputs.read(self.file), self.file, self.type, self.size)


def _refusals(param: str) -> Mapping[str, Refused]:
    return {
        "text": Refused(param, "invalid_type"),
        "unsupported": Refused(param, "unsupported_file_mimetype"),
        "untyped": Refused(param, "missing_file_mimetype"),
        "unreadable": Refused(None, "invalid_image_file", USER),
        "format": Refused(None, "invalid_image_format", says="must be a PNG and less than 4 MB"),
        "mode": Refused(None, None, says="format must be in"),
        "shape": Refused(None, None, says="equal width and height"),
        "mask": Refused(None, "invalid_mask_image_format", USER),
    }


IMAGES: Final[Mapping[str, Sample]] = {
    "alpha": Sample("alpha.png"),
    "png": Sample("square.png", legacy="mode"),
    "grey": Sample("grey.png", variation="mode"),
    "jpg": Sample("square.jpg", legacy="unsupported", variation="format", type="image/jpeg"),
    "webp": Sample("square.webp", legacy="unsupported", variation="format", type="image/webp"),
    "jpg-as-png": Sample("square.jpg", legacy="format", variation="format"),
    "tall": Sample("tall-alpha.png", legacy="shape", variation="shape"),
    "octet-stream": Sample("alpha.png", "unsupported", "unsupported", type="application/octet-stream"),
    "svg": Sample("drawing.svg", "unsupported", "unsupported", "format", type="image/svg+xml"),
    "untyped": Sample("alpha.png", "untyped", "untyped", type=None),
    "not-an-image": Sample("text.png", "unreadable", "format", "format"),
    "truncated": Sample("truncated.png", "unreadable", "format", "format"),
    "empty": Sample("empty.png", "unreadable", "format", "format"),
    "cmyk": Sample("cmyk.jpg", "unreadable", "unsupported", "format", type="image/jpeg"),
    "two-frames": Sample("two-frames.png", "unreadable", "mode"),
    "two-frames-webp": Sample("two-frames.webp", "unreadable", "unsupported", "format", type="image/webp"),
    "oversized": Sample("alpha.png", "unreadable", "format", "format", size=_NEWER_LIMIT + 1),
    "four-megabytes": Sample("alpha.png", "", "format", "format", size=_LEGACY_LIMIT),
    "text": Sample("", "text", "text", "format"),
}
"""What may stand for `image`; pictures are 64 by 64 pixels, but for the tall one."""

MASKS: Final[Mapping[str, Sample]] = {
    "mask": Sample("mask.png"),
    "mask-untyped": Sample("mask.png", type=None),
    "mask-small": Sample("mask-32.png", "mask", "mask"),
    "mask-opaque": Sample("mask-rgb.png", "mask", "mask"),
    "mask-grey": Sample("mask-grey.png", "mask", "mask"),
    "mask-not-an-image": Sample("text.png", "unreadable", "unreadable"),
    "text": Sample("", "text", "text"),
}
"""What may stand for `mask`, beside a picture of 64 by 64 pixels."""

PLAIN: Final = ("alpha", "png", "grey", "jpg", "webp")
"""Images of one size that need no remark; which of them a stack takes, `refused` says."""


def refused(param: str, place: str, name: str, stack: Stack) -> Refused | None:
    """Return the refusal that the sample `name` earns at `place`, such as `image[0]`; None where it is taken.

    A name that stands for no file is sent as the text that it is.
    """
    names = MASKS if param == "mask" else IMAGES
    key = getattr(names.get(name, names["text"]), stack)
    return _refusals(place)[key] if key else None


def data_url(name: str) -> str:
    """Return a sample as a data URL."""
    sample = IMAGES.get(name) or MASKS[name]
    return f"data:{sample.type};base64,{b64encode(inputs.read(sample.file)).decode()}"


_UNREADABLE: Final = ("invalid_image_file", USER)


def reference_refusals(place: str, value: object) -> Iterator[Refused]:
    """Yield how a value that stands for a picture in JSON is refused; a picture of the network stands for itself."""
    if not isinstance(value, dict):
        yield Refused(place, "invalid_type")
        return
    yield from (Refused(f"{place}.{key}", "unknown_parameter") for key in value.keys() - {"image_url", "file_id"})
    named = [key for key in ("image_url", "file_id") if value.get(key) is not None]
    if len(named) != 1:
        yield Refused(place, "invalid_value")
        return
    for key in named:
        if not isinstance(value[key], str):
            yield Refused(f"{place}.{key}", "invalid_type")
        elif key == "file_id":
            yield Refused(f"{place}.{key}", "invalid_value", USER)
        elif value[key] not in _READABLE and not value[key].startswith(("http://", "https://")):
            yield Refused(f"{place}.{key}", *_UNREADABLE)


_READABLE: Final = frozenset(data_url(name) for name in (*PLAIN, "mask"))

REFERENCES: Final[Mapping[str, object]] = {
    **{f"data-{name}": {"image_url": data_url(name)} for name in PLAIN},
    "network": {"image_url": "https://example.com/a.png"},
    "null-beside": {"image_url": data_url("png"), "file_id": None},
    "not-an-object": data_url("png"),
    "null": None,
    "nothing": {},
    "both-null": {"image_url": None, "file_id": None},
    "both": {"image_url": data_url("png"), "file_id": "file-abc"},
    "unknown-key": {"image_url": data_url("png"), "detail": "high"},
    "url-number": {"image_url": 7},
    "url-object": {"image_url": {"url": data_url("png")}},
    "id-number": {"file_id": 7},
    "unknown-file": {"file_id": "file-that-is-not-there"},
    "no-url": {"image_url": "square.png"},
    "empty-url": {"image_url": ""},
    "other-scheme": {"image_url": "ftp://example.com/a.png"},
    "not-an-image": {"image_url": data_url("not-an-image")},
    "truncated": {"image_url": data_url("truncated")},
    "cmyk": {"image_url": data_url("cmyk")},
    "two-frames": {"image_url": data_url("two-frames")},
    "broken-base64": {"image_url": "data:image/png;base64,iVBORw0KG"},
}
"""What may stand for a picture in JSON."""


def is_refused(name: str) -> bool:
    """Return whether one of `REFERENCES` names no picture."""
    return any(reference_refusals("", REFERENCES[name]))
