"""What reviewers fill in beside a case."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance import vocabularies
from alliance.choices import offer
from alliance.fields import TextField
from alliance.models import Term
from alliance.reasons import ReasonField
from alliance.text import Text
from alliance.widgets import FastSelect
from organizations.models import User
from submissions.mentions import named_in


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "vLargeTextField"})


class DecisionForm(forms.Form):
    """A decision with its reason, an explanation for the file, and the letter."""

    outcome = forms.ChoiceField(label=_("Decision"), widget=FastSelect)
    reason_code = forms.ChoiceField(label=_("Reason"), widget=FastSelect)
    explanation = ReasonField(
        label=_("Explanation for the file"), help_text=_("Read by staff only.")
    )
    letter = forms.CharField(
        label=_("Letter to the applicant"),
        help_text=_("Left empty, the usual letter is drafted; you can edit it before publishing."),
        max_length=20_000,
        required=False,
        widget=_area(8),
    )

    def __init__(self, *args: Any, outcomes: Sequence[tuple[str, Text]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = vocabularies.choices("decision-reason")
        offer(self, "outcome", [("", _("Choose")), *outcomes])
        offer(self, "reason_code", [("", _("Choose")), *reasons])

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        is_complete = cleaned.get("outcome") and cleaned.get("reason_code")
        if is_complete and cleaned["outcome"] not in self.reason().data["outcomes"]:
            self.add_error("reason_code", _("This reason does not fit the decision."))
        return cleaned

    def reason(self) -> Term:
        """The chosen reason. Raises LookupError where the form was not checked."""
        term = vocabularies.term("decision-reason", self.cleaned_data["reason_code"])
        if term is None:
            raise LookupError(self.cleaned_data["reason_code"])
        return term


class LetterForm(forms.Form):
    letter = forms.CharField(
        label=_("Letter to the applicant"), max_length=20_000, widget=_area(12)
    )


class PublishForm(forms.Form):
    """The mark of the letters that were read, as the page with them carries it."""

    read = forms.RegexField(r"\A[0-9a-f]{32}\Z", widget=forms.HiddenInput)


class EmptyForm(forms.Form):
    """A button alone."""


class NoteForm(forms.Form):
    """A word for colleagues; those named in it with an `@` are told, as those who are ticked."""

    text = TextField(
        label=_("Note"),
        help_text=_("The applicant never sees it. Write @ and a name to tell a colleague."),
        max_length=5000,
        widget=_area(3),
    )
    tell = forms.MultipleChoiceField(
        label=_("Tell"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        offer(self, "tell", [(str(person.pk), str(person)) for person in people])

    def told(self) -> list[User]:
        """Ticked or named, in the order of their names; ask only where the form is valid."""
        named = {person.pk for person in named_in(self.cleaned_data["text"], self.people)}
        ticked = set(self.cleaned_data["tell"])
        return [person for person in self.people if person.pk in named or str(person.pk) in ticked]


class StepForm(forms.Form):
    reason = ReasonField()
