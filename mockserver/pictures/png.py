"""PNG by hand: a flat picture has few different rows, and only those are drawn, filtered and deflated.

The scene is cut into bands at every horizontal edge. A plain band is one row and then repetitions, which under the
filter `Up` are rows of zeros, deflated once and kept. A band with masks (curves, text) is drawn as a strip and holds
the differences from row to row. All pieces end on byte borders (full flush), so joined they are one ordinary zlib
stream; its Adler-32 is computed piece by piece.
"""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from PIL import Image, ImageChops

from mockserver.pictures import deflate
from mockserver.pictures.bands import cut, heads, portions
from mockserver.pictures.deflate import FAST, FULL_FLUSH, adler32, crc32
from mockserver.pictures.scene import CLEAR, paint

if TYPE_CHECKING:
    from mockserver.pictures.deflate import Data
    from mockserver.pictures.scene import Scene

SIGNATURE = b"\x89PNG\r\n\x1a\n"
SUB, UP = 1, 2
ADLER = 65521
LONGEST_RUN = 256
MUCH = 100_000 if FAST else 0
"""Bytes from which on deflating well is worth the time."""
ROW_OVERHEAD = 12_000 if FAST else 4000
"""Bytes a row must save to be worth a flush of its own."""


def encode(scene: Scene, extra: bytes = b"") -> bytes:
    """Return the file of a scene; `extra` are finished chunks that go before the pixels."""
    bands = cut(scene)
    firsts = [paint(scene, next(portions(scene, band))) if band.right else None for band in bands]
    rows = _sub_filtered(heads(scene, bands, firsts))
    with deflate.borrowed() as pair:
        stream = _Stream(scene.width * len(scene.mode) + 1, scene.step, pair)
        for band, first, row in zip(bands, firsts, rows, strict=True):
            if first:
                stream.add_row(row, scene.step - 1)
                stream.add_strip(first, band.left * len(scene.mode))
                for part in islice(portions(scene, band), 1, None):
                    stream.add_strip(paint(scene, part), band.left * len(scene.mode))
            else:
                stream.add_row(row, (band.bottom - band.top) * scene.step - 1)
    return _file(scene.mode, (scene.width, scene.height), stream.finish(), extra)


def encode_mosaic(tiles: Image.Image, size: tuple[int, int], extra: bytes = b"") -> bytes:
    """Return the file of an image whose every pixel is a tile of a picture of `size`."""
    width, height = size
    tops = _starts(tiles.height, height)
    widened = _widened(tiles, width)
    with deflate.borrowed() as pair:
        stream = _Stream(width * len(tiles.mode) + 1, 1, pair)
        for row, top, bottom in zip(widened, tops, [*tops[1:], height], strict=True):
            stream.add_row(row, bottom - top - 1)
    return _file(tiles.mode, size, stream.finish(), extra)


@lru_cache(maxsize=64)
def _starts(tiles: int, pixels: int) -> list[int]:
    """Return the pixels at which tiles begin when NEAREST makes so many pixels of them."""
    return [0, *(-(-(2 * tile * pixels - tiles) // (2 * tiles)) for tile in range(1, tiles))]


def _widened(tiles: Image.Image, width: int) -> list[bytes]:
    """Return rows of tiles as rows of `width` pixels under the filter Sub: the step to each tile, then zeros."""
    size = len(tiles.mode)
    before = tiles.crop((-1, 0, tiles.width - 1, tiles.height))  # what lies outside is 0
    steps = ImageChops.subtract_modulo(tiles, before).tobytes()
    starts = _starts(tiles.width, width)
    parts = [bytes([SUB])] * (2 * tiles.width + 1)
    parts[2::2] = [bytes(size * (end - start - 1)) for start, end in pairwise([*starts, width])]
    rows = []
    for at in range(0, len(steps), size * tiles.width):
        parts[1::2] = [steps[place : place + size] for place in range(at, at + size * tiles.width, size)]
        rows.append(b"".join(parts))
    return rows


def chunk(name: bytes, data: bytes) -> bytes:
    """Return a PNG chunk: length, name, data, CRC."""
    return b"".join([struct.pack(">I", len(data)), name, data, struct.pack(">I", crc32(data, crc32(name)))])


def _file(mode: str, size: tuple[int, int], pixels: bytes, extra: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", *size, 8, 6 if mode == CLEAR else 2, 0, 0, 0)
    return b"".join([SIGNATURE, chunk(b"IHDR", header), extra, chunk(b"IDAT", pixels), chunk(b"IEND", b"")])


def _sub_filtered(rows: Image.Image) -> list[memoryview]:
    """Return rows under the filter Sub, which needs no other row."""
    before = rows.crop((-1, 0, rows.width - 1, rows.height))  # what lies outside is 0
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

    def add_row(self, row: Data, again: int) -> None:
        """Append a finished row, and so many equal to it."""
        self._pieces += (self._pair.little.compress(row), self._pair.little.flush(FULL_FLUSH))
        self._adler = adler32(row, self._adler)
        if again:
            self._pieces.append(_repeated(self.stride, again))
            low, high = self._adler & 0xFFFF, self._adler >> 16
            high += self.stride * again * (low + again + 1)  # rows of zeros under the filter Up, which is the byte 2
            self._adler = high % ADLER << 16 | (low + UP * again) % ADLER

    def add_rows(self, rows: Data) -> None:
        """Append many finished rows."""
        deflater = self._pair.much if len(rows) > MUCH else self._pair.little
        self._pieces += (deflater.compress(rows), deflater.flush(FULL_FLUSH))
        self._adler = adler32(rows, self._adler)

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
        pieces, compress, flush = [before], self._pair.little.compress, self._pair.little.flush
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
