"""Subscribing to the news, and choosing what to hear of."""

from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance import vocabularies
from alliance.crispy import Actions, Button, Folded, Helper
from alliance.widgets import FastCheckboxes
from organizations.spam import Guard, GuardedForm


class ChoicesForm(forms.Form):
    """What the owner of a subscription wants to hear of; the link in the mail is the proof."""

    themes = forms.MultipleChoiceField(
        label=_("Themes"),
        help_text=_("Choose none to hear of all themes."),
        choices=partial(vocabularies.choices, "theme"),
        required=False,
        widget=FastCheckboxes(attrs={"class": "two"}),
    )
    regions = forms.MultipleChoiceField(
        label=_("Regions"),
        help_text=_("Choose none to hear of all regions."),
        choices=partial(vocabularies.choices, "region"),
        required=False,
        widget=FastCheckboxes(attrs={"class": "two"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = Helper("themes", "regions", Actions(Button(_("Save"))))


class SubscribeForm(ChoicesForm, GuardedForm):
    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        help_text=_("We send a link to this address. The subscription begins when you follow it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = Helper(
            Guard(),
            "email",
            Folded(_("Choose themes and regions"), "themes", "regions"),
            Actions(Button(_("Subscribe"))),
        )
        self.helper.render_hidden_fields = False  # the guard draws its own
