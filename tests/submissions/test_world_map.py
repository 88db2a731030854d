"""The map: every country has a point, each stands where it should, and the drawing is small."""

import gzip
from importlib.resources import files
from math import acos, cos, radians, sin

import pytest

from alliance.country_points import Point, country_points
from alliance.models import Country
from submissions.directory.projection import HEIGHT, WIDTH, place
from submissions.directory.world_map import Dot, drawn

EARTH = 6371  # km


def km(one: Point, other: Point) -> float:
    lat, other_lat = radians(one.latitude), radians(other.latitude)
    east = radians(one.longitude - other.longitude)
    return EARTH * acos(min(1, sin(lat) * sin(other_lat) + cos(lat) * cos(other_lat) * cos(east)))


def degrees(text: str, digits: int) -> float:
    """As in ISO 6709: sign, degrees of so many digits, minutes, perhaps seconds."""
    number = int(text[1 : 1 + digits]) + int(text[1 + digits : 3 + digits]) / 60
    return -number if text[0] == "-" else number


def known_places() -> dict[str, list[Point]]:
    """Places of each country as the tz database has them."""
    found: dict[str, list[Point]] = {}
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text().splitlines():
        if not line.startswith("#"):
            code, where, *_rest = line.split("\t")
            at = max(where.rfind("+"), where.rfind("-"))
            point = Point(degrees(where[:at], 2), degrees(where[at:], 3))
            found.setdefault(code, []).append(point)
    return found


@pytest.mark.django_db
def test_every_country_of_the_list_has_a_point_and_nothing_else_has() -> None:
    assert set(country_points()) == set(Country.objects.values_list("iso2", flat=True))


def test_each_point_is_near_a_place_of_its_country() -> None:
    places = known_places()
    points = {code: point for code, point in country_points().items() if code in places}
    assert len(points) == len(country_points()) - 2  # two islands without people
    far = {code: min(km(point, p) for p in places[code]) for code, point in points.items()}
    # Whose only known places are on one coast of a large country.
    large = {code for code, distance in far.items() if distance > 600}
    assert large == {
        "AO",
        "AQ",
        "AU",
        "BR",
        "CD",
        "CN",
        "DZ",
        "GL",
        "IN",
        "LY",
        "ML",
        "MR",
        "MZ",
        "NE",
        "NG",
        "PK",
        "RU",
        "VN",
    }
    assert max(far.values()) < 1700


@pytest.mark.parametrize(
    ("code", "latitude", "longitude"),
    [
        ("BR", -10, -55),
        ("CA", 60, -100),
        ("CV", 15, -24),
        ("FJ", -18, 178),
        ("IN", 22, 79),
        ("KE", 0, 38),
        ("MV", 4, 73),
        ("NZ", -41, 173),
        ("TO", -21, -175),
        ("WS", -14, -172),
    ],
)
def test_points_are_where_an_atlas_has_the_country(
    code: str, latitude: int, longitude: int
) -> None:
    assert km(country_points()[code], Point(latitude, longitude)) < 160


def test_the_drawing_has_the_north_above_and_the_west_left() -> None:
    norway, kenya, brazil, samoa, fiji = (
        place(*country_points()[code]) for code in ("NO", "KE", "BR", "WS", "FJ")
    )
    assert norway.y < kenya.y < brazil.y
    assert brazil.x < norway.x < kenya.x < fiji.x < samoa.x
    everywhere = [place(*point) for point in country_points().values()]
    assert all(0 <= at.x <= WIDTH and 0 <= at.y <= HEIGHT for at in everywhere)


def test_areas_keep_their_proportion() -> None:
    """A band of ten degrees is as large on the map as on the globe, wherever it is."""

    def on_map(south: int) -> float:
        steps = [south + step / 10 for step in range(100)]
        rows = [(place(at, -169), place(at, 190.999), place(at + 0.1, 0)) for at in steps]
        return sum((east.x - west.x) * (west.y - above.y) for west, east, above in rows)

    def on_globe(south: int) -> float:
        return sin(radians(south + 10)) - sin(radians(south))

    equator = on_map(0) / on_globe(0)
    for south in (-50, -20, 30, 60):
        assert on_map(south) / on_globe(south) == pytest.approx(equator, rel=0.05)


def test_dots_are_links_with_names_by_the_size_of_their_number() -> None:
    svg = drawn(
        [
            Dot("KE", "Kenya", 1, "?country=KE", "<Kenya>: 1"),
            Dot("BR", "Brazil", 4, "?b", "Brazil"),
        ],
        "Map",
    )
    assert svg.index("Brazil") < svg.index("Kenya")
    assert 'aria-label="&lt;Kenya&gt;: 1"' in svg
    assert svg.count('r="26"/>') == svg.count('r="13"/>') == 1


def test_a_dot_for_every_country_stays_within_ten_kilobytes() -> None:
    dots = [
        Dot(code, code, number, f"/organizations/?country={code}", f"{code}: {number}")
        for number, code in enumerate(country_points(), start=1)
    ]
    assert len(gzip.compress(drawn(dots, "Map").encode())) < 10_000
