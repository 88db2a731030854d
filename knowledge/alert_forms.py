"""The form with which anybody saves a search of the library."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.crispy import Actions, Button, Helper
from knowledge.alert_search import LONGEST_SEARCH
from knowledge.models import Alert
from organizations.spam import Guard, GuardedForm


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
