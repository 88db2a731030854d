import re
import sys
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from alliance import words
from alliance.words import MaxWordsValidator, WordsField, count_words

SCRIPT = settings.BASE_DIR / "static/js/words.js"
# The characters about which Python and JavaScript disagree, and the neighbours of every range.
EDGES = "\x1c\x1d\x1e\x1f\x85\ufeff\u200b\u200c\u3000\u2028 \n\t" + "".join(
    chr(int(point, 16) + step)
    for table in (words.SPACE, words.SINGLE, words.UNSPACED)
    for point in re.findall(r"[0-9a-f]+", table)
    for step in (-1, 0, 1)
)
BEYOND_EVERY_TABLE = 0x40100
characters = st.sampled_from(EDGES) | st.characters(exclude_categories=["Cs"])


@pytest.fixture
def counting_page(page: Page) -> Page:
    page.add_script_tag(path=SCRIPT)
    return page


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        (" \n\t ", 0),
        ("one", 1),
        ("one  two\nthree", 3),
        ("don't stop – now", 4),
        ("South-South", 1),
        ("one\u00a0two\u2003three\u3000four", 4),
        ("one\x1ctwo\x85three\ufefffour\u200bfive", 5),
        ("می\u200cخواهیم", 1),
        ("南南合作", 4),
        ("ひらがな", 4),
        ("ｶﾅ", 2),
        ("我们有3个UN项目", 8),
        ("南，北", 3),
        ("𠀀𠀁", 2),
        ("한국 협력", 2),
        ("ความ", 2),
        ("สวัสดี ครับ", 4),
        ("ລາວ", 1),
        ("ខ្មែរ", 2),
        ("ไทยUN", 2),
        ("👩🏽‍🔬 👍", 2),
    ],
)
def test_words_are_counted_in_every_script(text: str, number: int) -> None:
    assert count_words(text) == number


def test_page_and_server_hold_the_same_tables() -> None:
    script = SCRIPT.read_text(encoding="utf-8")
    tables = dict(re.findall(r'^const ([A-Z]+) = "([^"]+)";$', script, re.MULTILINE))
    python_strips = {c for c in map(chr, range(sys.maxunicode + 1)) if c.isspace()}
    assert tables.pop("EDGE") == _ranges(python_strips)
    assert tables == {
        "SPACE": words.SPACE,
        "SINGLE": words.SINGLE,
        "UNSPACED": words.UNSPACED,
    }


def _ranges(found: set[str]) -> str:
    """Characters as the tables write them: hexadecimal, runs as first-last."""
    runs: list[list[int]] = []
    for point in sorted(map(ord, found)):
        if runs and runs[-1][-1] == point - 1:
            runs[-1] = [runs[-1][0], point]
        else:
            runs.append([point])
    return " ".join("-".join(f"{point:x}" for point in run) for run in runs)


def test_page_and_server_agree_on_every_character(counting_page: Page) -> None:
    # Four in a row between letters: 1 for a letter, 2 for a space, 6 for an ideograph, 4 in Thai.
    counted_there = counting_page.evaluate(
        """end => {
            let counts = "";
            for (let point = 0; point < end; point++) {
                if (point < 0xD800 || point > 0xDFFF) {
                    counts += countWords(`a${String.fromCodePoint(point).repeat(4)}a`);
                }
            }
            return counts;
        }""",
        BEYOND_EVERY_TABLE,
    )
    points = [point for point in range(BEYOND_EVERY_TABLE) if not 0xD800 <= point <= 0xDFFF]
    counted_here = "".join(str(count_words(f"a{chr(point) * 4}a")) for point in points)
    assert set(counted_here) == set("1246")
    assert counted_there == counted_here


