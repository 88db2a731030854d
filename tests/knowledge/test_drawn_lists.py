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


@pytest.mark.parametrize(("is_open", "opened"), [(True, " open"), (False, "")])
def test_facets_are_boxes_to_tick_and_nothing_of_their_labels_is_markup(
    is_open: bool, opened: str
) -> None:
    options = [Option("a&b", "A & <b>", 3, chosen=True), Option("c", "C", None, chosen=False)]
    box = FacetBox("publisher", "Publisher & series", options, is_open)
    assert facets.drawn([box]) == (
        f'<details class="facet"{opened}><summary>Publisher &amp; series</summary>'
        '<label class="choice"><input type="checkbox" name="publisher" value="a&amp;b" checked>'
        '<span>A &amp; &lt;b&gt;</span><span class="n">3</span></label>'
        '<label class="choice"><input type="checkbox" name="publisher" value="c">'
        "<span>C</span></label></details>"
    )
