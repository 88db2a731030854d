"""What a member answers to a question of due diligence."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.crispy import Actions, Button, Helper, MadeFor
from alliance.fields import TextField


class AnswerForm(forms.Form):
    answer = TextField(
        label=_("Your answer"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write your answer.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = Helper("answer", MadeFor(), Actions(Button(_("Send the answer"))))
