"""Edits and variations: what comes in is read, judged, shown, counted, and forgotten."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import struct
import tempfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from mockserver.pictures import read_digest
from mockserver.server import ServerThread

if TYPE_CHECKING:
    from collections.abc import Callable

EDITS = "/images/edits"
MODEL = {"model": "gpt-image-1", "prompt": "a hat", "size": "1024x1024", "quality": "low"}
PROC = Path("/proc/self")


def file(
    form: str = "PNG", size: tuple[int, int] = (64, 64), mode: str = "RGB", colour: str | int | tuple[int, ...] = "red"
) -> bytes:
    """Return the bytes of a picture."""
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, form)
    return out.getvalue()


def part(data: bytes, media_type: str | None = "image/png") -> tuple[str, bytes, str | None]:
    """Return a file part."""
    return ("a.png", data, media_type)


def edit(http: httpx.Client, files: list[tuple[str, Any]], **fields: str) -> httpx.Response:
    """Send a form."""
    return http.post(EDITS, data={**MODEL, **fields}, files=files)


def pixels(reply: httpx.Response) -> bytes:
    """Decode the first picture of a reply."""
    assert reply.status_code == 200, reply.text
    data = base64.b64decode(reply.json()["data"][0]["b64_json"])
    return Image.open(io.BytesIO(data)).tobytes()


def test_the_same_files_give_the_same_picture(http: httpx.Client) -> None:
    """Deterministic in the uploaded bytes, and in nothing else of the upload."""
    red, blue = file(colour="red"), file(colour="blue")
    one = edit(http, [("image", ("a.png", red, "image/png"))])
    again = edit(http, [("image[]", ("other.png", red, "image/png"))])
    other = edit(http, [("image", ("a.png", blue, "image/png"))])
    assert pixels(one) == pixels(again) != pixels(other)


def test_a_mask_decides_too(http: httpx.Client) -> None:
    """With it the picture is another, and its tokens are not counted."""
    picture = ("image", part(file()))
    mask = ("mask", part(file(mode="RGBA", colour=(0, 0, 0, 0))))
    plain, masked = edit(http, [picture]), edit(http, [picture, mask])
    assert pixels(plain) != pixels(masked)
    assert plain.json()["usage"] == masked.json()["usage"]


@pytest.mark.parametrize("place", ["form", "data-url", "file-id", "own-url"])
def test_every_way_to_name_a_picture_gives_the_same_edit(http: httpx.Client, place: str) -> None:
    """What counts are its bytes."""
    body = {"model": "dall-e-2", "prompt": "a dot", "size": "256x256"}
    url = http.post("/images/generations", json=body).json()["data"][0]["url"]
    data = http.get(url).content
    wanted = pixels(edit(http, [("image", part(data))]))
    if place == "form":
        assert pixels(edit(http, [("image[]", part(data))])) == wanted
        return
    if place == "file-id":
        stored = http.post("/files", data={"purpose": "vision"}, files={"file": part(data)}).json()
        named = {"file_id": stored["id"]}
    else:
        named = {"image_url": url if place == "own-url" else "data:image/png;base64," + base64.b64encode(data).decode()}
    assert pixels(http.post(EDITS, json={**MODEL, "images": [named]})) == wanted


def test_a_space_knows_its_own_pictures(server: ServerThread) -> None:
    """By the URL that it gave out, which names the space."""
    key = {"authorization": "Bearer sk-test"}
    with httpx.Client(base_url=f"{server.url}/s/own-pictures/v1", headers=key, timeout=60) as http:
        body = {"model": "dall-e-2", "prompt": "a dot", "size": "256x256"}
        url = http.post("/images/generations", json=body).json()["data"][0]["url"]
        wanted = pixels(edit(http, [("image", part(http.get(url).content))]))
        assert pixels(http.post(EDITS, json={**MODEL, "images": [{"image_url": url}]})) == wanted


@pytest.mark.parametrize("url", ["http://[/private/", "https://]/private/x?", "http://", "http:///private/\0#"])
def test_a_url_that_is_none_is_one_of_the_network(http: httpx.Client, url: str) -> None:
    """Nobody takes it apart."""
    assert http.post(EDITS, json={**MODEL, "images": [{"image_url": url}]}).status_code == 200


def test_a_url_of_the_network_is_never_asked(http: httpx.Client) -> None:
    """A picture that depends on the URL alone stands in."""
    named = [{"image_url": f"https://example.com/{name}.png"} for name in ("a", "a", "b")]
    first, again, other = (pixels(http.post(EDITS, json={**MODEL, "images": [one]})) for one in named)
    assert first == again != other


@pytest.mark.parametrize(
    ("size", "echoed"),
    [((64, 64), "1254x1254"), ((1600, 900), "1672x941"), ((900, 1600), "941x1672"), ((900, 10), "2172x724")],
)
def test_an_auto_size_follows_the_first_picture(http: httpx.Client, size: tuple[int, int], echoed: str) -> None:
    """On gpt-image-2, as seen 2026-09; beyond 3:1 it is clipped (assumed)."""
    reply = edit(http, [("image", part(file(size=size)))], model="gpt-image-2", size="auto")
    assert reply.json()["size"] == echoed


@pytest.mark.parametrize(
    ("model", "text_each", "image"),
    [("gpt-image-1", 16, 194), ("gpt-image-1.5", 16, 194), ("gpt-image-2", 0, 1024), ("gpt-image-2.5-flare", 10, 1024)],
)
def test_pictures_that_come_in_are_counted(http: httpx.Client, model: str, text_each: int, image: int) -> None:
    """By each model's rule, for each picture of the reply."""
    pictures = [("image[]", part(file(size=(1024, 1024)))) for _ in range(2)]
    usage = edit(http, pictures, model=model, n="2").json()["usage"]
    assert usage["input_tokens_details"] == {"image_tokens": 2 * 2 * image, "text_tokens": 2 * (8 + 2 * text_each)}


