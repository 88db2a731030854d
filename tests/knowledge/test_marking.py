"""Words that are looked for, marked in a text."""

import pytest

from knowledge.marking import marked, sought


def mark(text: str, query: str) -> str:
    return str(marked(text, sought(query)))


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        (
            "An exchange, exchanges.",
            "EXCHANGE",
            "An <mark>exchange</mark>, <mark>exchanges</mark>.",
        ),
        ("interchange", "change", "interchange"),
        ("São Tomé", "sao tome", "<mark>São</mark> <mark>Tomé</mark>"),
        ("Sa\u0303o", "são", "<mark>Sa\u0303o</mark>"),
        ("The of\ufb01ce", "office", "The <mark>of\ufb01ce</mark>"),
        ("a < b & mark", "mark", "a &lt; b &amp; <mark>mark</mark>"),
        ("rain and wind", '"rain and"', "<mark>rain</mark> <mark>and</mark> wind"),
        ("rain or wind", "rain or -wind", "<mark>rain</mark> or wind"),
        ("中国的南南合作经验", "南南合作", "中国的<mark>南南合作</mark>经验"),
        ("nothing", "", "nothing"),
        ("a.b (c)", ".* ( [", "a.b (c)"),
    ],
)
def test_words_are_marked_and_the_rest_is_escaped(text: str, query: str, shown: str) -> None:
    assert mark(text, query) == shown


def test_hostile_words_take_no_time() -> None:
    words = " ".join(["a" * 25] * 8)
    assert "<mark>" not in mark("a " * 50_000, words)
