"""The declaration within the application form: one question for each statement that applies."""

from collections.abc import Callable, Container, Mapping, MutableMapping
from functools import lru_cache
from typing import Any, Protocol

from crispy_forms.layout import LayoutObject
from django import forms
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from alliance import vocabularies
from alliance.drawing import kept
from alliance.drawn_pages import gap
from alliance.models import Term
from alliance.text import Text
from alliance.words import WordsField
from submissions.labels import DECLARATION_TITLE
from submissions.models import DeclarationAnswer as Answer
from submissions.models import StatementAnswer

EXPLANATION_MAX_WORDS = 150

CONFIRM, CANNOT, WHY = "confirm_", "cannot_", "why_"


def confirm_name(statement: Term) -> str:
    return CONFIRM + statement.code


def cannot_name(statement: Term) -> str:
    return CANNOT + statement.code


def why_name(statement: Term) -> str:
    return WHY + statement.code


def is_must(statement: Term) -> bool:
    return statement.data["tick"] == "must"


class _Tick(forms.BooleanField):
    # The summary of errors names the section once, not twenty whole statements.
    summary_group = DECLARATION_TITLE


class _Why(WordsField):
    summary_group = DECLARATION_TITLE


def declaration_fields() -> dict[str, forms.Field]:
    """The fields of every statement, whoever it applies to: which ones count, `check` decides.

    All are in the page, so that a changed partner category needs no new page. Sixty fields are
    long to make, so forms share them: read them, do not change them.
    """
    return dict(_fields(vocabularies.stamp(), get_language()))


@lru_cache(maxsize=16)
def _fields(stamp: str, language: str | None) -> dict[str, forms.Field]:
    """The fields for one state of the statements; both arguments only tell states apart."""
    fields: dict[str, forms.Field] = {}
    for statement in vocabularies.terms("declaration"):
        fields[confirm_name(statement)] = _Tick(label=statement.label, required=False)
        if is_must(statement):
            fields[cannot_name(statement)] = _Tick(
                label=_("We cannot confirm this"), required=False
            )
            fields[why_name(statement)] = _Why(
                label=_("Please explain (max. %(limit)d words)") % {"limit": EXPLANATION_MAX_WORDS},
                max_words=EXPLANATION_MAX_WORDS,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
    return fields


def check(form: forms.Form, category: str) -> None:
    """Add an error to each statement of this category that is neither ticked nor explained.

    What was answered to one of another category counts no more: its fields are hidden.
    """
    asked = vocabularies.declaration_statements(category)
    for name in idle_names(category):
        form.errors.pop(name, None)
    for statement in asked:
        problem = _problem(form, statement)
        if problem:
            form.add_error(*problem)


def idle_names(category: str) -> frozenset[str]:
    """The fields of statements that this category is not asked."""
    asked = frozenset(row.code for row in vocabularies.declaration_statements(category))
    return _names_but_of(asked, vocabularies.stamp())


@lru_cache(maxsize=64)
def _names_but_of(asked: frozenset[str], stamp: str) -> frozenset[str]:
    """The fields of all other statements; the stamp only tells states of them apart."""
    names = {prefix + code for code in asked for prefix in (CONFIRM, CANNOT, WHY)}
    return frozenset(declaration_fields().keys() - names)


def unused_names(given: Container[str]) -> set[str]:
    """The fields to refuse and to explain, of each statement where neither is among those given."""
    unused: set[str] = set()
    for statement in filter(is_must, vocabularies.terms("declaration")):
        pair = (cannot_name(statement), why_name(statement))
        if not any(name in given for name in pair):
            unused.update(pair)
    return unused


def _problem(form: forms.Form, statement: Term) -> tuple[str, Text] | None:
    if not is_must(statement):
        return None
    confirmed = form.cleaned_data.get(confirm_name(statement))
    cannot = form.cleaned_data.get(cannot_name(statement))
    explained = form.cleaned_data.get(why_name(statement)) or why_name(statement) in form.errors
    if confirmed and cannot:
        return confirm_name(statement), _("Choose one: confirm it, or say that you cannot.")
    if cannot and not explained:
        return why_name(statement), _("Please explain why you cannot confirm this.")
    if not confirmed and not cannot:
        return confirm_name(statement), _("Confirm this, or say that you cannot and explain.")
    return None


def statement_answers(cleaned: dict[str, Any], category: str) -> list[StatementAnswer]:
    """What was answered to each statement that applies, after `check` found nothing."""
    return [
        _answer(cleaned, statement) for statement in vocabularies.declaration_statements(category)
    ]


def _answer(cleaned: dict[str, Any], statement: Term) -> StatementAnswer:
    if cleaned[confirm_name(statement)]:
        answer, explanation = Answer.CONFIRMED.value, ""
    elif is_must(statement):
        answer, explanation = Answer.CANNOT_CONFIRM.value, cleaned[why_name(statement)]
    else:
        answer, explanation = Answer.NOT_GIVEN.value, ""
    return StatementAnswer(
        statement=statement.code,
        version=statement.version,
        wording=statement.label,
        language=get_language() or "en",
        answer=answer,
        explanation=explanation,
    )


class DeclaringForm(Protocol):
    """A form that the declaration stands in, as crispy draws it."""

    rendered_fields: set[str]
    is_bound: bool
    initial: MutableMapping[str, Any]
    auto_id: bool | str
    left_open: Mapping[str, Callable[[], str]]

    @property
    def category(self) -> str: ...

    def __getitem__(self, name: str) -> forms.BoundField: ...


class Declaration(LayoutObject):
    """Draws the statements; those that do not apply to the chosen category stay hidden."""

    name = "declaration"
    template = "submissions/form_declaration.html"
    fields: list[str] = []

    def render(self, form: DeclaringForm, context: Context, **kwargs: Any) -> SafeString:
        names = declaration_fields()
        # crispy draws every field that is not among these once more, at the end of the form.
        form.rendered_fields.update(names)
        return gap(self.name) if self.name in form.left_open else self.drawn(form)

    def drawn(self, form: DeclaringForm) -> SafeString:
        """The statements as they stand in this form."""
        names = declaration_fields()
        if form.is_bound or not names.keys().isdisjoint(form.initial):
            return self._drawn(form)
        key = (self.template, vocabularies.stamp(), form.category, form.auto_id)
        return kept(key, lambda: self._drawn(form))

    def _drawn(self, form: DeclaringForm) -> SafeString:
        asked = {row.code for row in vocabularies.declaration_statements(form.category)}
        rows = [
            {
                "statement": statement,
                "asked": statement.code in asked,
                "applies_to": " ".join(statement.data["applies_to"]),
                "is_must": is_must(statement),
                "confirm": form[confirm_name(statement)],
                "cannot": form[cannot_name(statement)] if is_must(statement) else None,
                "why": form[why_name(statement)] if is_must(statement) else None,
            }
            for statement in vocabularies.terms("declaration")
        ]
        return render_to_string(self.template, {"rows": rows})
