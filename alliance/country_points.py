"""Where a country or area lies: one point of each, for maps that show numbers and no borders."""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parent / "data" / "country_points.csv"


class Point(NamedTuple):
    """Degrees, north and east positive, in steps of half a degree.

    The middle of the land, by eye; for small ones the first place that the tz database (public
    domain) lists in its `zone.tab`, which all others were compared with too. It says where to look
    on a map of the world, and nothing about territory.
    """

    latitude: float
    longitude: float


@cache
def country_points() -> dict[str, Point]:
    """The point of each country and area of our list, by its ISO code of two letters."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return {
            row["iso2"]: Point(float(row["latitude"]), float(row["longitude"]))
            for row in csv.DictReader(file)
        }
