"""Charts: marks where the numbers say, and everything of them in a table as well."""

from typing import Any

import pytest
from defusedxml import ElementTree
from django.template.loader import render_to_string

from alliance.charts import HEIGHT, WIDTH, Chart, Series, round_up

MONTHS = [f"Month {number}" for number in range(12)]
NOTHING = [0] * 11


def stacked(*values: list[float | None]) -> Chart:
    series = [Series(f"Series {number}", row) for number, row in enumerate(values)]
    return Chart("intake", "Received", "By month.", MONTHS, series)


def drawn(chart: Chart) -> Any:
    page = render_to_string("admin/chart.html", {"chart": chart})
    return ElementTree.fromstring(page[page.index("<svg") : page.index("</svg>") + 6])


def test_bars_stand_on_each_other_and_fill_the_scale() -> None:
    first, second = stacked([3, *NOTHING], [5, *NOTHING]).bars
    assert (first.pattern, second.pattern) == (0, 1)
    assert second.y + second.height == first.y
    assert second.height / first.height == pytest.approx(5 / 3, rel=0.01)
    assert second.y == 10  # eight is the end of the scale


def test_a_line_breaks_where_a_number_is_missing() -> None:
    values = [1, 2, None, 4, 5, None, 7, None, None, None, None, None]
    chart = Chart("days", "Days", "By month.", MONTHS, [Series("Median", values)], is_stacked=False)
    (line,) = chart.lines
    assert [len(piece.split()) for piece in line.pieces] == [2, 2]
    assert len(line.points) == 5


@pytest.mark.parametrize(
    ("most", "end"),
    [(0, 4), (3, 4), (4, 4), (5, 8), (9, 20), (41, 80), (81, 200), (100_000, 200_000)],
)
def test_the_scale_ends_at_a_round_number(most: int, end: int) -> None:
    assert round_up(most) == end
    assert end % 4 == 0


def test_nothing_is_drawn_outside_and_without_a_colour_or_style() -> None:
    svg = drawn(stacked([7, 3, *NOTHING[1:]], [90_000, *NOTHING], [1] * 12))
    assert svg.findall(".//{*}rect")
    for mark in svg.iter("rect"):
        assert 0 <= float(mark.get("x")) <= WIDTH
        assert 0 <= float(mark.get("y")) <= HEIGHT
    for element in svg.iter():
        assert "style" not in element.attrib
        colours = {element.get("fill", "none"), element.get("stroke", "none")}
        assert all(c in {"none", "currentColor"} or c.startswith("url(#intake-") for c in colours)


def test_the_picture_has_a_name_and_the_table_all_of_its_numbers() -> None:
    chart = stacked([3, *NOTHING], [1234, *NOTHING])
    page = render_to_string("admin/chart.html", {"chart": chart})
    svg = drawn(chart)
    assert svg.get("aria-labelledby") == "intake-title intake-desc"
    assert svg.find("title").text == "Received"
    assert '<tr><th scope="row">Month 0</th><td>3</td><td>1234</td></tr>' in page
    assert page.count('<th scope="row">') == 12


def test_a_line_of_noughts_is_drawn_and_a_pile_of_them_is_not() -> None:
    at_once: list[float | None] = [None] * 11 + [0]
    days = Chart("days", "Days", "By month.", MONTHS, [Series("Half", at_once)], is_stacked=False)
    assert not days.is_empty
    assert len(days.lines[0].points) == 1
    assert stacked([0] * 12).is_empty
