"""PNG by hand: a flat picture has few different rows, and only those are drawn, filtered and deflated.

The scene is cut into bands at every horizontal edge. A plain band is one row and then repetitions, which under the
filter `Up` are rows of zeros, deflated once and kept. A band with masks (curves, text) is drawn as a strip and holds
the differences from row to row. All pieces end on byte borders (full flush), so joined they are one ordinary zlib
stream; its Adler-32 is computed piece by piece.
"""

from __future__ import annotations

import struct
import zlib
from bisect import bisect_left
from functools import lru_cache
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image, ImageChops

from mockserver.pictures import deflate
from mockserver.pictures.deflate import FAST, FULL_FLUSH, adler32, crc32
from mockserver.pictures.scene import CLEAR, Box, paint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mockserver.pictures.deflate import Data
    from mockserver.pictures.scene import Scene

SIGNATURE = b"\x89PNG\r\n\x1a\n"
SUB, UP = 1, 2
ADLER = 65521
LONGEST_RUN = 256
ROW_OVERHEAD = 12_000 if FAST else 4000
"""Bytes a row must save to be worth a flush of its own."""
STRIP_OVERHEAD, HEAD_OVERHEAD = 16_000, 4000
"""Pixels that could be drawn in the time that another strip, or another plain band, takes."""
PORTION = 200_000
"""Bytes of pixels drawn and deflated at a time: what stays in the cache of a processor."""


class Band(NamedTuple):
    """Rows between two horizontal edges."""

    top: int
    bottom: int
    left: int
    right: int
    """The columns in which the rows differ from each other; none if left and right are equal."""

    @property
    def area(self) -> int:
        """Pixels in which the rows differ."""
        return (self.bottom - self.top) * (self.right - self.left)


def encode(scene: Scene, extra: bytes = b"") -> bytes:
    """Return the file of a scene; `extra` are finished chunks that go before the pixels."""
    bands = cut(scene)
    firsts = [paint(scene, next(_portions(scene, band))) if band.right else None for band in bands]
    heads = _sub_filtered(_heads(scene, bands, firsts))
    with deflate.borrowed() as pair:
        stream = _Stream(scene.width * len(scene.mode) + 1, scene.step, pair)
        for band, first, head in zip(bands, firsts, heads, strict=True):
            stream.add_row(head)
            if first:
                stream.repeat(scene.step - 1)
                stream.add_strip(first, band.left * len(scene.mode))
                for part in islice(_portions(scene, band), 1, None):
                    stream.add_strip(paint(scene, part), band.left * len(scene.mode))
            else:
                stream.repeat((band.bottom - band.top) * scene.step - 1)
    return _file(scene.mode, (scene.width, scene.height), stream.finish(), extra)


