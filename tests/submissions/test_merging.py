"""Two versions of a form in one, answer by answer."""

import pytest

from submissions.merging import base_of, merge, shown_first
from submissions.typed import Typed

NAMES = ("outcomes", "themes")


def test_what_only_one_of_two_touched_is_theirs() -> None:
    base = base_of({"outcomes": ["One"], "themes": ["youth"]})
    mine: Typed = {"outcomes": ["Mine"], "themes": ["youth"]}
    theirs: Typed = {"outcomes": ["One"], "themes": ["water"]}
    merged = merge(mine, theirs, base, NAMES)
    assert merged.typed == {"outcomes": ["Mine"], "themes": ["water"]}
    assert merged.differing == []


def test_what_both_touched_is_named_and_stays_mine() -> None:
    base = base_of({"outcomes": ["One"]})
    merged = merge({"outcomes": ["Mine"]}, {"outcomes": ["Theirs"]}, base, NAMES)
    assert merged.typed == {"outcomes": ["Mine"]}
    assert merged.differing == ["outcomes"]


def test_an_answer_that_was_emptied_or_begun_counts_as_touched() -> None:
    base = base_of({"outcomes": ["One"]})
    merged = merge({"themes": ["youth"]}, {"outcomes": ["Theirs"], "themes": []}, base, NAMES)
    assert merged.differing == ["outcomes"]
    assert merged.typed == {"themes": ["youth"]}


def test_a_page_of_a_form_without_answers_tells_so() -> None:
    merged = merge({}, {"outcomes": ["Theirs"]}, base_of({}), NAMES)
    assert (merged.typed, merged.differing) == ({"outcomes": ["Theirs"]}, [])


@pytest.mark.parametrize("base", ["", "nonsense", "outcomes:0", "\0"])
def test_without_a_base_every_difference_is_to_be_decided(base: str) -> None:
    merged = merge({"outcomes": ["Mine"]}, {"outcomes": ["Theirs"]}, base, NAMES)
    assert merged.differing == ["outcomes"]


def test_ends_of_lines_and_the_order_of_boxes_are_no_difference() -> None:
    mine: Typed = {"outcomes": ["One\r\ntwo"], "themes": ["youth", "water"]}
    theirs: Typed = {"outcomes": ["One\ntwo"], "themes": ["water", "youth"]}
    assert merge(mine, theirs, "", NAMES).differing == []


def test_what_a_form_begins_with_is_what_a_browser_posts_of_it() -> None:
    initial = {
        "outcomes": "One",
        "themes": ["youth"],
        "confirmed": True,
        "other": False,
        "no": None,
    }
    assert shown_first(initial) == {
        "outcomes": ["One"],
        "themes": ["youth"],
        "confirmed": ["on"],
        "other": [],
        "no": [],
    }
