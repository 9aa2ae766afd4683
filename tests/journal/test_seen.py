"""What is kept of files and of long texts."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pytest
from PIL import Image

from mockserver.journal.curl import curl
from mockserver.journal.kept import Journal
from mockserver.journal.logical import identity
from mockserver.journal.openai_python import openai_python
from mockserver.journal.plain import to_json
from mockserver.journal.seen import LONG_TEXT, filed
from mockserver.journal.shapes import shape_of
from mockserver.journal.shown import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from journal.conftest import Open
    from mockserver.journal import Entry

IMAGES = Path(__file__).parents[2] / "fixtures/images"


@dataclass(frozen=True, eq=False)
class Upload:
    """A file part."""

    file: BinaryIO
    size: int
    filename: str = "a.png"
    media_type: str | None = "image/png"


@pytest.mark.parametrize(
    "name", ["square.png", "square.jpg", "square.webp", "tall-alpha.png", "cmyk.jpg", "two-frames.webp"]
)
def test_a_picture_tells_its_shape(name: str) -> None:
    """As Pillow sees it, by the first bytes alone."""
    with Image.open(IMAGES / name) as picture:
        expected = (str(picture.format).lower(), *picture.size)
    assert shape_of((IMAGES / name).read_bytes()[:65_536]) == expected


@pytest.mark.parametrize(
    ("form", "options"),
    [
        ("webp", {"lossless": True}),
        ("webp", {"lossless": False}),
        ("gif", {}),
        ("jpeg", {"progressive": True, "exif": b"Exif\0\0" + b"x" * 9000}),
    ],
    ids=["lossless", "lossy", "gif", "progressive"],
)
def test_every_kind_of_file_tells_its_shape(form: str, options: dict[str, object]) -> None:
    """Also with much before the size."""
    file = io.BytesIO()
    Image.new("RGB", (301, 17)).save(file, form, **options)
    assert shape_of(file.getvalue()) == (form, 301, 17)


@pytest.mark.parametrize("name", ["empty.png", "drawing.svg", "text.png"])
def test_what_is_no_picture_has_no_shape(name: str) -> None:
    """Nor has one that ends too early."""
    assert shape_of((IMAGES / name).read_bytes()[:65_536]) is None


@pytest.mark.parametrize("name", ["square.png", "square.jpg", "square.webp"])
def test_any_beginning_of_a_file_is_survived(name: str) -> None:
    """At every length of the head."""
    data = (IMAGES / name).read_bytes()
    for length in range(120):
        shape = shape_of(data[:length])
        assert shape is None or shape.width > 0
    for begin in (b"RIFF\0\0\0\0WEBPVP8?", b"\xff\xd8\xff\xe0\0\0", b"\xff\xd8xx"):
        assert shape_of(begin + bytes(60)) is None


@pytest.mark.parametrize("size", [10, 2 * 1024 * 1024], ids=["small", "large"])
def test_a_file_is_hashed_and_left_as_it_was(size: int) -> None:
    """A large one in a thread, even when the form is closed meanwhile."""
    data = bytes(range(256)) * (size // 256 + 1)
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(7)
        upload = Upload(file, len(data))
        seen = filed([1, [upload], "x"])
        assert file.tell() == 7
    assert seen is not None
    assert seen[id(upload)].digest() == hashlib.sha256(data).hexdigest()


def test_uploads_are_told_by_hash_size_and_shape(opened: Open) -> None:
    """Those that were accepted and those that were refused, alike."""
    data = (IMAGES / "wide.png").read_bytes()
    file = {
        "filename": "w\u202e.png",
        "media_type": "image/png",
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "format": "png",
    }
    for fields, status in [({"prompt": "a", "quality": "low"}, 200), ({"prompt": "a", "n": "0"}, 400)]:
        reply = opened.http.post("/images/edits", data=fields, files={"image": ("w\u202e.png", data, "image/png")})
        assert reply.status_code == status
        told = json.loads(to_json(shown(opened.last())))["parameters"]["image"]
        assert {name: told[name] for name in file} == file
        assert told["width"] > told["height"]
    assert opened.journal.bytes < 10_000


def test_a_form_that_a_fault_answered_is_read_later(opened: Open) -> None:
    """No endpoint saw it, but its body is there."""
    data = (IMAGES / "square.png").read_bytes()
    for spelled in ("image", "image[]"):
        opened.http.post(
            "/images/edits",
            data={"prompt": "a", "model": "gpt-image-1"},
            files={spelled: ("w.png", data, "image/png")},
            headers={"x-mock-scenario": "rate_limit"},
        )
    first, second = (shown(entry) for entry in opened.journal.entries())
    assert (first["status"], first["model"]) == (429, "gpt-image-1")
    image = {"sha256": hashlib.sha256(data).hexdigest(), "media_type": "image/png"}
    assert isinstance(first["parameters"], dict)
    assert isinstance(second["parameters"], dict)
    assert image.items() <= first["parameters"]["image"].items()
    assert image.items() <= second["parameters"]["image"][0].items()
    assert opened.journal.find({"scenario": "/429|rate/", "param.prompt": "a"})


FORM = b"\r\n".join(
    [
        b"--b\r\ncontent-disposition: form-data; name=%b\r\n\r\n%b" % pair
        for pair in [(b"n", b"2"), (b"stream", b"true")]
    ]
)


def test_a_form_of_texts_is_read_later(made: Callable[..., Entry]) -> None:
    """As it was sent: everything is text."""
    headers = [(b"content-type", b"multipart/form-data; boundary=b")]
    files = b"".join(
        b'\r\n--b\r\ncontent-disposition: form-data; name="image[]"; filename=%b\r\n\r\nx' % name
        for name in (b"a", b"b")
    )
    entry = made(body=FORM + files + b"\r\n--b--\r\n", headers=headers, path="/v1/images/edits")
    told = shown(entry)["parameters"]
    assert isinstance(told, dict)
    assert (told["n"], told["stream"], [file["filename"] for file in told["image"]]) == ("2", "true", ["a", "b"])
    assert "stream=True" in openai_python(entry)
    assert "--form-string n=2" in curl(entry)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"x", "multipart/form-data"),
        (FORM, "multipart/form-data; boundary=b"),
        (b"--b\r\nbroken\r\n--b--", "multipart/form-data; boundary=b"),
        (b'{"n": NaN}', "application/json"),
        (b"{}", "text/plain"),
        (b"[1]", ""),
    ],
)
def test_what_cannot_be_read_has_no_parameters(made: Callable[..., Entry], body: bytes, content_type: str) -> None:
    """And is told apart by its bytes."""
    headers = [(b"content-type", content_type.encode())] if content_type else []
    entry, other = made(body=body, headers=headers), made(body=body + b"1", headers=headers)
    assert shown(entry)["parameters"] is None
    assert identity(entry) != identity(other)


@pytest.mark.parametrize("size", [LONG_TEXT + 1, 3 * 1024 * 1024], ids=["long", "very long"])
def test_a_long_text_is_kept_by_its_digest(opened: Open, size: int) -> None:
    """A data URL of megabytes does not stay in memory, and still tells requests apart."""
    for letter in "AAB":
        url = f"data:image/png;base64,{letter * size}"
        opened.http.post("/images/edits", json={"prompt": "a", "images": [{"image_url": url}]})
    told = shown(opened.last())["parameters"]
    assert isinstance(told, dict)
    image = told["images"][0]["image_url"]
    if size > 1024 * 1024:
        assert image["characters"] == len(url)
        assert image["sha256"] == hashlib.sha256(url.encode()).hexdigest()
        assert opened.journal.bytes < 10_000
    assert list(opened.journal.attempts().values()) == [1, 2, 1]


def test_very_many_characters_are_kept_in_bounds(made: Callable[..., Entry]) -> None:
    """However they are spread."""
    kept = Journal()
    entry = made()
    entry.body = None
    entry.parameters = {f"name{number}": "x" * 60_000 for number in range(100)} | {"y" * 70_000: [1] * 9}
    kept.open(entry)
    kept.close(entry)
    assert len(to_json(shown(entry))) < 400_000
    assert kept.bytes < 1_000_000
