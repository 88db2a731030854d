"""The letters of due diligence: what was found, and when it no longer holds."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.emails import queue_mail
from alliance.text import Text
from organizations import workflow
from organizations.due_diligence.explanations import explain
from organizations.emails.members import owners_of
from organizations.models import DueDiligence

# The states that are written home about.
SUBJECTS: dict[str, Text] = {
    workflow.CLEARED: _("Your institution is confirmed"),
    workflow.CLEARED_WITH_CONDITIONS: _("Your institution is confirmed, with conditions"),
    workflow.NOT_CLEARED: _("Your institution could not be confirmed"),
    workflow.SUSPENDED: _("The confirmation of your institution is suspended"),
    workflow.EXPIRED: _("The confirmation of your institution has expired"),
}


def finding(cycle: DueDiligence) -> None:
    """To the owners: the state in words, and what the secretariat has written for them.

    Of what the checks have found it says no more than that: reasons stay with the secretariat.
    """
    context = {
        "subject": SUBJECTS[cycle.status],
        "organization": cycle.organization,
        "explanation": explain(cycle),
        "words": cycle.words if cycle.status != workflow.EXPIRED else "",
        "valid_until": cycle.valid_until if cycle.is_cleared else None,
        "ask_again": settings.SITE_URL + reverse("connect")
        if cycle.status == workflow.NOT_CLEARED
        else "",
        "link": settings.SITE_URL + reverse("organization"),
    }
    for owner in owners_of(cycle.organization):
        queue_mail("organization_finding", owner.email, {"user": owner, **context}, about=cycle)
