"""The form that gives a case to somebody, and rules that do."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance import vocabularies
from organizations.forms.assignment import AssignForm
from organizations.models import User
from submissions import permissions
from submissions.models import AssignmentRule, Kind, Submission
from submissions.workload import colleagues


def assign_form(user: User, submission: Submission, reviewers: Iterable[User]) -> AssignForm | None:
    """To whom of its reviewers this person may give the case; None where they may not."""
    if not permissions.can_assign(user, submission):
        return None
    initial = {"person": submission.assignee_id or user.pk}
    return AssignForm(initial=initial, reviewers=reviewers)


class RuleForm(forms.ModelForm[AssignmentRule]):
    """A rule; each column can be left open."""

    region = forms.ChoiceField(label=_("Region"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    partner_category = forms.ChoiceField(label=_("Partner category"), required=False)

    class Meta:
        model = AssignmentRule
        fields = ("region", "kind", "partner_category", "person", "order")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("region", vocabularies.choices("region")),
            ("kind", Kind.choices),
            ("partner_category", vocabularies.choices("partner-category")),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", _("All")), *choices]
        people = self.fields["person"]
        if isinstance(people, forms.ModelChoiceField):
            people.queryset = colleagues()
