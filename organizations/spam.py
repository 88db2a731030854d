"""What keeps machines out of the forms that anyone may send.

A field that people neither see nor reach, which machines fill in; and a signed ticket that says
when the form was opened, because nobody fills one in within three seconds. Neither needs a
script. Whoever is stopped by mistake is told so, loses nothing and gets through by sending again.
"""

from datetime import timedelta
from math import ceil
from typing import Any

from crispy_forms.layout import LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.utils.crypto import get_random_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance import turned_away
from alliance.limits import Limit, client_address, take

SHORTEST_TIME = timedelta(seconds=3)
LONGEST_TIME = timedelta(hours=24)

_signer = TimestampSigner(salt="organizations.spam", sep=".")


def new_ticket() -> str:
    """A signed random name for one opening of a form, with the time."""
    return _signer.sign(get_random_string(22))


def may_send(limit: Limit, request: HttpRequest, form: forms.Form) -> bool:
    """Whether this network address may send once more; if not, the form says how long to wait."""
    wait = take(limit, client_address(request))
    if wait:
        minutes = ceil(wait / 60)
        form.add_error(
            None,
            ngettext(
                "Too much was sent from your network. Please try again in %(minutes)d minute.",
                "Too much was sent from your network. Please try again in %(minutes)d minutes.",
                minutes,
            )
            % {"minutes": minutes},
        )
    return not wait


class GuardedForm(forms.Form):
    """A form with the trap and the ticket; its layout holds a `Guard()`."""

    trap = forms.CharField(required=False, widget=forms.HiddenInput)
    ticket = forms.CharField(required=False, widget=forms.HiddenInput)

    # A form that asks for a password takes longer ones: what is typed there is not shown again.
    longest_time = LONGEST_TIME
    # The random name on the ticket; the same for every click on one opened form.
    ticket_name = ""
    # The ticket that the page carries: the one that came, or a new one where that is of no use.
    shown_ticket = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.shown_ticket = new_ticket()

    def full_clean(self) -> None:
        """Refuse what a machine seems to send; not a word of it while other answers are wrong."""
        super().full_clean()
        problem = self._problem() if self.is_bound else None
        if problem and not self.errors:
            self.add_error(None, problem)

    def _problem(self) -> str | None:
        return self._read_ticket() or self._look_into_trap()

    def _look_into_trap(self) -> str | None:
        if not self.cleaned_data.get("trap"):
            return None
        turned_away.note("form", "trap")
        return _(
            "A field that people do not see was filled in. We have emptied it: please send the "
            "form once more."
        )

    def _read_ticket(self) -> str | None:
        ticket: str = self.cleaned_data.get("ticket", "")
        try:
            self.ticket_name = _signer.unsign(ticket, max_age=self.longest_time)
        except BadSignature as error:
            turned_away.note_signature("form", error)
            self.shown_ticket = new_ticket()
            return _("This page was open for very long. Please send the form once more.")
        self.shown_ticket = ticket
        if _is_fresh(ticket):
            turned_away.note("form", "too quick")
            return _(
                "That was very quick. Please wait three seconds, then send the form once more."
            )
        return None


def _is_fresh(ticket: str) -> bool:
    try:
        _signer.unsign(ticket, max_age=SHORTEST_TIME)
    except SignatureExpired:
        return False
    return True


class Guard(LayoutObject):
    """The two controls; what was caught in the trap is never shown again."""

    def render(
        self, form: GuardedForm, context: Context, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        return render_to_string("organizations/guard.html", {"ticket": form.shown_ticket})
