"""The map of the directory as SVG: geometry and marks, made on the server for a strict policy.

A graticule, a small mark at the point of every country and area so that the eye finds its way, and
a circle wherever there are organizations, each a link. No borders and no names are drawn, so the
map takes no side. Left is west in every language: nothing of it is mirrored.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from math import sqrt
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from alliance.country_points import country_points
from submissions.directory.projection import (
    HEIGHT,
    MIDDLE,
    NORTH,
    SOUTH,
    WIDTH,
    Place,
    on_map,
    place,
)

_MERIDIANS = range(-150, 181, 30)
_PARALLELS = range(-30, 61, 30)
_STEP = 7  # degrees of latitude between two points of a meridian
_LARGEST, _SMALLEST = 26, 7  # radius of a circle, in units of the drawing
_MARGIN = 12  # for circles that stand at the seam


class Dot(NamedTuple):
    """A country with organizations: where its list is, and how a screen reader says it."""

    country: str
    name: str
    number: int
    address: str
    label: str


def drawn(dots: Sequence[Dot], label: str) -> SafeString:
    """The whole drawing; the area of a circle grows with its number, and the largest lies below."""
    most = max([dot.number for dot in dots], default=1)
    marks = "".join(_circles(sorted(dots, key=lambda dot: -dot.number), most))
    return mark_safe(  # noqa: S308 - everything in it is a number or escaped
        f'<svg class="map" viewBox="{-_MARGIN} 0 {WIDTH + 2 * _MARGIN} {HEIGHT}" role="group" '
        f'aria-label="{escape(label)}">{_ground()}{marks}</svg>'
    )


def _circles(dots: Iterable[Dot], most: int) -> Iterable[str]:
    points = country_points()
    for dot in dots:
        if dot.country in points:
            at = place(*points[dot.country])
            radius = max(_SMALLEST, round(_LARGEST * sqrt(dot.number / most), 1))
            name = escape(dot.label)
            yield (
                f'<a href="{escape(dot.address)}" aria-label="{name}"><title>{name}</title>'
                f'<circle cx="{at.x:g}" cy="{at.y:g}" r="{radius:g}"/></a>'
            )


@cache
def _ground() -> str:
    """What is the same on every map: the graticule, and a mark for every country and area."""
    marks = "".join(_mark(place(*point)) for point in country_points().values())
    return (
        f'<g fill="none" stroke="currentColor" aria-hidden="true">'
        f'<path opacity=".3" d="{_graticule()}"/>'
        f'<path opacity=".5" stroke-width="4" stroke-linecap="round" d="{marks}"/></g>'
    )


def _mark(at: Place) -> str:
    return f"M{round(at.x)} {round(at.y)}h0"


def _graticule() -> str:
    """Every thirty degrees a line, and the ends of the map."""
    meridians = [meridian - MIDDLE for meridian in _MERIDIANS]
    lines = [_line([on_map(latitude, east) for latitude in _latitudes()]) for east in meridians]
    lines += [_parallel(latitude) for latitude in (SOUTH, *_PARALLELS, NORTH)]
    lines += [_line([on_map(latitude, end) for latitude in _latitudes()]) for end in (-180, 180)]
    return "".join(lines)


def _latitudes() -> list[int]:
    return [*range(SOUTH, NORTH, _STEP), NORTH]


def _parallel(latitude: int) -> str:
    west, east = on_map(latitude, -180), on_map(latitude, 180)
    return f"M{round(west.x)} {round(west.y)}H{round(east.x)}"


def _line(places: Sequence[Place]) -> str:
    return "M" + "L".join(f"{round(at.x)} {round(at.y)}" for at in places)
