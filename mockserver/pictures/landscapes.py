"""Compositions with a horizon: a sky in flat steps, a sun or moon, and land, water or a town below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.pictures import shapes
from mockserver.pictures.palettes import mix
from mockserver.pictures.scene import Box, spans

if TYPE_CHECKING:
    from mockserver.pictures.dice import Dice
    from mockserver.pictures.palettes import Palette, Shade
    from mockserver.pictures.scene import Scene


def hills(scene: Scene, box: Box, palette: Palette, dice: Dice) -> None:
    """Rolling strata and a sun that touches them."""
    sky(scene, box, palette, dice.between(9, 13))
    horizon = box.top + box.height * (56, 60, 64)[dice.upto(3)] // 100
    radius = min(box.width, box.height) * (7, 9)[dice.upto(2)] // 100
    sun = (box.left + box.width * dice.between(24, 76) // 100, horizon - radius * dice.between(0, 3) // 4)
    disc(scene, box, sun, radius, palette.sun)
    strata = (box.bottom - horizon) // 3
    for index in range(3):
        middle = box.left + box.width * dice.between(5, 95) // 100
        half, high = box.width * (40, 55)[dice.upto(2)] // 100, box.height * (3, 4)[dice.upto(2)] // 100
        hill(scene, box, (middle, horizon + strata * index, half, high), palette.tones[index + (index > 0)])


def water(scene: Scene, box: Box, palette: Palette, dice: Dice) -> None:
    """A sun half set, and its light in strips on the sea."""
    sky(scene, box, palette, dice.between(9, 13))
    short = min(box.width, box.height)
    horizon = box.top + box.height * dice.between(52, 60) // 100
    middle = box.left + box.width * dice.between(28, 72) // 100
    radius = even(short * (12, 15)[dice.upto(2)] // 100)
    scene.stamp(shapes.cap(radius, radius, scene.step), middle, horizon - radius, palette.sun, box)
    waves = dice.between(8, 11)
    deep = box.bottom - horizon
    for index, (top, bottom) in enumerate(spans(horizon, deep, waves)):
        shade = mix(palette.tones[1], palette.tones[3], index, waves - 1)
        scene.fill(Box(box.left, top, box.right, bottom), shade)
        reach = radius * (waves - index) // waves + radius * dice.between(0, 25) // 100
        shift = radius * dice.between(-14, 14) // 100
        high = (bottom - top) * (waves - index + 3) // (waves * 2 + 3)
        glint = Box(max(box.left, middle + shift - reach), top + high // 2, min(box.right, middle + shift + reach), 0)
        scene.fill(glint._replace(bottom=glint.top + max(scene.step, high)), palette.sun)


def peaks(scene: Scene, box: Box, palette: Palette, dice: Dice) -> None:
    """Three mountains with snow and a sun between them."""
    sky(scene, box, palette, dice.between(9, 13))
    ground = box.top + box.height * dice.between(66, 74) // 100
    tall = box.height * 19 // 100
    radius = min(box.width, box.height) * (6, 8)[dice.upto(2)] // 100
    sun = (box.left + box.width * dice.between(20, 80) // 100, ground - tall + radius * dice.between(0, 4) // 4)
    disc(scene, box, sun, radius, palette.sun)
    snow = max(palette.paper, palette.ink)
    places = dice.shuffled(3)
    for index in range(3):
        high = even(tall * (10, 8, 6)[index] // 10)
        half = max(high * 13 // 10, box.width * (16, 20)[dice.upto(2)] // 100)
        middle = box.left + box.width * (18 + 32 * places[index] + dice.between(-6, 6)) // 100
        mountain(scene, box, (middle, ground, half, high), (palette.tones[index], snow))
    for index, top in enumerate((ground, ground + (box.bottom - ground) // 2)):
        scene.fill(Box(box.left, top, box.right, box.bottom), palette.tones[2 + index])


def town(scene: Scene, box: Box, palette: Palette, dice: Dice) -> None:
    """Flat-topped bars like a skyline at dusk, a moon above, a few lit windows."""
    sky(scene, box, palette, dice.between(9, 13))
    short = min(box.width, box.height)
    radius = short * (6, 8)[dice.upto(2)] // 100
    moon = (box.left + box.width * dice.between(18, 82) // 100, box.top + box.height * dice.between(18, 26) // 100)
    disc(scene, box, moon, radius, palette.sun)
    for row, least, most in ((0, 34, 58), (1, 18, 44)):
        count = max(4, box.width * dice.between(8, 11) // max(box.width, box.height))
        for index, (left, right) in enumerate(spans(box.left, box.width, count)):
            high = box.height * dice.between(least, most) // 100
            shade = palette.tones[(index * 2 + dice.upto(2)) % 2 + row * 2]
            house = Box(left, box.bottom - high, right, box.bottom)
            scene.fill(house, shade)
            if row and dice.upto(2):
                _windows(scene, house, palette.tones[4] if dice.upto(2) else palette.sun)


def _windows(scene: Scene, house: Box, shade: Shade) -> None:
    side = house.width // 5
    for row in range(2):
        for column in range(2):
            left = house.left + side + column * 2 * side
            top = house.top + side + row * 2 * side
            if top + side < house.bottom:
                scene.fill(Box(left, top, left + side, top + side), shade)


def sky(scene: Scene, box: Box, palette: Palette, steps: int) -> None:
    """Fill the box with a gradient in flat steps."""
    for index, (top, bottom) in enumerate(spans(box.top, box.height, steps)):
        scene.fill(Box(box.left, top, box.right, bottom), mix(*palette.sky, index, steps - 1))


def disc(scene: Scene, box: Box, middle: tuple[int, int], radius: int, shade: Shade) -> None:
    """Put a disc around a point."""
    radius = even(radius)
    scene.stamp(shapes.disc(radius, scene.step), middle[0], middle[1] - radius, shade, box)


def mountain(scene: Scene, box: Box, place: tuple[int, int, int, int], shades: tuple[Shade, Shade]) -> None:
    """Put a peak (middle, foot, half width, height) and the snow on its top."""
    middle, foot, half, high = place
    snow = even(high * 30 // 100)
    edge = half * snow // high
    scene.stamp(shapes.peak(half, high, scene.step), middle, foot - high, shades[0], box)
    scene.stamp(shapes.peak(edge, snow, scene.step), middle, foot - high, shades[1], box)


def hill(scene: Scene, box: Box, swell: tuple[int, int, int, int], shade: Shade) -> None:
    """Put a flat swell (middle, top, half width, height) and fill everything below it."""
    middle, top, half, high = swell
    high = even(high)
    radius = (half * half + high * high) // (2 * high)
    scene.stamp(shapes.cap(radius, high, scene.step), middle, top, shade, box)
    scene.fill(Box(box.left, (top // scene.step + high // scene.step) * scene.step, box.right, box.bottom), shade)


def even(measure: int) -> int:
    """Return a measure without its last odd pixel, as masks with rows of two pixels need it; at least 2."""
    return max(2, measure // 2 * 2)
