"""Words that are looked for, marked in a text."""

import pytest

from knowledge.marking import Marker


def mark(text: str, query: str, config: str = "english") -> str:
    return str(Marker(query, config, [text]).marked(text))


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        (
            "An exchange, exchanged.",
            "EXCHANGES",
            "An <mark>exchange</mark>, <mark>exchanged</mark>.",
        ),
        ("one programme", "programs", "one <mark>programme</mark>"),
        ("interchange", "change", "interchange"),
        ("São Tomé", "sao tome", "<mark>São</mark> <mark>Tomé</mark>"),
        ("Sa\u0303o", "são", "<mark>Sa\u0303o</mark>"),
        ("The of\ufb01ce", "office", "The <mark>of\ufb01ce</mark>"),
        ("a < b & mark", "mark", "a &lt; b &amp; <mark>mark</mark>"),
        ("rain then wind", '"rain then"', "<mark>rain</mark> then wind"),
        ("rain or wind", "rain or -wind", "<mark>rain</mark> or wind"),
        ("中国的南南合作经验", "南南合作", "中国的<mark>南南合作</mark>经验"),
        ("the rain", "the", "the rain"),
        ("nothing", "", "nothing"),
        ("a.b (c) \\d", ".* ( [ \\ ' \" %s", "a.b (c) \\d"),
    ],
)
def test_words_are_marked_and_the_rest_is_escaped(text: str, query: str, shown: str) -> None:
    assert mark(text, query) == shown


def test_words_are_stemmed_by_the_language_of_the_text() -> None:
    assert mark("las políticas", "política", "spanish") == "las <mark>políticas</mark>"
    assert mark("las políticas", "política", "simple") == "las políticas"


def test_a_passage_stands_around_the_first_word_and_ends_with_whole_words() -> None:
    text = f"{'before ' * 40}the <rain> came\nlate {'after ' * 80}"
    passage = Marker("rain", "english", [text]).passage(text)
    assert passage.startswith("… before before ")
    assert "the &lt;<mark>rain</mark>&gt; came late after" in passage
    assert passage.endswith(" after …")
    assert 200 < len(passage) < 350
    assert Marker("snow", "english", ["It rained."]).passage("It rained.") == "It rained."


def test_hostile_words_take_no_time() -> None:
    assert "<mark>" not in mark("a " * 20_000, " ".join(["a" * 25] * 40))
