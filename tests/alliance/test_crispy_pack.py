"""How the crispy pack draws fields. The HTML is compared as a tree, so that spaces do not count."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.test.html import Element, parse_html
from django.utils.translation import gettext_lazy

from alliance.crispy import Actions, Button, Group, Helper, Pair, Section
from alliance.widgets import (
    DescribedRadios,
    FastSelect,
    FastSelectMultiple,
    SdgPicker,
    StatementCheckbox,
)
from alliance.words import WordsField

GOALS = [("sdg-04", "Quality Education"), ("sdg-17", "Partnerships for the Goals")]
REQUIRED = '<span class="req" aria-hidden="true">*</span>'
REQUIRED_GROUP = f'{REQUIRED}<span class="vh"> (required)</span>'


def draw(field: forms.Field, data: dict[str, Any] | None = None) -> str:
    """One field, drawn alone; with data it has been sent."""
    form_class: type[forms.Form] = type("DrawnForm", (forms.Form,), {"answer": field})
    template = Template("{% load crispy_forms_filters %}{{ form.answer|as_crispy_field }}")
    return template.render(Context({"form": form_class(data)}))


def draw_form(form: forms.Form) -> str:
    return Template("{% load crispy_forms_tags %}{% crispy form %}").render(Context({"form": form}))


def same(html: str, expected: str) -> bool:
    return bool(parse_html(html) == parse_html(expected))


def elements(html: str, matches: Callable[[Element], bool]) -> list[Element]:
    """Every element of some HTML that fits, in its order."""
    found: list[Element] = []

    def walk(element: Any) -> None:
        if isinstance(element, Element):
            if matches(element):
                found.append(element)
            for child in element.children:
                walk(child)

    walk(parse_html(f"<div>{html}</div>"))
    return found


def named(html: str, name: str) -> list[dict[str, str | None]]:
    """The attributes of every element of that name."""
    return [dict(element.attributes) for element in elements(html, lambda e: e.name == name)]


def test_field_has_label_hint_and_control() -> None:
    html = draw(
        forms.URLField(label="6. Website", help_text="We add https://.", assume_scheme="https")
    )
    assert same(
        html,
        f"""
        <div class="field">
          <label for="id_answer">6. Website {REQUIRED}</label>
          <div class="hint" id="id_answer-hint">We add https://.</div>
          <input type="url" name="answer" id="id_answer" required
                 aria-describedby="id_answer-hint">
        </div>""",
    )


def test_optional_field_has_no_star() -> None:
    html = draw(forms.EmailField(label="Email", required=False))
    assert same(
        html,
        """
        <div class="field">
          <label for="id_answer">Email</label>
          <input type="email" name="answer" id="id_answer" maxlength="320">
        </div>""",
    )


def test_wrong_answer_is_kept_and_its_error_stands_before_the_control() -> None:
    html = draw(forms.EmailField(label="Email", help_text="Your login."), {"answer": "t.mbewe@"})
    assert same(
        html,
        f"""
        <div class="field bad">
          <label for="id_answer">Email {REQUIRED}</label>
          <div class="hint" id="id_answer-hint">Your login.</div>
          <p class="error" id="id_answer-error"><span class="vh">Error: </span>Please give an
            email address, as in name@example.org.</p>
          <input type="email" name="answer" value="t.mbewe@" id="id_answer" maxlength="320"
                 required aria-invalid="true" aria-describedby="id_answer-hint id_answer-error">
        </div>""",
    )


def test_hint_is_escaped_unless_it_says_that_it_is_markup() -> None:
    assert "&lt;b&gt;" in draw(forms.CharField(help_text="<b>"))


def test_hidden_field_is_drawn_without_a_label() -> None:
    html = draw(forms.CharField(widget=forms.HiddenInput))
    assert same(html, '<input type="hidden" name="answer" id="id_answer">')


def test_words_are_counted_beside_the_field() -> None:
    html = draw(WordsField(label="Message", max_words=2), {"answer": "one two three"})
    (count,) = elements(html, lambda e: ("id", "id_answer-count") in e.attributes)
    assert dict(count.attributes) == {
        "class": "count over",
        "id": "id_answer-count",
        "data-total": "{n} of 2 words",
        "data-left": "{n} left",
        "data-over": "{n} too many",
        "data-limit": "2",
    }
    assert [str(child) for child in count.children] == [
        "<span>\n3 of 2 words\n</span>",
        "<span>\n1 too many\n</span>",
    ]
    (control,) = named(html, "textarea")
    assert control["aria-describedby"] == "id_answer-error id_answer-count"
    assert control["data-max-words"] == "2"


def test_characters_are_counted_instead_of_cut_off() -> None:
    html = draw(forms.CharField(max_length=150), {"answer": "  Grace 𠀀 "})
    (control,) = named(html, "input")
    assert "maxlength" not in control
    assert control["data-max-characters"] == "150"
    assert "7 of 150 characters" in html
    assert "143 left" in html


def test_choices_are_a_group_with_a_legend() -> None:
    widget = DescribedRadios(descriptions={"b": "Small print"})
    html = draw(forms.ChoiceField(label="Stage", choices=[("a", "A"), ("b", "B")], widget=widget))
    assert same(
        html,
        f"""
        <fieldset class="field">
          <legend>Stage {REQUIRED_GROUP}</legend>
          <div class="choices">
            <label class="choice"><input type="radio" name="answer" value="a" id="id_answer_0"
              required><span>A</span></label>
            <label class="choice"><input type="radio" name="answer" value="b" id="id_answer_1"
              required><span>B <small>Small print</small></span></label>
          </div>
        </fieldset>""",
    )


def test_limit_of_choices_stands_on_the_group() -> None:
    widget = forms.CheckboxSelectMultiple(attrs={"class": "two", "data-max-choices": 3})
    field = forms.MultipleChoiceField(
        label="Themes", choices=[("a", "A"), ("b", "B")], widget=widget, help_text="Up to three."
    )
    html = draw(field, {"answer": ["b"]})
    (group,) = named(html, "fieldset")
    assert group == {
        "class": "field",
        "aria-describedby": "id_answer-hint id_answer-count",
        "data-max-choices": "3",
    }
    assert named(html, "input") == [
        {"type": "checkbox", "name": "answer", "value": "a", "id": "id_answer_0"},
        {"type": "checkbox", "name": "answer", "value": "b", "id": "id_answer_1", "checked": None},
    ]
    assert "choices two" in html
    assert "1 of 3 chosen" in html


def test_goals_are_tiles() -> None:
    field = forms.MultipleChoiceField(label="SDG", choices=GOALS, widget=SdgPicker, required=False)
    html = draw(field, {"answer": ["sdg-17"]})
    assert same(
        html,
        """
        <fieldset class="field">
          <legend>SDG</legend>
          <div class="sdg-picker">
            <label class="tile" data-sdg="4"><input type="checkbox" name="answer" value="sdg-04"
              id="id_answer_0"><b>4</b><span>Quality Education</span></label>
            <label class="tile" data-sdg="17"><input type="checkbox" name="answer" value="sdg-17"
              id="id_answer_1" checked><b>17</b><span>Partnerships for the Goals</span></label>
          </div>
        </fieldset>""",
    )


def test_single_tick_stands_before_its_words() -> None:
    html = draw(forms.BooleanField(label="Remember me", required=False, help_text="30 days."))
    assert same(
        html,
        """
        <div class="field">
          <label class="choice"><input type="checkbox" name="answer" id="id_answer"
            aria-describedby="id_answer-hint"><span>Remember me
            <small id="id_answer-hint">30 days.</small></span></label>
        </div>""",
    )


def test_statement_is_read_with_its_label() -> None:
    field = forms.BooleanField(label="Due Diligence", widget=StatementCheckbox("I agree."))
    html = draw(field, {})
    assert same(
        html,
        f"""
        <div class="field bad">
          <p class="label" id="id_answer-label">Due Diligence {REQUIRED}</p>
          <p class="error" id="id_answer-error"><span class="vh">Error: </span>Please tick this
            box.</p>
          <label class="choice"><input type="checkbox" name="answer" id="id_answer" required
            aria-invalid="true" aria-describedby="id_answer-error"
            aria-labelledby="id_answer-label id_answer-statement"><span
            id="id_answer-statement">I agree.</span></label>
        </div>""",
    )


def test_password_leaves_room_for_its_button() -> None:
    html = draw(forms.CharField(label="Password", widget=forms.PasswordInput))
    assert named(html, "div")[2] == {
        "class": "with",
        "data-show": "Show",
        "data-hide": "Hide",
        "data-what": "password",
    }


def test_file_that_is_held_is_named_and_can_be_removed() -> None:
    held = SimpleNamespace(name="logo <1>.png", size=2048, token="signed")
    html = Template('{% include "alliance/widgets/held_file.html" %}').render(
        Context({"widget": {"name": "logo", "type": "file", "held": held, "attrs": {"id": "id"}}})
    )
    assert "logo &lt;1&gt;.png" in html
    assert "2.0\xa0KB, kept" in html
    assert named(html, "input") == [
        {"type": "checkbox", "name": "logo-remove", "value": "1"},
        {"type": "hidden", "name": "logo-held", "value": "signed"},
        {"type": "file", "name": "logo", "id": "id"},
    ]


class LetterForm(forms.Form):
    first = forms.CharField(label="1. First:")
    stage = forms.ChoiceField(label="Stage", choices=[("a", "A")], widget=forms.RadioSelect)
    token = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = Helper(
            Section("You & we", Pair("first"), css_id="you", hint="A hint.", required=True),
            Group("More", "stage"),
            Actions(Button("Send"), Button("Save", name="save", style="quiet")),
        )

    def clean(self) -> None:
        raise forms.ValidationError("Somebody else sent this <form>.")


def links(html: str) -> list[tuple[str | None, str]]:
    return [
        (dict(link.attributes)["href"], "".join(map(str, link.children)).strip())
        for link in elements(html, lambda e: e.name == "a")
    ]


def test_summary_names_every_error_and_leads_to_its_field() -> None:
    html = draw_form(LetterForm({}))
    (summary,) = elements(html, lambda e: ("role", "alert") in e.attributes)
    assert dict(summary.attributes) == {"class": "errors", "role": "alert", "tabindex": "-1"}
    assert "4 answers need another look" in html
    assert links(html) == [
        ("#id_first", "1. First: Please fill this in."),
        ("#id_stage_0", "Stage: Please choose one."),
    ]
    lines = [li.strip() for li in html.split("<li>")[1:]]
    assert lines[0].startswith("Somebody else sent this &lt;form&gt;.</li>")
    ids = {attributes.get("id") for attributes in named(html, "input")}
    assert {"id_first", "id_stage_0"} <= ids


def test_summary_counts_one_error_as_one() -> None:
    class OneForm(forms.Form):
        first = forms.CharField()

    html = Template("{% load crispy_forms_filters %}{{ form|crispy }}").render(
        Context({"form": OneForm({})})
    )
    assert "One answer needs another look" in html


def test_summary_of_what_no_answer_is_to_blame_for_asks_for_no_other_answer() -> None:
    class TiredForm(forms.Form):
        def clean(self) -> None:
            raise forms.ValidationError("Please wait three seconds.")

    html = draw_form(TiredForm({}))
    assert "This did not work" in html
    assert "Please wait three seconds." in html
    assert "another look" not in html


def test_form_without_errors_has_no_summary() -> None:
    assert "errors" not in draw_form(LetterForm())


def test_form_is_sent_without_the_browsers_own_checks() -> None:
    context = Context({"form": LetterForm(), "csrf_token": "secret"})
    html = Template("{% load crispy_forms_tags %}{% crispy form %}").render(context)
    (form,) = named(html, "form")
    assert form == {"class": "column", "method": "post", "novalidate": None}
    assert {"type": "hidden", "name": "csrfmiddlewaretoken", "value": "secret"} in named(
        html, "input"
    )
    assert {"type": "hidden", "name": "token", "id": "id_token"} in named(html, "input")


def test_section_group_and_buttons_stand_as_the_layout_says() -> None:
    html = draw_form(LetterForm())
    assert named(html, "section") == [
        {"class": "block", "id": "you", "aria-labelledby": "you-title"}
    ]
    assert '<h2 id="you-title">You &amp; we' in html
    assert '<h3 class="group">More</h3>' in html
    assert named(html, "button") == [
        {"class": "btn"},
        {"class": "btn quiet", "name": "save", "value": "1"},
    ]


def test_form_without_its_tag_carries_no_token() -> None:
    form = LetterForm()
    form.helper = Helper("first", "stage", form_tag=False)
    context = Context({"form": form, "csrf_token": "secret"})
    html = Template("{% load crispy_forms_tags %}{% crispy form %}").render(context)
    assert named(html, "form") == []
    assert "secret" not in html


def test_form_without_a_layout_shows_its_fields_in_order() -> None:
    html = Template("{% load crispy_forms_filters %}{{ form|crispy }}").render(
        Context({"form": LetterForm()})
    )
    assert [attributes.get("name") for attributes in named(html, "input")] == [
        "first",
        "stage",
        "token",
    ]


CHOICES = [("", "Choose"), ("Africa", [("MW", "Malawi"), ("CI", "Côte d'Ivoire")]), (7, "<Seven>")]


@pytest.mark.parametrize("value", [None, "", "MW", 7, "7", "absent"])
def test_fast_select_writes_what_djangos_select_writes(value: Any) -> None:
    attrs = {"id": "id_country", "required": True, "hidden": False}
    fast = FastSelect(choices=CHOICES).render("country", value, attrs)
    assert same(fast, forms.Select(choices=CHOICES).render("country", value, attrs))


@pytest.mark.parametrize("value", [None, [], ["MW", 7]])
def test_fast_select_of_several_writes_what_djangos_writes(value: Any) -> None:
    fast = FastSelectMultiple(choices=CHOICES).render("country", value)
    assert same(fast, forms.SelectMultiple(choices=CHOICES).render("country", value))


def test_fast_select_follows_choices_that_change() -> None:
    widget = FastSelect(choices=[("a", gettext_lazy("Yes"))])
    assert '<option value="a" selected>Yes</option>' in widget.render("x", "a")
    widget.choices = [("a", "No")]
    assert '<option value="a" selected>No</option>' in widget.render("x", "a")
