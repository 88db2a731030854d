"""Form fields speak in our words, whoever's form it is."""

from collections.abc import Iterator

import pytest
from django import forms
from django.core.exceptions import ValidationError

from alliance.fields import TextField
from alliance.plain_words import FIELDS, VALIDATORS
from organizations.forms.profile import NamesField

DJANGOS = ("This field is", "Ensure", "Enter a", "Select a", "Null characters", "No file was")
# Made by scripts of Django's own; nobody types into them.
NEVER_SEEN = {"ActionForm", "ManagementForm"}


def form_classes(base: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    for found in base.__subclasses__():
        yield found
        yield from form_classes(found)


def said(field: forms.Field, value: object) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        field.clean(value)
    return caught.value.messages


def test_no_form_speaks_djangos_english() -> None:
    found = {
        (form.__name__, name, str(sentence))
        for form in form_classes()
        if form.__name__ not in NEVER_SEEN
        for name, field in getattr(form, "base_fields", {}).items()
        if not isinstance(field.widget, forms.HiddenInput)
        for sentence in field.error_messages.values()
        if str(sentence).startswith(DJANGOS)
        and "http" not in str(sentence)
        and "example.org" not in str(sentence)
    }
    assert found == set()
    assert len(list(form_classes())) > 20


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        (forms.CharField(), "", "Please fill this in."),
        (forms.CharField(max_length=3), "four", "Please shorten this to 3 characters (it has 4)."),
        (
            forms.CharField(min_length=3),
            "a",
            "Please write at least 3 characters (it has 1).",
        ),
        (
            forms.CharField(),
            "a\0",
            "There is a character in this that cannot be kept. Please type it anew.",
        ),
        (forms.ChoiceField(choices=[("a", "A")]), "", "Please choose one."),
        (forms.ChoiceField(choices=[("a", "A")]), "b", "Please choose one from the list."),
        (forms.MultipleChoiceField(choices=[("a", "A")]), [], "Please choose at least one."),
        (forms.BooleanField(), False, "Please tick this box."),
        (forms.EmailField(), "a", "Please give an email address, as in name@example.org."),
        (
            forms.URLField(assume_scheme="https"),
            "a b",
            "Please give a web address, as in https://example.org.",
        ),
        (forms.IntegerField(), "a", "Please give a whole number."),
        (forms.IntegerField(min_value=2), "1", "Please give 2 or more."),
        (forms.IntegerField(max_value=2), "3", "Please give 2 or less."),
        (forms.DateField(), "a", "Please give a day, as in 2026-12-04."),
        (forms.FileField(), None, "Please choose a file."),
    ],
)
def test_field_says_what_to_do(field: forms.Field, value: object, sentence: str) -> None:
    assert said(field, value) == [sentence]


def test_sentences_are_in_the_place_of_djangos() -> None:
    for field, sentences in FIELDS.items():
        assert field.default_error_messages.items() >= sentences.items()
    for validator, sentence in VALIDATORS.items():
        assert validator.message == sentence


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u202enissim\u202c", "nissim"),
        ("\u2066Omar\u2069 Sy", "Omar Sy"),
        ("Ali\u200b Abu\ufeff\u00ad", "Ali Abu"),
        ("a\x1bb\x7f", "ab"),
        ("\U000e0041Tag", "Tag"),
        (" \u202e ", ""),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("אב\u200f (A)", "אב\u200f (A)"),
        ("two\r\nlines\tand a tab", "two\r\nlines\tand a tab"),
    ],
)
def test_text_holds_nothing_that_cannot_be_seen(typed: str, kept: str) -> None:
    assert TextField(required=False).clean(typed) == kept


def test_what_shows_nothing_is_no_name() -> None:
    assert said(TextField(), "\u202e\u202c") == ["Please fill this in."]
    assert NamesField(most=3).clean("\u202eOmar\n\u202c\nSy") == ["Omar", "Sy"]


def test_every_text_of_our_forms_is_cleaned() -> None:
    plain = {
        (form.__module__, name)
        for form in form_classes()
        if form.__module__.startswith("organizations.forms.")
        and form.__module__ != "organizations.forms.account"  # codes and passkeys, allauth's
        for name, field in getattr(form, "base_fields", {}).items()
        if type(field) is forms.CharField
        and not isinstance(field.widget, forms.PasswordInput | forms.HiddenInput)
    }
    assert plain - {("organizations.forms.connect", "about")} == set()
