"""Fields are drawn once as long as nobody answers them, and never show what is out of date."""

from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client
from django.utils.safestring import SafeString

from alliance import drawing
from alliance.models import Term
from alliance.widgets import FastCheckboxes, FastSelect, SdgPicker, StatementCheckbox
from alliance.words import WordsField
from submissions.forms import FORMS
from submissions.models import Kind

FIELDS: dict[str, forms.Field] = {
    "text": forms.CharField(max_length=20, label="Name", help_text="In full."),
    "long": forms.CharField(widget=forms.Textarea, required=False),
    "words": WordsField(max_words=2, label="Why"),
    "email": forms.EmailField(help_text="Of the institution."),
    "secret": forms.CharField(widget=forms.PasswordInput),
    "tick": forms.BooleanField(label="Remember me"),
    "statement": forms.BooleanField(widget=StatementCheckbox("We agree.")),
    "one": forms.ChoiceField(choices=[("a", "Ahorn"), ("b", "Birke")], widget=FastSelect),
    "many": forms.MultipleChoiceField(choices=[("a", "Ahorn")], widget=FastCheckboxes),
    "goals": forms.MultipleChoiceField(choices=[("sdg-07", "Energy")], widget=SdgPicker),
}


class _Form(forms.Form):
    drawn_from = "one state of the lists"


def form(fields: dict[str, forms.Field], *args: Any, **kwargs: Any) -> forms.Form:
    """A form of always the same class, which is part of what a field is known by."""
    made = _Form(*args, **kwargs)
    made.fields |= fields
    return made


def drawn(field: forms.Field, *args: Any, **kwargs: Any) -> str:
    return drawing.draw_field(form({"answer": field}, *args, **kwargs)["answer"])


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("initial", [None, "", "a", '<b>"two" & more</b> words', ["a"], False])
def test_the_kept_html_is_what_would_be_drawn(name: str, initial: Any) -> None:
    bound = form({name: FIELDS[name]}, initial={name: initial})[name]
    afresh = render_to_string("alliance/field.html", {"field": bound})
    assert [drawing.draw_field(bound) for _time in range(2)] == [afresh, afresh]


def test_a_tick_is_drawn_as_it_is_set() -> None:
    for initial, marks in ((None, 0), (True, 1), (False, 0), ("on", 1), (True, 1)):
        html = drawn(forms.BooleanField(label="Tick"), initial={"answer": initial})
        assert html.count(" checked") == marks, initial
        assert ('value="on"' in html) == (initial == "on")


def test_an_untouched_field_is_kept_once() -> None:
    drawn(forms.CharField(label="Kept once"))
    before = len(drawing._kept)
    assert "Kept once" in drawn(forms.CharField(label="Kept once"))
    assert len(drawing._kept) == before


@pytest.mark.parametrize(
    "change",
    [
        {"label": "Other"},
        {"help_text": "Other"},
        {"required": False},
        {"disabled": True},
        {"max_length": 7},
        {"widget": forms.EmailInput},
        {"widget": forms.TextInput(attrs={"autocomplete": "name"})},
    ],
)
def test_whatever_is_changed_is_drawn(change: dict[str, Any]) -> None:
    assert drawn(forms.CharField(label="Name")) != drawn(
        forms.CharField(**{"label": "Name", **change})
    )


def test_text_is_told_from_html_of_the_same_letters() -> None:
    assert "<b>Bold</b>" in drawn(forms.CharField(help_text=SafeString("<b>Bold</b>")))
    assert "&lt;b&gt;Bold&lt;/b&gt;" in drawn(forms.CharField(help_text="<b>Bold</b>"))


def test_nothing_that_a_person_typed_is_kept() -> None:
    field = forms.CharField(max_length=8)
    assert "Thandiwe" in drawn(field, initial={"answer": "Thandiwe"})
    assert "Thandiwe M" in drawn(field, {"answer": "Thandiwe M"})
    assert "Ahorn" in drawn(FIELDS["one"], initial={"answer": "Thandiwe"})
    assert not [row for row in drawing._kept.items() if "Thandiwe" in str(row)]


def test_a_field_of_text_is_kept_once_whatever_its_answer() -> None:
    field = WordsField(max_words=3, label="Kept beside its answers")
    drawn(field, initial={"answer": "one"})
    before = len(drawing._kept)
    over = drawn(field, initial={"answer": "one two three four"})
    assert 'class="count over"' in over
    assert "<span>4 of 3 words</span><span>1 too many</span>" in over
    within = drawn(field, initial={"answer": "one two"})
    assert 'class="count"' in within
    assert "<span>2 of 3 words</span><span>1 left</span>" in within
    assert len(drawing._kept) == before


def test_choices_are_kept_only_where_the_form_names_their_state() -> None:
    class Plain(forms.Form):
        answer = forms.ChoiceField(choices=[("a", "Ahorn")], widget=FastSelect)

    before = len(drawing._kept)
    assert "Ahorn" in drawing.draw_field(Plain()["answer"])
    assert len(drawing._kept) == before


def test_a_full_store_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "MOST_KEPT", 2)
    for number in range(5):
        assert f"Field {number}" in drawn(forms.CharField(label=f"Field {number}"))
        assert len(drawing._kept) <= 2


@pytest.mark.django_db
@pytest.mark.parametrize("kind", Kind)
def test_what_staff_change_in_a_list_shows_with_the_next_page(client: Client, kind: str) -> None:
    vocabulary = "declaration" if kind == Kind.EXPRESSION_OF_INTEREST else "theme"
    term = Term.objects.filter(vocabulary=vocabulary).earliest("order")
    address = {"eoi": "/apply/blank/", "demand": "/demands/blank/", "offer": "/offers/blank/"}[kind]
    assert term.label_en in client.get(address).content.decode()
    Term.objects.filter(pk=term.pk).update(label_en="Worded anew by the secretariat")
    page = client.get(address).content.decode()
    assert "Worded anew by the secretariat" in page
    assert term.label_en not in page


@pytest.mark.django_db
def test_statements_are_shown_by_category_and_with_what_was_ticked() -> None:
    def declaration(**initial: Any) -> str:
        page = Template("{% load crispy_forms_tags %}{% crispy form %}")
        html = page.render(Context({"form": FORMS["eoi"](initial=initial)}))
        return html.partition("data-declaration")[2]

    first = Term.objects.filter(vocabulary="declaration").earliest("order")
    state, company = (declaration(partner_category=code) for code in ("government", "other"))
    assert state.count(" hidden>") > company.count(" hidden>")
    ticked = declaration(partner_category="government", **{f"confirm_{first.code}": True})
    assert (state.count(" checked"), ticked.count(" checked")) == (0, 1)
    assert declaration(partner_category="government") == state
