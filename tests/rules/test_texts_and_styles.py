"""What the sources of pages must hold to: every word can be translated, every sheet mirrored."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from alliance.staticfiles import BUNDLES, bundle, tightened

TEMPLATES = settings.BASE_DIR / "templates"
SHEETS = settings.BASE_DIR / "static" / "css"
# Shown to builders in local mode only, in English.
FOR_BUILDERS = ("style.html", "style/", "alliance/local/")

# Words that are the same in every language.
NAMES = {
    *("UNOSSC", "UNOSSC Alliance", "UNOSSC/UNDP", "Copyright © UNOSSC/UNDP"),
    *("APA", "Chicago", "BibTeX", "RIS, CSL-JSON", "DOI", "ISBN", "PDF", "UTC"),
}

_UNSEEN = re.compile(
    r"\{#.*?#\}"
    r"|\{% comment\b.*?\{% endcomment %\}"
    r"|\{% blocktranslate\b.*?\{% endblocktranslate %\}"
    r"|\{% block (?:bodyclass|coltype) %\}.*?\{% endblock\b.*?%\}"
    r"|<!--.*?-->|<!DOCTYPE[^>]*>"
    r"|<(?:script|style|svg)\b.*?</(?:script|style|svg)>",
    re.DOTALL,
)
_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_ELEMENT = re.compile(r"<[^>]*>")
_SPOKEN_ATTRIBUTE = re.compile(r'\b(?:aria-label|alt|title|placeholder|summary)="([^"]*)"')
_SPOKEN_FILTER = re.compile(r"""\|(?:default|default_if_none|yesno|pluralize):["']([^"']*)["']""")
_SPOKEN_ARGUMENT = re.compile(
    r"""\b(?:title|text|label|heading|hint|message|action_label)=["']([^"']+)["']"""
)
_ENTITY = re.compile(r"&#?\w+;")
_LETTERS = re.compile(r"[^\W\d_]{2}")


def bare_texts(source: str) -> list[str]:
    """What a template says in one language alone."""
    source = _UNSEEN.sub("\0", source)
    tags = _TAG.findall(source)
    found = [text for tag in tags for text in _SPOKEN_FILTER.findall(tag)]
    found += [text for tag in tags if "{%" in tag for text in _SPOKEN_ARGUMENT.findall(tag)]
    markup = _TAG.sub("\0", source)
    found += _SPOKEN_ATTRIBUTE.findall(markup)
    found += _ELEMENT.sub("\0", markup).split("\0")
    texts = (_ENTITY.sub(" ", text).strip(" \n–—-·:,.()/") for text in found)
    return [text for text in texts if _LETTERS.search(text) and text not in NAMES]


def templates() -> list[Path]:
    found = sorted(path for ending in ("html", "txt") for path in TEMPLATES.rglob(f"*.{ending}"))
    return [path for path in found if not str(path.relative_to(TEMPLATES)).startswith(FOR_BUILDERS)]


def test_every_word_of_the_templates_can_be_translated() -> None:
    found = {
        str(path.relative_to(TEMPLATES)): texts
        for path in templates()
        if (texts := bare_texts(path.read_text()))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        "<p>Send it</p>",
        '<p>{% translate "Send it" %} now</p>',
        '<button aria-label="Close">×</button>',
        "{{ name|default:'nobody' }}",
        '{% include "components/empty.html" with title="Nothing yet" only %}',
    ],
)
def test_a_word_that_cannot_be_translated_is_found(source: str) -> None:
    assert len(bare_texts(source)) == 1


def declarations(path: Path) -> list[tuple[str, str]]:
    """Properties with their values, in lower case."""
    source = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL).lower()
    found = re.findall(r"(?<=[{;])\s*([a-z-]+)\s*:\s*([^;{}]+)(?=[;}])", source)
    return [(name, value.strip()) for name, value in found]


_SIDE = re.compile(r"\b(?:left|right)\b")
_FOUR_SIDES = re.compile(r"^(?:margin|padding|inset|border-(?:width|style|color))$")
# What takes `left` and `right` as a value; elsewhere they may be part of a picture or a name.
_SIDED_VALUES = {"text-align", "float", "clear", "caption-side", "justify-content", "justify-self"}


def is_one_sided(name: str, value: str) -> bool:
    """Whether a declaration says left or right, where it should say start or end."""
    if _SIDE.search(name.replace("-", " ")):
        return True
    if name in _SIDED_VALUES and _SIDE.search(value):
        return True
    sides = re.sub(r"\([^()]*(?:\([^()]*\)[^()]*)*\)", "", value).split()
    return bool(_FOUR_SIDES.match(name)) and len(sides) == 4 and sides[1] != sides[3]


@pytest.mark.parametrize("sheet", sorted(SHEETS.glob("*.css")), ids=lambda sheet: sheet.name)
def test_sheets_say_start_and_end_instead_of_left_and_right(sheet: Path) -> None:
    found = declarations(sheet)
    assert [f"{name}: {value}" for name, value in found if is_one_sided(name, value)] == []
    assert len(found) > 5


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("margin-left", "1px"),
        ("border-top-right-radius", "2px"),
        ("left", "0"),
        ("text-align", "right"),
        ("padding", "0 1px 0 2px"),
    ],
)
def test_a_left_or_right_is_found(name: str, value: str) -> None:
    assert is_one_sided(name, value)


def test_the_public_sheet_is_at_most_30_kilobytes() -> None:
    assert 0 < len(bundle("css/site.css").encode()) <= 30_000


def test_the_admin_needs_at_most_10_kilobytes_more() -> None:
    shared = set(BUNDLES["css/site.css"]) & set(BUNDLES["css/secretariat.css"])
    assert shared
    known = "".join((SHEETS.parent / name).read_text() for name in sorted(shared))
    more = len(bundle("css/secretariat.css").encode()) - len(tightened(known).encode())
    assert 0 < more <= 10_000
