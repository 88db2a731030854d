"""What reviewers send from the queue: chosen cases, and views to keep."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from organizations.models import User
from submissions.models import SavedView
from submissions.queue.asked import Asked

MOST_AT_ONCE = 200


class _NumbersField(forms.Field):
    """The numbers of the chosen rows; what is no number is left out, as no person typed it."""

    widget = forms.MultipleHiddenInput
    default_error_messages = {"required": _("Choose cases in the list first.")}

    def to_python(self, value: Iterable[str] | None) -> list[int]:
        typed = dict.fromkeys(value or [])
        return [int(one) for one in typed if one.isdecimal() and len(one) < 16][:MOST_AT_ONCE]


class _StateField(forms.CharField):
    """The state of the list, read as an address is: nothing else comes back out of it."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, max_length=4000)

    def clean(self, value: Any) -> str:
        return Asked.read(QueryDict(super().clean(value))).query()


class BulkForm(forms.Form):
    """The chosen cases, and the list to come back to."""

    case = _NumbersField()
    view = _StateField()


class BulkAssignForm(BulkForm):
    to = forms.ModelChoiceField(
        User.objects.none(), error_messages={"required": _("Choose who gets the cases.")}
    )

    def __init__(self, *args: Any, colleagues: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The stubs know a field of any form, not that this one chooses a row.
        self.fields["to"].queryset = colleagues  # type: ignore[attr-defined]


class ViewForm(forms.ModelForm[SavedView]):
    """A name for the state of the list."""

    view = _StateField()

    class Meta:
        model = SavedView
        fields = ["name"]