def _portions(scene: Scene, band: Band) -> Iterator[Box]:
    """Cut a band into parts small enough to stay in the processor's cache; each begins with the last one's last row."""
    rows = max(2, PORTION // ((band.right - band.left) * len(scene.mode)))
    for top in range(band.top, max(band.top + 1, band.bottom - 1), rows):
        yield Box(band.left, top, band.right, min(top + rows + 1, band.bottom))


def encode_mosaic(tiles: Image.Image, size: tuple[int, int], extra: bytes = b"") -> bytes:
    """Return the file of an image whose every pixel is a tile of a picture of `size`."""
    width, height = size
    rows = tiles.height
    tops = [-(-(2 * row * height - rows) // (2 * rows)) for row in range(1, rows)]  # where NEAREST changes its row
    heads = _sub_filtered(tiles.resize((width, rows), Image.Resampling.NEAREST))
    with deflate.borrowed() as pair:
        stream = _Stream(width * len(tiles.mode) + 1, 1, pair)
        for head, top, bottom in zip(heads, [0, *tops], [*tops, height], strict=True):
            stream.add_row(head)
            stream.repeat(bottom - top - 1)
    return _file(tiles.mode, size, stream.finish(), extra)


def chunk(name: bytes, data: bytes) -> bytes:
    """Return a PNG chunk: length, name, data, CRC."""
    return b"".join([struct.pack(">I", len(data)), name, data, struct.pack(">I", crc32(data, crc32(name)))])


def cut(scene: Scene) -> list[Band]:
    """Cut the scene at its horizontal edges into bands, whose tops and bottoms count rows of `step` pixels."""
    edges = {0: (0, scene.width), scene.rows: (0, scene.width)}
    for left, top, right, bottom, *_ in scene.layers:
        for row in (top, bottom):
            low, high = edges.get(row, (left, right))
            edges[row] = (low if low < left else left, high if high > right else right)
    tops = sorted(edges)
    windows = _windows(scene, tops)
    bands: list[Band] = []
    for top, bottom in pairwise(tops):
        band = Band(top, bottom, *windows.get(top, (0, 0)))
        if bands and bands[-1].right and (joined := _joined(bands[-1], band, edges[top])):
            bands[-1] = joined
        else:
            bands.append(band)
    return bands


def _joined(above: Band, below: Band, edge: tuple[int, int]) -> Band | None:
    """Return two bands as one, which holds the edge between them; None if they are cheaper apart."""
    left, right = min(above.left, edge[0]), max(above.right, edge[1], below.right)
    if below.right:
        left = min(left, below.left)
    apart = above.area + (below.area + STRIP_OVERHEAD if below.right else HEAD_OVERHEAD)
    both = Band(above.top, below.bottom, left, right)
    return both if both.area <= apart else None


def _windows(scene: Scene, tops: list[int]) -> dict[int, tuple[int, int]]:
    """Return the columns that masks touch, by the top of each band that has any."""
    found: dict[int, tuple[int, int]] = {}
    for layer in scene.layers:
        if layer.ink:
            for top in tops[bisect_left(tops, layer.top) : bisect_left(tops, layer.bottom)]:
                left, right = found.get(top, (layer.left, layer.right))
                found[top] = min(left, layer.left), max(right, layer.right)
    return found


def _heads(scene: Scene, bands: Sequence[Band], strips: Sequence[Image.Image | None]) -> Image.Image:
    """Return the first row of every band."""
    tops = [band.top for band in bands]
    canvas = Image.new(scene.mode, (scene.width, len(bands)))
    for layer in scene.layers:
        if layer.ink is None:
            first, last = bisect_left(tops, layer.top), bisect_left(tops, layer.bottom)
            if first < last:
                canvas.im.paste(layer.colour, (layer.left, first, layer.right, last))
    for index, (band, strip) in enumerate(zip(bands, strips, strict=True)):
        if strip:
            canvas.im.paste(strip.im.crop((0, 0, strip.width, 1)), (band.left, index, band.right, index + 1))
    return canvas


def _file(mode: str, size: tuple[int, int], pixels: bytes, extra: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", *size, 8, 6 if mode == CLEAR else 2, 0, 0, 0)
    return b"".join([SIGNATURE, chunk(b"IHDR", header), extra, chunk(b"IDAT", pixels), chunk(b"IEND", b"")])


def _sub_filtered(rows: Image.Image) -> list[memoryview]:
    """Return rows under the filter Sub, which needs no other row."""
    before = Image.new(rows.mode, rows.size)
    before.paste(rows, (1, 0))
    stride = rows.width * len(rows.mode) + 1
    data = _filtered(ImageChops.subtract_modulo(rows, before), 0, stride)
    data[::stride] = bytes([SUB]) * rows.height
    view = memoryview(data)
    return [view[start : start + stride] for start in range(0, len(data), stride)]


def _filtered(differences: Image.Image, left: int, stride: int) -> bytearray:
    """Return rows of `stride` bytes: a filter byte still to be set, `left` zeros, the differences, zeros."""
    data = bytearray(1 + left)
    data += differences.tobytes("raw", differences.mode, stride)  # each row padded with the next one's beginning
    del data[stride * differences.height :]
    return data


class _Stream:
    """A zlib stream made of pieces, for rows of `stride` bytes, each `step` times in the picture."""

    def __init__(self, stride: int, step: int, pair: deflate.Pair) -> None:
        self.stride = stride
        self._step = step
        self._pieces = [b"\x78\x01"]
        self._adler = 1
        self._pair = pair

    def add_row(self, row: Data) -> None:
        """Append a finished row."""
        self._pieces += (self._pair.row.compress(row), self._pair.row.flush(FULL_FLUSH))
        self._adler = adler32(row, self._adler)

    def add_rows(self, rows: Data) -> None:
        """Append many finished rows."""
        self._pieces += (self._pair.rows.compress(rows), self._pair.rows.flush(FULL_FLUSH))
        self._adler = adler32(rows, self._adler)

    def repeat(self, rows: int) -> None:
        """Append rows equal to the one before."""
        if rows:
            self._pieces.append(_repeated(self.stride, rows))
            self._adler = _skip_rows(self._adler, self.stride, rows)

    def add_strip(self, strip: Image.Image, left: int) -> None:
        """Append the rows of a strip after its first one; it starts at byte `left` of the pixels."""
        if strip.height == 1:
            return
        rows = ImageChops.subtract_modulo(strip.crop((0, 1, strip.width, strip.height)), strip)
        size = strip.width * len(strip.mode)
        if self.stride * self._step - size > ROW_OVERHEAD:
            self._add_windows(rows.tobytes(), size, left)
        else:
            data = _filtered(rows, left, self.stride * self._step)
            data[:: self.stride] = bytes([UP]) * (rows.height * self._step)
            self.add_rows(data)

    def _add_windows(self, data: bytes, size: int, left: int) -> None:
        """Append rows that differ from the one above only in `size` bytes from byte `left` of the pixels on."""
        right = self.stride - 1 - left - size
        still = self._step - 1
        before, between = _between(0, self.stride, 0, left), _between(right, self.stride, still, left)
        pieces, compress, flush = [before], self._pair.row.compress, self._pair.row.flush
        low, high = self._adler & 0xFFFF, self._adler >> 16
        for start in range(0, len(data), size):
            window = data[start : start + size]
            pieces += (compress(window), flush(FULL_FLUSH), between)
            low += UP
            high += (left + 1) * low
            adler = adler32(window, high % ADLER << 16 | low % ADLER)
            low = adler & 0xFFFF
            high = (adler >> 16) + right * low + self.stride * still * (low + still + 1)
            low += UP * still
        pieces[-1] = _tail(right, self.stride, still)
        self._pieces += pieces
        self._adler = high % ADLER << 16 | low % ADLER

    def finish(self) -> bytes:
        """Return the whole stream."""
        self._pieces += (b"\x03\x00", struct.pack(">I", self._adler))  # an empty last block
        return b"".join(self._pieces)


def _skip_rows(adler: int, stride: int, rows: int) -> int:
    """Return the Adler-32 after so many rows of zeros under the filter Up, which is the byte 2."""
    low, high = adler & 0xFFFF, adler >> 16
    high += stride * rows * (low + rows + 1)
    return high % ADLER << 16 | (low + UP * rows) % ADLER


@lru_cache(maxsize=64)
def _repeated(stride: int, rows: int) -> bytes:
    """Return the deflated form of `rows` rows of zeros under the filter Up."""
    whole, rest = divmod(rows, LONGEST_RUN)
    powers = (1 << power for power in range(LONGEST_RUN.bit_length() - 1) if rest >> power & 1)
    return _run(stride, LONGEST_RUN) * whole + b"".join(_run(stride, power) for power in powers)


@lru_cache(maxsize=128)
def _run(stride: int, rows: int) -> bytes:
    return _deflated((bytes([UP]) + bytes(stride - 1)) * rows)


@lru_cache(maxsize=256)
def _between(right: int, stride: int, rows: int, left: int) -> bytes:
    """Return the deflated zeros after a row's window, those of `rows` whole rows, and those before the next window."""
    up = bytes([UP])
    return _deflated(bytes(right) + (up + bytes(stride - 1)) * rows + up + bytes(left))


@lru_cache(maxsize=256)
def _tail(right: int, stride: int, rows: int) -> bytes:
    """Return the deflated zeros after the last row's window, and those of `rows` whole rows."""
    return _deflated(bytes(right) + (bytes([UP]) + bytes(stride - 1)) * rows)


def _deflated(data: bytes) -> bytes:
    deflater = zlib.compressobj(1, zlib.DEFLATED, -15, 8, zlib.Z_RLE)
    return deflater.compress(data) + deflater.flush(zlib.Z_FULL_FLUSH)
