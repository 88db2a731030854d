"""The language that nobody speaks: longer, accented, with every place for a value as it was."""

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils.translation import get_language_bidi, gettext, ngettext, override, pgettext

from alliance.local import pseudo

TEXTS = [
    "Send",
    "%(count)d of %(total)s reports",
    'Read <a href="{address}">how it works</a> &amp; begin',
    "100 %% of %s",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_grows_by_two_fifths_and_keeps_its_places(text: str) -> None:
    changed = pseudo.pseudo(text)
    places = pseudo._NO_WORDS.findall(text)
    assert pseudo._NO_WORDS.findall(changed) == places
    words = len(text) - sum(map(len, places))
    assert len(changed) == len(text) + 2 + round(0.4 * words)
    assert not set(pseudo._PLAIN) & set(pseudo._NO_WORDS.sub("", changed))


@pytest.mark.parametrize("text", ["", "12", "%(count)d", "{name}: %s", "<br>"])
def test_what_has_no_word_stays_as_it_is(text: str) -> None:
    assert pseudo.pseudo(text) == text


@pytest.mark.parametrize(("language", "from_right"), [("en-xa", False), ("ar-xb", True)])
def test_gettext_answers_in_it(language: str, from_right: bool) -> None:
    with override_settings(LANGUAGES=[(language, "Long")]):
        pseudo.speak(language)
        with override(language):
            assert gettext("Reports") == "[Ŕéþöŕţš ŵî]"
            assert pgettext("a month", "May") == "[Ṁàý ]"
            assert ngettext("%(n)d day", "%(n)d days", 3) % {"n": 3} == "[3 ðàýš ŵ]"
            assert get_language_bidi() is from_right


def test_the_portal_speaks_it_only_when_asked() -> None:
    assert settings.PSEUDO_LANGUAGE == ""
    assert settings.LANGUAGES == [("en", "English")]
    assert gettext("Reports") == "Reports"
