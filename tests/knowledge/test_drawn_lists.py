"""Lists that Python draws look as the components of the pages do."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test.html import Element, parse_html

from alliance import vocabularies
from alliance.browsing import facets
from alliance.browsing.facets import FacetBox, Option
from knowledge.pages import entries
from knowledge.pages.entries import Entry


def parsed(name: str, context: dict[str, Any]) -> Element:
    return parse_html(render_to_string(f"components/{name}.html", context))


@pytest.mark.parametrize("text", ["It rains & <pours>.", ""])
@pytest.mark.parametrize("codes", [["sdg-03", "sdg-13"], []])
@pytest.mark.django_db
def test_lines_of_the_list_are_drawn_as_the_component_draws_them(
    text: str, codes: list[str]
) -> None:
    line = Entry(
        pk=1,
        url="/library/1-rain/",
        title='Rain & "<wind>"',
        language="en",
        meta=["Norec & Co", "2019", "English, French"],
        text=text,
        goals=[goal for code in codes if (goal := vocabularies.term("sdg", code))],
    )
    assert len(line.goals) == len(codes)
    context = {name: getattr(line, name) for name in ("url", "title", "meta", "text", "goals")}
    assert parse_html(entries.drawn([line], {}, "", "")) == parsed("entry", context)


@pytest.mark.parametrize("is_open", [True, False])
def test_facets_are_drawn_as_the_component_draws_them(is_open: bool) -> None:
    options = [
        Option("a&b", "A & <b>", 3, chosen=True),
        Option("c", "C", 0, chosen=False),
    ]
    box = FacetBox("publisher", "Publisher & series", options, is_open)
    context = {name: getattr(box, name) for name in ("name", "title", "options", "open")}
    assert parse_html(facets.drawn([box])) == parsed("facet", context)
