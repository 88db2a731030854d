"""Choices that are known only when a form is made."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from alliance import vocabularies
from alliance.choices import choice_field, offer
from alliance.widgets import FastCheckboxes

CHOICE_ERRORS = {"invalid_choice": _("Choose one of the answers in the list.")}


class ManyField(forms.MultipleChoiceField):
    """One or more of a list, at most `max_choices` where it has such a limit."""

    widget = FastCheckboxes
    max_choices: int | None = None

    def __init__(self, **kwargs: Any) -> None:
        errors = CHOICE_ERRORS | {"required": _("Choose at least one answer.")}
        super().__init__(error_messages=errors, **kwargs)

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        over = len(set(value)) - (self.max_choices or len(value))
        if over > 0:
            raise ValidationError(
                ngettext(
                    "Choose at most %(limit)d answer: please take back %(over)d.",
                    "Choose at most %(limit)d answers: please take back %(over)d.",
                    self.max_choices or 0,
                )
                % {"limit": self.max_choices, "over": over},
                code="max_choices",
            )

    def clean(self, value: Any) -> list[str]:
        """Each choice once, in the order in which they were sent."""
        return list(dict.fromkeys(super().clean(value)))


def offer_terms(form: forms.Form, name: str, vocabulary: str) -> None:
    """Offer the terms of a vocabulary as checkboxes, with their small print and its limit."""
    offered = vocabularies.offer(vocabulary)
    field = choice_field(form, name)
    widget = field.widget
    if isinstance(widget, FastCheckboxes):
        widget.descriptions = offered.helps
    offer(form, name, offered.choices)
    most = vocabularies.vocabulary(vocabulary).max_choices
    if isinstance(field, ManyField) and most:
        field.max_choices = most
        widget.attrs["data-max-choices"] = most


def no_longer_offered(vocabulary: str, value: Any) -> list[str]:
    """What the retired terms are called among the codes that a field holds."""
    codes = value if isinstance(value, list) else [value]
    found = (vocabularies.term(vocabulary, str(code)) for code in codes)
    return [row.label for row in found if row is not None and not row.is_active]
