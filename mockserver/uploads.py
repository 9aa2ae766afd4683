"""Pictures that come in: what a request may name in their place, and the rules for each spelling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from mockserver import errors

if TYPE_CHECKING:
    from typing import BinaryIO

PICTURE_TYPES: Final = ("image/jpeg", "image/png", "image/webp")
"""Declared media types of the files that gpt-image reads, in the order in which the API lists them."""

MOST_PICTURES: Final = 16

LONGEST_URL: Final = 20_971_520
"""Characters of an `image_url`."""


@dataclass(frozen=True, slots=True, eq=False)
class Upload:
    """A file part of a form."""

    media_type: str | None
    """As declared; None where the part declares none."""

    size: int
    """Bytes."""

    filename: str
    file: BinaryIO
    """Its bytes, spooled to disk when they are many; closed with the form."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What stands for a picture in a JSON edit: one of both is set."""

    param: str
    """Where it stands, for instance `images[0].image_url`."""

    image_url: str | None
    file_id: str | None


@dataclass(frozen=True, slots=True)
class Files:
    """The parts `image` or `image[]` of a form: a list of one `Upload` or more."""

    types: tuple[str, ...] = PICTURE_TYPES
    most: int = MOST_PICTURES
    """1 refuses the array spelling."""

    nullable: bool = False
    required: bool = False  # that it is missing is told last, see `params.accept_edit`

    def from_text(self, param: str, text: str) -> str:  # noqa: ARG002 - every rule has this shape
        """Return the text, which `check` refuses."""
        return text

    def check(self, param: str, value: object) -> list[Upload]:
        """Return the uploads; `value` is one of them, or the list that an array spelling gives."""
        several = isinstance(value, list)
        given = value if isinstance(value, list) else [value]
        if several and self.most == 1:
            raise errors.files_for_file(param)
        if len(given) > self.most:
            raise errors.array_too_long(param, self.most, len(given))
        return [_upload(f"{param}[{place}]" if several else param, one, self.types) for place, one in enumerate(given)]


def _upload(param: str, value: object, types: tuple[str, ...]) -> Upload:
    if not isinstance(value, Upload):
        raise errors.text_for_file(param)
    if value.media_type is None:
        raise errors.missing_mimetype(param, types)
    if value.media_type not in types:
        raise errors.unsupported_mimetype(param, value.media_type, types)
    return value


@dataclass(frozen=True, slots=True)
class MaskFile:
    """The part `mask` of a form, whose declared type is not looked at."""

    nullable: bool = False
    required: bool = False

    def from_text(self, param: str, text: str) -> str:  # noqa: ARG002 - every rule has this shape
        """Return the text, which `check` refuses."""
        return text

    def check(self, param: str, value: object) -> Upload:
        """Return the upload."""
        if isinstance(value, list):
            raise errors.files_for_file(param)
        if not isinstance(value, Upload):
            raise errors.text_for_file(param)
        return value


@dataclass(frozen=True, slots=True)
class References:
    """`images` of a JSON edit."""

    nullable: bool = False
    required: bool = True

    def from_text(self, param: str, text: str) -> str:  # noqa: ARG002 - every rule has this shape
        """Return the text, which `check` refuses."""
        return text

    def check(self, param: str, value: object) -> list[Reference]:
        """Return what each member names."""
        if not isinstance(value, list):
            raise errors.wrong_type(param, "an array of objects", value)
        if not value:
            raise errors.empty_array(param)
        if len(value) > MOST_PICTURES:
            raise errors.array_too_long(param, MOST_PICTURES, len(value))
        return [_reference(f"{param}[{place}]", one) for place, one in enumerate(value)]


@dataclass(frozen=True, slots=True)
class MaskReference:
    """`mask` of a JSON edit."""

    nullable: bool = True
    required: bool = False

    def from_text(self, param: str, text: str) -> str:  # noqa: ARG002 - every rule has this shape
        """Return the text, which `check` refuses."""
        return text

    def check(self, param: str, value: object) -> Reference:
        """Return what it names."""
        return _reference(param, value)


@dataclass(frozen=True, slots=True)
class AnyFiles:
    """One file or more, of any media type, that nobody opens."""

    nullable: bool = False
    required: bool = True

    def from_text(self, param: str, text: str) -> str:  # noqa: ARG002 - every rule has this shape
        """Return the text, which `check` refuses."""
        return text

    def check(self, param: str, value: object) -> list[Upload]:
        """Return the uploads."""
        given = value if isinstance(value, list) else [value]
        if len(given) > MOST_PICTURES:
            raise errors.array_too_long(param, MOST_PICTURES, len(given))
        uploads = [one for one in given if isinstance(one, Upload)]
        if len(uploads) < len(given):
            raise errors.text_for_file(param)
        return uploads


def _reference(param: str, value: object) -> Reference:
    if not isinstance(value, dict):
        raise errors.wrong_type(param, "an object", value)
    for key in value:
        if key not in {"image_url", "file_id"}:
            unknown = f"{param}.{key}"
            raise errors.unknown_parameter(unknown)
    named = [key for key in ("image_url", "file_id") if value.get(key) is not None]
    if len(named) != 1:
        raise errors.one_source_only(param)
    place, text = f"{param}.{named[0]}", value[named[0]]
    if not isinstance(text, str):
        raise errors.wrong_type(place, "a string", text)
    if len(text) > LONGEST_URL:
        raise errors.string_too_long(place, LONGEST_URL, len(text))
    return Reference(place, *(cast("str | None", value.get(key)) for key in ("image_url", "file_id")))
