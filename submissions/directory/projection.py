"""Where a place of the globe stands on our map of the world.

The projection is Equal Earth (Šavrič, Patterson and Jenny, 2018: "The Equal Earth map projection",
doi 10.1080/13658816.2018.1504949). It shows areas in their true proportion, as a map about the
South has to: on Mercator's, Greenland is as large as Africa. Its parallels are straight, so what
lies equally far north stands equally high.

The seam runs through the Bering Strait, where it parts no island State of the Pacific from its
neighbours. North of NORTH and south of SOUTH there is nothing to show: the map ends there.
"""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

WIDTH = 960  # units of the drawing, as the height
MIDDLE = 11  # degrees east: the meridian in the middle
NORTH, SOUTH = 84, -58  # degrees

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_SQRT3 = sqrt(3)


class Place(NamedTuple):
    """Units from the upper left corner of the drawing."""

    x: float
    y: float


def _equal_earth(latitude: float, longitude: float) -> tuple[float, float]:
    """On a globe of radius 1: east and north of the middle. Degrees in."""
    theta = asin(_SQRT3 / 2 * sin(radians(latitude)))
    squared = theta * theta
    sixth = squared**3
    across = 9 * _A4 * sixth * squared + 7 * _A3 * sixth + 3 * _A2 * squared + _A1
    x = 2 * _SQRT3 * radians(longitude) * cos(theta) / (3 * across)
    y = theta * (_A1 + _A2 * squared + sixth * (_A3 + _A4 * squared))
    return x, y


_EDGE = _equal_earth(0, 180)[0]
_SCALE = WIDTH / (2 * _EDGE)
_TOP, _BOTTOM = _equal_earth(NORTH, 0)[1], _equal_earth(SOUTH, 0)[1]
HEIGHT = round((_TOP - _BOTTOM) * _SCALE)


def place(latitude: float, longitude: float) -> Place:
    """Where a point of the globe stands, in degrees; what lies beyond the map stands at its end."""
    from_middle = (longitude - MIDDLE + 180) % 360 - 180
    return on_map(latitude, from_middle)


def on_map(latitude: float, from_middle: float) -> Place:
    """The same for degrees east of the middle of the map, its two ends included."""
    x, y = _equal_earth(min(max(latitude, SOUTH), NORTH), from_middle)
    return Place(round((x + _EDGE) * _SCALE, 1), round((_TOP - y) * _SCALE, 1))