# What people paste: several scripts, marks that join or hide, emoji, and the tags of a web page.
PIECES = st.sampled_from(
    [
        "South-South",
        "l’Alliance",
        "3.5%",
        "南南合作",
        "カタカナ",
        "ひらがな",
        "ｶﾅ",
        "한국 협력",
        "التعاون",
        "می\u200cخواهیم",
        "\u202bعربي\u202c",
        "ความร่วมมือ",
        "ລາວ",
        "កម្ពុជា",
        "हिन्दी",
        "አማርኛ",
        "👩🏽‍🔬",
        "🇲🇼🇿🇲",
        "e\u0301",
        "𠀀𠀁",
        "<p>word</p>",
        "<br>",
        "&nbsp;",
        '<a href="x y">',
        "https://example.org/a-b?c=d",
        "•",
        "–",
        "…",
        "，",
        "。",
        "\ufeff",
        "\u00ad",
    ]
) | st.text(characters, max_size=8)
GAPS = st.sampled_from(
    ["", " ", "  ", "\n", "\r\n", "\r", "\t", "\u00a0", "\u3000", "\u2028", "\x1c", "\u200b", ", "]
)
prose = st.lists(st.tuples(PIECES, GAPS), max_size=30).map(
    lambda parts: "".join(piece + gap for piece, gap in parts)
)
with_a_browser = hypothesis_settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@with_a_browser
@given(texts=st.lists(st.text(characters, max_size=60) | prose, min_size=20, max_size=40))
def test_page_and_server_agree_on_every_text(counting_page: Page, texts: list[str]) -> None:
    counted = counting_page.evaluate(
        "texts => texts.map(text => [countWords(text), countCharacters(text)])", texts
    )
    assert counted == [[count_words(text), len(text.strip())] for text in texts]


@with_a_browser
@given(text=prose)
def test_a_text_counts_the_same_after_its_way_through_a_form(
    counting_page: Page, text: str
) -> None:
    """A browser makes one kind of line break of three, and sends another."""
    typed, sent = counting_page.evaluate(
        """async text => {
            const form = document.createElement("form");
            form.append(Object.assign(document.createElement("textarea"), { name: "text", value: text }));
            const sent = await (await new Response(new FormData(form)).formData()).get("text");
            return [countWords(form.elements.text.value), sent];
        }""",
        text,
    )
    assert typed == count_words(sent)


@pytest.mark.parametrize("text", ["one two three", "南南合", "ความรู้ดี"])
def test_text_at_the_limit_is_accepted(text: str) -> None:
    MaxWordsValidator(3)(text)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("one two three four", "Please shorten this by 1 word."),
        ("one two three four five", "Please shorten this by 2 words."),
        ("南南合作 UN", "Please shorten this by 2 words."),
    ],
)
def test_text_over_the_limit_says_by_how_much(text: str, complaint: str) -> None:
    with pytest.raises(ValidationError) as refused:
        MaxWordsValidator(3)(text)
    assert refused.value.messages == [complaint]


def test_validator_can_stand_in_a_migration() -> None:
    path, arguments, named = _deconstruct(MaxWordsValidator(150))
    assert (path, arguments, named) == ("alliance.words.MaxWordsValidator", (150,), {})
    assert MaxWordsValidator(150) == MaxWordsValidator(150)
    assert MaxWordsValidator(150) != MaxWordsValidator(200)
    assert MaxWordsValidator(150) != 150
    assert len({MaxWordsValidator(150), MaxWordsValidator(150)}) == 1


def _deconstruct(validator: Any) -> tuple[str, tuple[int, ...], dict[str, Any]]:
    result: tuple[str, tuple[int, ...], dict[str, Any]] = validator.deconstruct()
    return result


def test_field_of_words_tells_its_limit_to_the_page() -> None:
    class LetterForm(forms.Form):
        letter = WordsField(max_words=3, max_length=40)

    form = LetterForm({"letter": "one two three four"})
    assert form.errors == {"letter": ["Please shorten this by 1 word."]}
    assert form.fields["letter"].widget.attrs["data-max-words"] == 3
    assert form.fields["letter"].widget.attrs["maxlength"] == "40"
