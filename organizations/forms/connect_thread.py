"""What is filled in beside a Connect message: by staff, and by its sender who writes back."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from alliance.crispy import Actions, Button, Helper
from alliance.fields import TextField
from alliance.words import WordsField
from organizations.forms.connect import MESSAGE_CHARACTERS, MESSAGE_WORDS
from organizations.models import User
from organizations.spam import Guard, GuardedForm

# Far above what a thread ever holds; it fits into a column of the database.
_MOST_ANSWERS = 100_000


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "vLargeTextField"})


class AnswerForm(forms.Form):
    text = TextField(
        label=_("Your answer"),
        help_text=_("It goes to the sender, with a link by which they can write back."),
        max_length=MESSAGE_CHARACTERS,
        widget=_area(8),
    )
    # How many answers stood on the page.
    seen = forms.IntegerField(min_value=0, max_value=_MOST_ANSWERS, widget=forms.HiddenInput)


class ConnectNoteForm(forms.Form):
    text = TextField(
        label=_("Internal note"),
        help_text=_("The sender never sees it."),
        max_length=5000,
        widget=_area(3),
    )


class AssignForm(forms.Form):
    person = forms.TypedChoiceField(
        label=_("Assigned to"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, colleagues: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._colleagues = {person.pk: person for person in colleagues}
        field: Any = self.fields["person"]
        field.choices = [
            ("", _("Nobody")),
            *((pk, str(person)) for pk, person in self._colleagues.items()),
        ]

    def colleague(self) -> User | None:
        """Who was chosen on a valid form; None for nobody."""
        return self._colleagues.get(self.cleaned_data["person"])


class WriteBackForm(GuardedForm):
    """The sender's answer, on the page that the link in our mail opens."""

    text = WordsField(
        label=_("Your answer"),
        max_words=MESSAGE_WORDS,
        validators=[MaxLengthValidator(MESSAGE_CHARACTERS)],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = Helper(Guard(), "text", Actions(Button(_("Send"))))
        self.helper.render_hidden_fields = False  # the guard draws its own

    def fingerprint(self, number: int) -> str:
        """Names one opened form with one content, for the message of this number."""
        content = [str(number), self.ticket_name, self.cleaned_data["text"]]
        return sha256("\0".join(content).encode()).hexdigest()
