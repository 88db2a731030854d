"""Who belongs to an organization: inviting, joining, answering."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.crispy import Actions, Button, Helper, Pair
from alliance.fields import TextField
from organizations.actions.registration import Person
from organizations.forms.registration import (
    NEW_PASSWORD_HINT,
    NameFields,
    check_new_password,
    new_password_field,
)
from organizations.models import Invitation, JoinRequest, Membership, User

# What each role may, in the words of the list from which an owner chooses.
ROLES = [
    (Membership.Role.READER, _("Reader: sees everything, changes nothing")),
    (Membership.Role.EDITOR, _("Editor: profile, drafts, submitting")),
    (Membership.Role.OWNER, _("Owner: all of it, members included")),
]
MESSAGE_LENGTH = 1000


def _function_field() -> forms.CharField:
    return TextField(
        label=_("Function / role"),
        max_length=150,
        help_text=_("For instance: South-South cooperation focal point."),
        widget=forms.TextInput(attrs={"list": "functions", "autocomplete": "organization-title"}),
    )


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        help_text=_("Of your colleague. We send a link to it that is valid for seven days."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=ROLES, initial=Membership.Role.EDITOR, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = Helper("email", "role", Actions(Button(_("Send the invitation"))))


class RoleForm(forms.Form):
    """A role alone, as in a line of the list of members."""

    role = forms.ChoiceField(choices=Membership.Role.choices)


class FunctionForm(forms.Form):
    """What somebody who has an account is asked when they accept an invitation."""

    function = _function_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = Helper("function", Actions(Button(_("Accept the invitation"))))


class NewPasswordForm(forms.Form):
    """A first password for an account that others have made; `person` is whose it is."""

    password1 = new_password_field(_("Password"), NEW_PASSWORD_HINT)
    password2 = new_password_field(_("Confirm Password"))

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = Person(
            email=person.email,
            first_name=person.first_name,
            last_name=person.last_name,
            function="",
        )
        self.helper = Helper("password1", "password2", Actions(Button(_("Set the password"))))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        check_new_password(self, data, self.owner, "")
        return data


class InvitedPersonForm(NameFields):
    """The account of somebody who was invited: the person alone, the institution is known."""

    function = _function_field()
    password1 = new_password_field(_("Password"), NEW_PASSWORD_HINT)
    password2 = new_password_field(_("Confirm Password"))

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        self.helper = Helper(
            Pair("first_name", "last_name"),
            "function",
            "password1",
            "password2",
            Actions(Button(_("Register and join"))),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        check_new_password(self, data, self.person, self.invitation.organization.name)
        return data

    @property
    def person(self) -> Person:
        """Whose account it will be; the address is the invited one."""
        data = self.cleaned_data
        return Person(
            email=self.invitation.email,
            first_name=data.get("first_name", ""),
            last_name=data.get("last_name", ""),
            function=data.get("function", ""),
        )


class JoinForm(forms.Form):
    """Asking to be let in."""

    name = TextField(
        label=_("Name of institution / organization"),
        max_length=JoinRequest._meta.get_field("typed_name").max_length,
        help_text=_("As it was registered here, if you know it."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    function = _function_field()
    message = TextField(
        label=_("Short message"),
        max_length=MESSAGE_LENGTH,
        required=False,
        help_text=_("By which your colleagues recognise you."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = Helper("name", "function", "message", Actions(Button(_("Ask to be let in"))))
