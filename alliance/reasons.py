"""Reasons that people give for what they decide: a sentence, for whoever reads the file later."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.exceptions import ActionRefused
from alliance.fields import TextField
from alliance.text import Text

SHORTEST = 10  # characters that people type, white space around them left out
LONGEST = 5000
SAY_WHY = _("Say in a sentence why.")


def check_reason(text: str) -> str:
    """The reason without white space around it. Raises ActionRefused where nothing is left.

    How long it has to be, the field says to people; the portal's own reasons may be shorter.
    """
    reason = text.strip()
    if not reason:
        raise ActionRefused(SAY_WHY)
    return reason


class ReasonField(TextField):
    """A text that says why; asked for in the same words everywhere."""

    def __init__(self, *, rows: int = 3, label: Text = "", **kwargs: Any) -> None:
        super().__init__(
            label=label or _("Reason"),
            min_length=SHORTEST,
            max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": rows, "class": "vLargeTextField"}),
            error_messages=dict.fromkeys(("required", "min_length"), SAY_WHY),
            **kwargs,
        )