def test_high_fidelity_costs_its_surcharge(http: httpx.Client) -> None:
    """4160 more for a square."""
    usage = edit(http, [("image", part(file()))], input_fidelity="high").json()["usage"]
    assert usage["input_tokens_details"]["image_tokens"] == 194 + 4160


def test_a_streamed_edit_names_its_events(http: httpx.Client) -> None:
    """`image_edit`, with the payload of a generation."""
    reply = edit(http, [("image", part(file()))], stream="true", partial_images="1")
    names = [line for line in reply.text.splitlines() if line.startswith("event: ")]
    assert names == ["event: image_edit.partial_image", "event: image_edit.completed"]


def test_a_refused_form_is_one_line_of_log(
    http: httpx.Client, caplog: pytest.LogCaptureFixture, wait_until: Callable[..., None]
) -> None:
    """Files are named, not shown."""
    with caplog.at_level("INFO", logger="mockserver"):
        edit(http, [("image[]", part(file())), ("mask", part(file()))], n="0")
        told = 'gpt-image-1 size=1024x1024 quality=low n=0 image=[…] mask=(file) "a hat" · refused by integer-below-'
        wait_until(lambda: any(told in message for message in caplog.messages))


def test_a_dall_e_2_edit_is_answered_by_url(http: httpx.Client) -> None:
    """A square PNG with alpha goes in."""
    picture = ("image", part(file(mode="RGBA")))
    reply = http.post(EDITS, data={"model": "dall-e-2", "prompt": "a hat"}, files=[picture])
    assert list(reply.json()["data"][0]) == ["url"]


def test_a_variation_is_laid_out_as_it_always_was(http: httpx.Client) -> None:
    """With a final newline, and open to any origin."""
    reply = http.post(
        "/images/variations", data={"n": "2", "response_format": "b64_json"}, files={"image": part(file())}
    )
    assert reply.text == json.dumps(reply.json(), indent=2) + "\n"
    assert reply.headers["access-control-allow-origin"] == "*"
    assert len({read_digest(base64.b64decode(item["b64_json"])) for item in reply.json()["data"]}) == 2


def bomb(width: int, height: int) -> bytes:
    """Return a small PNG that claims to be large."""
    raw = zlib.compress(b"\0" * min(height * (1 + width), 50_000_000), 9)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", raw) + chunk(b"IEND", b"")


