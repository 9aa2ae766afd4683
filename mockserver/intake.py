"""From what a request names to the pictures themselves, judged as the API judges them."""

from __future__ import annotations

import binascii
import io
import re
from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol
from urllib.parse import unquote_to_bytes

from mockserver import errors
from mockserver.links import shelf_name
from mockserver.pictures import Input, Picture, render
from mockserver.uploads import Reference, Upload

if TYPE_CHECKING:
    from mockserver.models import LegacyFiles
    from mockserver.params import Accepted
    from mockserver.pictures.inspect import Inspection
    from mockserver.shelf import Shelf

LARGEST_PICTURE: Final = 50 * 1024 * 1024
"""Bytes of an uploaded picture at most [ref]; what the API says of a larger one is not on record."""

READ_MODES: Final = frozenset({"1", "L", "LA", "P", "PA", "RGB", "RGBA"})
"""Colour modes that are read; that others are refused is on record, which ones is assumed."""

_DATA_URL: Final = re.compile(r"data:[^,;]*(?P<options>(?:;[^,;]*)*),", re.ASCII)


class Files(Protocol):
    """Where uploaded files are found by id."""

    def open(self, file_id: str) -> BinaryIO | None:
        """Return the bytes of a file, or None where there is none of that id."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Opens and judges the pictures of one server's requests. Everything here may take long: call it in a thread."""

    shelf: Shelf
    files: Files

    def take(self, accepted: Accepted, request_id: str) -> tuple[list[Input], Input | None]:
        """Return the pictures and the mask that a request names.

        Raises:
            ApiError: one of them is not what the model reads.
        """
        if not accepted.opened:
            return [], None
        values = accepted.values
        named = values.get("image") or values.get("images") or []
        pictures = [self._judged(accepted, one, place, request_id) for place, one in enumerate(named, 1)]
        mask = values.get("mask")
        if mask is None:
            return [seen.picture for seen in pictures], None
        seen = self._seen(mask, len(named) + 1, request_id)
        _judge_mask(seen, pictures[0])
        return [picture.picture for picture in pictures], seen.picture

    def _judged(self, accepted: Accepted, named: Upload | Reference, place: int, request_id: str) -> Inspection:
        legacy = accepted.model.files
        if legacy is not None and isinstance(named, Upload):
            modes = legacy.variation_modes if accepted.operation == "variation" else legacy.edit_modes
            return _judged_legacy(named, legacy, modes)
        seen = self._seen(named, place, request_id)
        if seen.frames > 1 or seen.mode not in READ_MODES:
            raise _unreadable(named, place, request_id)
        return seen

    def _seen(self, named: Upload | Reference, place: int, request_id: str) -> Inspection:
        from mockserver.pictures.inspect import UnreadablePictureError, inspect  # noqa: PLC0415 - Pillow loads late

        if isinstance(named, Upload) and named.size > LARGEST_PICTURE:
            raise _unreadable(named, place, request_id)
        try:
            return inspect(named.file if isinstance(named, Upload) else self._opened(named))
        except UnreadablePictureError:
            raise _unreadable(named, place, request_id) from None

    def _opened(self, reference: Reference) -> BinaryIO:
        if reference.file_id is not None:
            found = self.files.open(reference.file_id)
            if found is None:
                raise errors.unknown_file(reference.param, reference.file_id)
            return found
        url = reference.image_url or ""
        if url.startswith("data:"):
            return io.BytesIO(_data(url, reference.param))
        if not url.startswith(("http://", "https://")):
            raise errors.unreadable_reference(reference.param)
        kept = self.shelf.find(shelf_name(_own_path(url))) if "/private/" in url else None
        return io.BytesIO(render(kept or _stand_in(url)))


def _unreadable(named: Upload | Reference, place: int, request_id: str) -> errors.ApiError:
    if isinstance(named, Reference):
        return errors.unreadable_reference(named.param)
    return errors.unreadable_upload(place, request_id)


def _judged_legacy(named: Upload, legacy: LegacyFiles, modes: tuple[str, ...]) -> Inspection:
    """Judge a picture as the legacy stack did: format and weight, colour mode, shape."""
    from mockserver.pictures.inspect import UnreadablePictureError, inspect  # noqa: PLC0415 - Pillow loads late

    if named.size >= legacy.most_bytes:
        raise errors.legacy_upload_format()
    try:
        seen = inspect(named.file, ("PNG",))
    except UnreadablePictureError:
        raise errors.legacy_upload_format() from None
    if seen.mode not in modes:
        raise errors.legacy_upload_mode(modes, seen.mode)
    if seen.picture.width != seen.picture.height:
        raise errors.legacy_upload_not_square(seen.picture.width, seen.picture.height)
    return seen


def _judge_mask(mask: Inspection, first: Inspection) -> None:
    """Refuse a mask of another size, then one without alpha; a grey one of equal size was told the former (2025)."""
    same = (mask.picture.width, mask.picture.height) == (first.picture.width, first.picture.height)
    if not same or mask.mode == "L":
        raise errors.mask_size_differs()
    if not mask.alpha:
        raise errors.mask_without_alpha()


def _data(url: str, param: str) -> bytes:
    """Return the bytes of a data URL."""
    head = _DATA_URL.match(url)
    if head is None:
        raise errors.unreadable_reference(param)
    body = url[head.end() :]
    if ";base64" not in head["options"]:
        return unquote_to_bytes(body)
    try:
        return b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise errors.unreadable_reference(param) from None


def _own_path(url: str) -> str:
    """Return the path that a picture URL of ours has, without the address of the space before it."""
    return "/private/" + re.split("[?#]", url.partition("/private/")[2], maxsplit=1)[0]


def _stand_in(url: str) -> Picture:
    """Return the picture that stands in for a URL of the network, which is never asked."""
    import hashlib  # noqa: PLC0415 - used here alone

    digest = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()
    return Picture(
        digest, prompt=url[:500], caption="stands in for a picture that is not fetched", width=1024, height=1024
    )
