"""Compositions without a horizon: squares, weaves, arches and quilts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.pictures import shapes
from mockserver.pictures.landscapes import even, sky
from mockserver.pictures.palettes import mix
from mockserver.pictures.scene import Box, spans

if TYPE_CHECKING:
    from mockserver.pictures.dice import Dice
    from mockserver.pictures.palettes import Palette, Shade
    from mockserver.pictures.scene import Scene

NESTED = 4
RINGS = 4


def squares(scene: Scene, box: Box, palette: Palette, dice: Dice) -> None:
    """Squares within squares, resting low, side by side when the space is wide."""
    across = max(1, (box.width * 2 + box.height) // (box.height * 2))
    down = max(1, (box.height * 2 + box.width) // (box.width * 2))
    shades = [*palette.tones, palette.sun, palette.sky[0], palette.sky[1]]
    for top, bottom in spans(box.top, box.height, down):
        for left, right in spans(box.left, box.width, across):
            order = dice.shuffled(len(shades))
            _nest(scene, Box(left, top, right, bottom), [shades[index] for index in order[:NESTED]])


def _nest(scene: Scene, box: Box, shades: list[Shade]) -> None:
    """Fill a box, then ever smaller ones, each nearer to the bottom."""
    for index, shade in enumerate(shades):
        side, above, below = (box.width * index // 10, box.height * index * 15 // 100, box.height * index * 5 // 100)
        scene.fill(Box(box.left + side, box.top + above, box.right - side, box.bottom - below), shade)


def weave(scene: Scene, box: Box, palette: Palette, dice: Dice) -> None:
    """Threads over and under, in the manner of a wall hanging."""
    long = max(box.width, box.height)
    columns = max(4, box.width * dice.between(8, 11) // long)
    rows = max(4, box.height * dice.between(8, 11) // long)
    shades = [palette.tones[index] for index in dice.shuffled(5)] + [palette.sky[0]]
    slope, jump, every = dice.between(1, 3), dice.between(1, 2), dice.between(2, 4)
    across = spans(box.left, box.width, columns)
    for row, (top, bottom) in enumerate(spans(box.top, box.height, rows)):
        for column, (left, right) in enumerate(across):
            cell = Box(left, top, right, bottom)
            scene.fill(cell, shades[(row * slope + column * jump + row // 2) % len(shades)])
            if (row + column * slope) % every == 0:
                _threads(scene, cell, palette.sun if (row + column) % 2 else palette.paper)


def _threads(scene: Scene, cell: Box, shade: Shade) -> None:
    for top, bottom in spans(cell.top, cell.height, 7)[1::2]:
        scene.fill(Box(cell.left, top, cell.right, bottom), shade)


def arches(scene: Scene, box: Box, palette: Palette, dice: Dice) -> None:
    """Rainbows of a few plain colours, shoulder to shoulder on a common ground."""
    sky(scene, box, palette, dice.between(5, 9))
    count = max(1, box.width * 5 // (box.height * 2)) + dice.upto(2)
    radius = even(min(box.width // (2 * count), box.height * 20 // 100))
    ground = box.top + box.height * dice.between(58, 66) // 100
    margin = (box.width - 2 * radius * count) // 2
    for index in range(count):
        middle = box.left + margin + radius * (2 * index + 1)
        shades = [palette.tones[(place + index * 2) % 5] for place in range(RINGS - 1)] + [palette.sun]
        for ring, shade in enumerate(shades):
            size = even(radius * (RINGS - ring) // RINGS)
            cap = shapes.cap(size, size, scene.step)
            scene.stamp(cap, middle, ground - size, shade, box)
            foot = Box(middle - size, (ground // scene.step) * scene.step, middle + size, box.bottom)
            scene.fill(foot, shade)
    steps = 3
    for index in range(steps):
        top = ground + (box.bottom - ground) * (index + 2) // (steps + 2)
        shade = mix(palette.tones[2], palette.tones[3], index, steps - 1)
        scene.fill(Box(box.left, top, box.right, box.bottom), shade)


def quilt(scene: Scene, box: Box, palette: Palette, dice: Dice) -> None:
    """A grid of plain patches; in one or two rows they carry quarter discs."""
    columns = max(3, box.width * dice.between(7, 9) // max(box.width, box.height))
    side = even(box.width // columns) + 2  # rather too wide than a sliver at the right
    rows = -(-box.height // side)
    first = dice.upto(rows)
    curved = {first, (first + 1) % rows} if side * 8 < box.height else {first}
    shades = [*palette.tones, palette.sun, palette.sky[0], palette.sky[1]]
    for row in range(rows):
        for column in range(columns):
            left, top = box.left + column * side, box.top + row * side
            patch = Box(left, top, min(box.right, left + side), min(box.bottom, top + side))
            under = dice.upto(len(shades))
            scene.fill(patch, shades[under])
            if row in curved:
                over, corner = shades[(under + dice.between(1, 7)) % len(shades)], dice.upto(4)
                across, down = left + side * (corner % 2), top - side * (corner // 2)
                scene.stamp(shapes.disc(side, scene.step), across, down, over, patch)
