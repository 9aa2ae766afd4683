"""Makes fixtures/gallery.png, the pictures that the README shows: `python tests/make_gallery.py`."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx
from PIL import Image

from mockserver.server import ServerThread

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT: Final = Path(__file__).parent.parent
_CELL: Final = (300, 200)
_GAP: Final = 8
_COLUMNS: Final = 3

GENERATED: Final[tuple[Mapping[str, str], ...]] = (
    {"prompt": "a lighthouse at dawn", "size": "1536x1024"},
    {"prompt": "a bowl of ripe peaches, oil on canvas", "size": "1536x1024"},
    {"prompt": "eine Straße im Regen, Neonlicht", "size": "1536x1024"},
    {"prompt": "雪の中の静かな寺", "size": "1536x1024"},
    {"prompt": "a fox, flat colours", "size": "1536x1024"},
    {"prompt": "an astronaut riding a horse", "size": "1536x1024"},
    {"prompt": "the market of Marrakesh from above", "size": "1536x1024"},
    {"prompt": "кот на подоконнике", "size": "1536x1024"},
)
EDITED: Final = {"prompt": "put a boat on the water", "size": "1536x1024"}
SEA: Final = ROOT / "fixtures" / "images" / "square.png"


def pictures() -> list[bytes]:
    """Return the pictures of all prompts, the edit last."""
    with ServerThread() as server, httpx.Client(base_url=server.base_url, timeout=60) as http:
        http.headers["authorization"] = "Bearer sk-mock"
        model = {"model": "gpt-image-2", "quality": "low"}
        replies = [http.post("/images/generations", json={**model, **asked}) for asked in GENERATED]
        replies.append(http.post("/images/edits", data={**model, **EDITED}, files={"image": SEA.open("rb")}))
    return [base64.b64decode(reply.raise_for_status().json()["data"][0]["b64_json"]) for reply in replies]


def sheet(files: list[bytes]) -> Image.Image:
    """Return the pictures side by side, in as few colours as a small file takes."""
    width, height = _CELL
    rows = -(-len(files) // _COLUMNS)
    whole = Image.new("RGB", (_COLUMNS * (width + _GAP) - _GAP, rows * (height + _GAP) - _GAP), "white")
    for number, file in enumerate(files):
        row, column = divmod(number, _COLUMNS)
        picture = Image.open(io.BytesIO(file)).convert("RGB").resize(_CELL, Image.Resampling.LANCZOS)
        whole.paste(picture, (column * (width + _GAP), row * (height + _GAP)))
    return whole.quantize(255, dither=Image.Dither.NONE)


if __name__ == "__main__":
    sheet(pictures()).save(ROOT / "fixtures" / "gallery.png", optimize=True)