def animated() -> bytes:
    """Return a WebP with two frames."""
    out = io.BytesIO()
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    return out.getvalue()


HOSTILE = {
    "empty": b"",
    "text": b"not a picture",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "truncated": file(size=(512, 512))[:-200],
    "half-a-head": file()[:20],
    "cmyk": file("JPEG", mode="CMYK", colour=(1, 2, 3, 4)),
    "animated": animated(),
    "gif": file("GIF", mode="P", colour=1),
    "absurd-bomb": bomb(60_000, 60_000),
    "bad-crc": file()[:-20] + b"\0" * 20,
    "random": hashlib.shake_128(b"x").digest(5000),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_file_that_is_no_good_picture_is_refused(http: httpx.Client, data: bytes) -> None:
    """Whatever it claims to be, with the id of the very reply."""
    reply = edit(http, [("image", part(data))])
    assert (reply.status_code, reply.headers["x-mock-rule"]) == (400, "unreadable-upload")
    assert f"the request ID {reply.headers['x-request-id']}." in reply.json()["error"]["message"]


@pytest.mark.parametrize("data", [file(mode=mode, colour=0) for mode in ("1", "L", "P")] + [file("WEBP"), file("JPEG")])
def test_other_good_pictures_are_read(http: httpx.Client, data: bytes) -> None:
    """Grey, palette, JPEG, WebP."""
    assert edit(http, [("image", part(data))]).status_code == 200


def test_a_large_photograph_is_taken_at_its_headers_word(http: httpx.Client) -> None:
    """36 megapixels are not decoded, and counted as what they are."""
    reply = edit(http, [("image", part(bomb(6000, 6000)))], model="gpt-image-2", size="1024x1024")
    assert reply.json()["usage"]["input_tokens_details"]["image_tokens"] == 1521


def resident() -> int:
    """Return this process's memory in bytes, which holds the server too."""
    return int((PROC / "statm").read_text().split()[1]) * 4096


@pytest.fixture
def own_temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files that nobody else uses."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.skipif(not PROC.exists(), reason="memory and open files are read from /proc, which only Linux has")
def test_sixteen_large_files_stay_within_bounds_and_leave_nothing(
    http: httpx.Client, wait_until: Callable[..., None], own_temp: Path
) -> None:
    """16 times 30 MB: spooled to disk, less than 150 MB of memory, no file left, none open."""
    picture = file() + b"\0" * 30_000_000
    before = resident()
    opened = len(list((PROC / "fd").iterdir()))
    parts: list[tuple[str, Any]] = [("image[]", ("a.png", io.BytesIO(picture), "image/png")) for _ in range(16)]
    reply = http.post(EDITS, data=MODEL, files=parts, timeout=120)
    assert reply.status_code == 200, reply.text
    assert resident() - before < 150_000_000
    assert not list(own_temp.iterdir())
    wait_until(lambda: len(list((PROC / "fd").iterdir())) <= opened + 2)


BROKEN_FORMS = {
    "no-boundary": ("multipart/form-data", b"--x\r\n"),
    "empty": ("multipart/form-data; boundary=x", b""),
    "no-end": ("multipart/form-data; boundary=x", b'--x\r\ncontent-disposition: form-data; name="model"\r\n\r\ngpt'),
    "no-name": ("multipart/form-data; boundary=x", b"--x\r\ncontent-disposition: form-data\r\n\r\ngpt\r\n--x--\r\n"),
    "wrong-boundary": (
        "multipart/form-data; boundary=y",
        b'--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n\r\n--x--',
    ),
    "not-a-form": ("multipart/form-data; boundary=x", b"{}"),
    "nul": ("multipart/form-data; boundary=x", b"\0" * 100),
    "boundary-of-300": (f"multipart/form-data; boundary={'b' * 300}", b"--" + b"b" * 300 + b"--"),
    "many-fields": (
        "multipart/form-data; boundary=x",
        b"".join(b'--x\r\ncontent-disposition: form-data; name="f%d"\r\n\r\n1\r\n' % n for n in range(500))
        + b"--x--\r\n",
    ),
}


@pytest.mark.parametrize(("media_type", "body"), BROKEN_FORMS.values(), ids=BROKEN_FORMS)
@pytest.mark.parametrize("path", [EDITS, "/images/variations", "/files"])
def test_a_broken_form_is_refused(http: httpx.Client, path: str, media_type: str, body: bytes) -> None:
    """With a clear 400, on every path that reads forms."""
    reply = http.post(path, content=body, headers={"content-type": media_type})
    assert reply.status_code == 400
    assert reply.json()["error"]["message"]


NAMES = st.sampled_from(
    ["image", "image[]", "mask", "images", "prompt", "model", "n", "size", "stream", "bogus", "", "[]"]
)
VALUES = st.sampled_from(["gpt-image-1", "dall-e-2", "a hat", "1", "true", "9x9", "", "é\0"]).map(
    str.encode
) | st.binary(max_size=40)
PARTS = st.tuples(
    NAMES, VALUES, st.sampled_from([None, "a.png", '"', "é"]), st.sampled_from([None, b"image/png", b"x"])
)


def encoded(parts: list[tuple[str, bytes, str | None, bytes | None]], cut: int) -> bytes:
    """Write a form by hand, cut at a place."""
    body = b""
    for name, value, filename, media_type in parts:
        disposition = f'form-data; name="{name}"' + (f'; filename="{filename}"' if filename else "")
        head = (
            b"content-disposition: "
            + disposition.encode()
            + (b"\r\ncontent-type: " + media_type if media_type else b"")
        )
        body += b"--x\r\n" + head + b"\r\n\r\n" + value + b"\r\n"
    return (body + b"--x--\r\n")[:cut]


@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    parts=st.lists(PARTS, max_size=6),
    picture=st.sampled_from([*HOSTILE.values(), file(), file(mode="RGBA")]),
    cut=st.just(10**9) | st.integers(0, 400),
    path=st.sampled_from([EDITS, "/images/variations", "/files"]),
)
def test_no_form_breaks_the_server(http: httpx.Client, parts: list[Any], picture: bytes, cut: int, path: str) -> None:
    """Any mixture of parts gets an answer or a whole refusal."""
    body = encoded([*parts, ("image", picture, "a.png", b"image/png")], cut)
    reply = http.post(path, content=body, headers={"content-type": "multipart/form-data; boundary=x"})
    assert reply.status_code in {200, 400}, reply.text
    if reply.status_code == 400:
        assert reply.json()["error"]["message"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["image_url", "file_id", "x"]), inner),
)


