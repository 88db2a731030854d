"""The form with which anybody saves a search of the library."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from alliance.crispy import Actions, Button, Helper
from knowledge.alert_search import spelled
from knowledge.forms import LibraryForm
from knowledge.models import Alert
from organizations.spam import Guard, GuardedForm

LONGEST_SEARCH = 2000


def search_in(query_string: str) -> str:
    """What the address of a list asks for, spelled in one way; its sorting does not count."""
    return spelled(LibraryForm(QueryDict(query_string[:LONGEST_SEARCH])).query())


class AlertForm(GuardedForm):
    search = forms.CharField(required=False, max_length=LONGEST_SEARCH, widget=forms.HiddenInput)
    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        help_text=_("We send a link to this address. The alert begins when you follow it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    frequency = forms.ChoiceField(
        label=_("How often"),
        choices=Alert.Frequency.choices,
        initial=Alert.Frequency.WEEK,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = Helper(
            Guard(), "search", "email", "frequency", Actions(Button(_("Send me the link")))
        )
        self.helper.render_hidden_fields = False  # the guard draws its own

    def clean_search(self) -> str:
        return search_in(self.cleaned_data["search"])
