"""What is filled in on the page of a usual letter."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from organizations.models import User
from organizations.permissions import is_reviewer
from submissions.letters import Letter, faults
from submissions.models import Submission

LONGEST_LETTER = 10_000
# Numbers of versions and rows fit into a column of the database.
_HIGHEST = 2**31 - 1


class LetterTextForm(forms.Form):
    """The text, the version that it began with, and a case to see it with."""

    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_LETTER,
        widget=forms.Textarea(attrs={"rows": 18, "class": "vLargeTextField"}),
    )
    based_on = forms.IntegerField(min_value=1, max_value=_HIGHEST, widget=forms.HiddenInput)
    reference = forms.CharField(
        label=_("Show it with a case"),
        help_text=_("A reference number, as EOI-2026-000123; empty shows an invented case."),
        max_length=20,
        required=False,
    )

    def __init__(self, *args: Any, letter: Letter, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.letter = letter
        self.user = user
        self.case: Submission | None = None
        if not is_reviewer(user):
            del self.fields["reference"]  # administrators read no cases

    def clean_text(self) -> str:
        text = "\n".join(self.cleaned_data["text"].splitlines())
        if wrong := faults(text, self.letter):
            raise ValidationError(wrong)
        return text

    def clean_reference(self) -> str:
        reference: str = self.cleaned_data["reference"].upper()
        if reference:
            cases = Submission.objects.reviewable_by(self.user)
            self.case = (
                cases.select_related("organization", "submitted_by")
                .filter(reference=reference)
                .first()
            )
            if self.case is None:
                raise ValidationError(_("No case of yours has this reference number."))
        return reference


class BroughtBackForm(forms.Form):
    """Which version was the newest when an earlier one was asked for."""

    based_on = forms.IntegerField(min_value=1, max_value=_HIGHEST)


class CompareForm(forms.Form):
    """The version that the address asks to be compared; nothing where it makes no sense."""

    compare = forms.IntegerField(required=False, min_value=1, max_value=_HIGHEST)

    def number(self) -> int | None:
        self.full_clean()
        number: int | None = self.cleaned_data.get("compare")
        return number
