"""Forms about who works on what: give a case, declare a conflict, be away."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.choices import offer
from alliance.reasons import ReasonField
from alliance.widgets import FastSelect
from organizations import permissions
from organizations.models import Absence, DueDiligence, User
from organizations.reviewers import described, reviewers


class _ColleagueForm(forms.Form):
    """A form with reviewers to choose from, each with what is on the desk already."""

    person = forms.ChoiceField(
        widget=FastSelect,
        error_messages={
            "invalid_choice": _("This person cannot take it. Choose from the list."),
            "required": _("Choose a colleague."),
        },
    )
    nobody = _("Choose")

    def __init__(self, *args: Any, reviewers: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reviewers = {str(reviewer.pk): reviewer for reviewer in reviewers}
        offer(
            self,
            "person",
            [("", self.nobody), *((pk, described(row)) for pk, row in self.reviewers.items())],
        )

    def chosen(self) -> User | None:
        return self.reviewers.get(self.cleaned_data["person"])


class AssignForm(_ColleagueForm):
    """Whose case it is from now on; nobody's where nothing is chosen."""

    nobody = _("Nobody")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].required = False
        self.fields["person"].label = _("Give it to")


def assign_form(user: User, cycle: DueDiligence) -> AssignForm | None:
    """To whom this person may give the due diligence; None where they may not."""
    if not permissions.can_assign_cycle(user, cycle):
        return None
    initial = {"person": cycle.assignee_id or user.pk}
    return AssignForm(initial=initial, reviewers=reviewers(cycle.organization))


class HandOverForm(_ColleagueForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].label = _("Colleague")

    def colleague(self) -> User:
        """The chosen one. Raises KeyError where the form was not checked."""
        return self.reviewers[self.cleaned_data["person"]]


class ConflictForm(forms.Form):
    reason = ReasonField(
        label=_("What is your interest?"),
        help_text=_("For example: a relative works there. Senior reviewers read it, nobody else."),
    )


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Choose a day, as in 2026-12-04.")},
    )


class AbsenceForm(forms.Form):
    """The first and the last day away; both empty when somebody is back."""

    starts_on = _day(_("Away from"))
    ends_on = _day(_("Away until"))

    def clean(self) -> dict[str, Any]:
        super().clean()
        starts: date | None = self.cleaned_data.get("starts_on")
        ends: date | None = self.cleaned_data.get("ends_on")
        if self.errors:
            return self.cleaned_data
        if bool(starts) != bool(ends):
            self.add_error("ends_on" if starts else "starts_on", _("Give both days, or neither."))
        elif starts and ends and ends < starts:
            self.add_error("ends_on", _("The last day cannot be before the first."))
        elif ends and ends < timezone.localdate():
            self.add_error("ends_on", _("This day is over."))
        return self.cleaned_data

    @classmethod
    def of(cls, absence: Absence | None) -> "AbsenceForm":
        """As it stands now; what is over is not shown."""
        if absence is None or absence.is_over:
            return cls()
        return cls(initial={"starts_on": absence.starts_on, "ends_on": absence.ends_on})