@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    images=ANYTHING
    | st.lists(st.dictionaries(st.sampled_from(["image_url", "file_id"]), st.text(max_size=30)), max_size=3),
    mask=ANYTHING,
)
def test_no_reference_breaks_the_server(http: httpx.Client, images: object, mask: object) -> None:
    """Whatever stands where pictures are named."""
    reply = http.post(
        EDITS,
        content=json.dumps({**MODEL, "images": images, "mask": mask}),
        headers={"content-type": "application/json"},
    )
    assert reply.status_code in {200, 400}, reply.text


@pytest.mark.parametrize(
    "url",
    [
        "data:",
        "data:,",
        "data:;base64,",
        "data:image/png;base64,!!!!",
        "data:image/png;base64,AAA",
        "data:text/plain,hello",
        "data:image/png,%89PNG",
    ],
)
def test_a_data_url_that_holds_no_picture_is_refused(http: httpx.Client, url: str) -> None:
    """By the place where it stands."""
    reply = http.post(EDITS, json={**MODEL, "images": [{"image_url": url}]})
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "images[0].image_url")


def test_uploaded_files_lie_in_unnamed_places(own_temp: Path) -> None:
    """A server that is killed leaves nothing behind."""
    with ServerThread() as server:
        headers = {"authorization": "Bearer k"}
        data = file() + b"\0" * 2_000_000
        httpx.post(f"{server.base_url}/files", data={"purpose": "vision"}, files={"file": part(data)}, headers=headers)
        assert not list(own_temp.iterdir())
